"""`/sim/users`: being the people, and looking at their telephones."""

from __future__ import annotations

import asyncio

from aiohttp import web

from .. import ids
from ..protocol_options import Json
from ..world import WORLD
from ..yalo.webhooks import SHAPES, Saying
from . import graph_users
from .request_parsing import POSTMAN, Answer, Wrong, asked, number, pick, timeout, wishes

FIELDS = (
    "text",
    "id",
    "type",
    "timestamp",
    "repeat",
    "together",
    "media",
    "provider",
    "raw",
    "persist",
    "url",
)


async def say(request: web.Request) -> Answer:
    """POST /sim/users/{id}/say {"text", …}: the user writes; with an `account`, to a business at Meta."""
    body = await wishes(request, anything=True)
    if "account" in body:
        return await graph_users.speak(request, body)
    return await _speak(request, by_bot=False)


async def hear(request: web.Request) -> Answer:
    """POST /sim/users/{id}/hear {"text", …}: the bot writes to the user, and the platform tells it too."""
    return await _speak(request, by_bot=True)


async def _speak(request: web.Request, *, by_bot: bool) -> Answer:
    platform, user_id = request.app[WORLD].platform, request.match_info["id"]
    body = await wishes(request, *FIELDS)
    provider = pick(body, "provider", str, "whatsapp")
    if provider not in SHAPES:
        raise Wrong(400, f"provider is one of {list(SHAPES)}.")
    saying = _read(user_id, body, provider, by_bot=by_bot)
    repeat = pick(body, "repeat", int, 1)
    if not 1 <= repeat <= 1000:
        raise Wrong(400, "repeat is a whole number from 1 to 1000.")
    persist, together = pick(body, "persist", float, 0.0), pick(body, "together", bool, False)
    url = pick(body, "url", str, None) or platform.webhook(provider)
    if url is None:
        raise Wrong(409, "No webhook is known: PUT /sim/platform, or let the bridge register one.")
    webhook = pick(body, "raw", dict, None) or SHAPES[provider](saying, platform.settings)

    record: Json = {"id": saying.id, "text": saying.text, "type": saying.kind, "at": ids.now_ms()}
    record |= {"by": "bot" if by_bot else "user", "answers": []}
    platform.user(user_id).said.append(record)

    async def once() -> Json:
        answer = await request.app[POSTMAN].deliver(url, webhook, platform.settings, persist)
        record["answers"].append(answer["status"])
        return answer

    if together:
        answers = list(await asyncio.gather(*(once() for _ in range(repeat))))
    else:
        answers = [await once() for _ in range(repeat)]
    return {"id": saying.id, "answers": answers}


def _read(user_id: str, body: Json, provider: str, *, by_bot: bool) -> Saying:
    kind = pick(body, "type", str, "text")
    raw, media = body.get("raw"), pick(body, "media", dict, None)
    text = pick(body, "text", str, None)
    if text is None and media is None and raw is None:
        raise Wrong(400, "text is required and is a string, unless there is media or raw.")
    return Saying(
        user_id=user_id,
        id=pick(body, "id", str, None) or ids.message_id("WA." if provider == "whatsapp" else "m_"),
        timestamp=pick(body, "timestamp", int, None) or ids.now_ms(),
        text=text,
        kind=kind,
        media=media,
        by_bot=by_bot,
    )


async def look(request: web.Request) -> Answer:
    """GET /sim/users/{id}[?until_received=N][&until_states=N][&timeout=S]."""
    asked(request, "until_received", "until_states", "timeout")
    user = request.app[WORLD].platform.user(request.match_info["id"])
    received, states = number(request, "until_received"), number(request, "until_states")
    seconds = timeout(request)

    def so() -> bool:
        return (received is None or len(user.received) >= received) and (states is None or len(user.states) >= states)

    late = not await user.bell.until(so, seconds)
    return user.shown() | ({"timed_out": True} if late else {})


ROUTES = [
    ("GET", "/users/{id}", look),
    ("POST", "/users/{id}/say", say),
    ("POST", "/users/{id}/hear", hear),
]
