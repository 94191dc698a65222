"""A phone writes, and the bot in it: webhooks to the bridge, remembered with the platform's user."""

from __future__ import annotations

import asyncio
import re
import unicodedata

from aiohttp import web

from .. import ids
from ..control.request_parsing import POSTMAN, Wrong
from ..protocol_options import Json
from ..shelf import Medium
from ..world import WORLD
from ..yalo.webhooks import SHAPES, Saying
from . import bridge_client, meta_actions
from .bridge_info import STAGE
from .phones import Phone
from .revision import PULSE

GREETING = "Hola 👋, soy el bot. Escribe «agente» o pulsa el botón para hablar con una persona."
PASSING = "Claro, te paso con una persona 🤝"
WISH = re.compile(r"\b(agente|agent|asesor|humano|persona)\b")


async def write(
    app: web.Application,
    phone: Phone,
    text: str | None,
    medium: Medium | None = None,
    again: str | None = None,
    by_bot: bool = False,
) -> Json:
    """One webhook, tried once; `again` is the id of one that failed.  {"id", "status", "body"}"""
    account = app[STAGE].account_of(phone.bot)
    if account is not None:
        return await meta_actions.write(app, account, phone, text, medium, again, by_bot)
    platform = app[WORLD].platform
    url = platform.webhook(phone.provider, phone.bot)
    if url is None:
        raise Wrong(409, "No webhook is known: PUT /sim/platform, or let the bridge register one.")
    record = _record(phone, text, medium, again, by_bot)
    saying = Saying(
        user_id=phone.id,
        id=record["id"],
        timestamp=record["at"],
        text=record["text"],
        kind=record["type"],
        media=_media(phone.media.get(record["id"])),
        by_bot=by_bot,
    )
    webhook = SHAPES[phone.provider](saying, platform.settings)
    app[PULSE].changed()  # the screen shows it before it has arrived
    answer = await app[POSTMAN].deliver(url, webhook, platform.settings)
    record["answers"].append(answer["status"])
    app[PULSE].changed()
    return {"id": record["id"], "status": answer["status"], "body": answer["body"]}


def _record(phone: Phone, text: str | None, medium: Medium | None, again: str | None, by_bot: bool) -> Json:
    assert phone.user is not None
    if again is not None:
        for record in phone.user.said:
            if record["id"] == again and record["by"] == "user":
                record["answers"].clear()
                return record
        raise Wrong(404, "There is no message of this id.")
    prefix = "WA." if phone.provider == "whatsapp" else "m_"
    new: Json = {"id": ids.message_id(prefix), "text": text, "type": medium.kind if medium else "text"}
    new |= {"at": ids.now_ms(), "by": "bot" if by_bot else "user", "answers": []}
    if medium:
        phone.media[new["id"]] = medium
    phone.user.said.append(new)
    return new


def _media(medium: Medium | None) -> Json | None:
    return {"url": medium.url, "mimeType": medium.mime_type} if medium else None


async def talk(
    app: web.Application, phone: Phone, text: str | None, medium: Medium | None, again: str | None, bot: bool
) -> Json:
    """The user writes; with `bot` the bot answers, unless a human does."""
    answer = await write(app, phone, text, medium, again)
    if bot and phone.with_bot:
        if text is not None and WISH.search(_plain(text)):
            await write(app, phone, PASSING, by_bot=True)
            await ask(app, phone, {})
        else:
            await write(app, phone, GREETING, by_bot=True)
    return answer


def _plain(text: str) -> str:
    """Small letters without accents."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


async def ask(app: web.Application, phone: Phone, more: Json) -> Json:
    """The bot asks the bridge for a human: {"status", "body"}."""
    assert phone.user is not None
    facts, platform = bridge_client.known(app), app[WORLD].platform
    name = phone.name or f"User {phone.id[-4:]}"
    bot = phone.bot or facts.bot
    wish: Json = {"userID": phone.id, "name": name, "provider": phone.provider, "botSlug": bot}
    wish |= {"botId": facts.id_of(bot) or platform.settings.whatsapp_number, "phoneNumber": phone.id}
    wish |= {"email": f"{re.sub('[^a-z0-9]+', '.', _plain(name)).strip('.') or 'user'}@example.org"}
    before, phone.asked_at = phone.asked_at, len(phone.user.states)
    phone.note("The bot asks the bridge for a human …")
    app[PULSE].changed()
    try:
        answer = await bridge_client.connect(app, wish | more)
    except asyncio.CancelledError:
        phone.asked_at = before
        raise
    if answer["status"] != 200:
        phone.asked_at = before if answer["status"] != 409 else phone.asked_at  # 409: there is a chat already
        phone.note(f"The bridge said no: {_reason(answer)}", "bad")
    else:
        phone.note("The bridge opened a chat at Salesforce")
    app[PULSE].changed()
    return answer


async def finish(app: web.Application, phone: Phone) -> Json:
    """The bot ends the chat: {"status", "body"}."""
    answer = await bridge_client.finish(app, phone.id, phone.bot)
    if answer["status"] == 200:
        phone.note("The bot ended the chat")
    else:
        phone.note(f"The bridge said no: {_reason(answer)}", "bad")
    app[PULSE].changed()
    return answer


def _reason(answer: Json) -> str:
    body = answer["body"]
    words = body.get("ErrorDescription") or body.get("Message") if isinstance(body, dict) else body
    return f"{answer['status'] or 'no answer'}: {str(words or body)[:300]}"
