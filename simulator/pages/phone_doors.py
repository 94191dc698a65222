"""`/sim/phones` and what a phone with a bot in it does: write, ask for a human, finish."""

from __future__ import annotations

import re

from aiohttp import web

from ..control.request_parsing import Answer, Wrong, pick, wishes
from ..shelf import SHELF
from ..world import WORLD, World
from ..yalo.webhooks import SHAPES
from . import meta_actions, phone_actions
from .background import ERRANDS
from .bridge_info import STAGE
from .phones import PHONES, Phone

LONGEST = 20_000  # characters of one text


def _phone(request: web.Request, *, new: bool = True) -> Phone:
    return request.app[PHONES].phone(request.app[WORLD].platform, request.match_info["id"], new=new)


async def every(request: web.Request) -> Answer:
    """GET /sim/phones: everybody, with their last line."""
    phones = []
    for phone in request.app[PHONES].every(request.app[WORLD].platform):
        screen = phone.screen()
        phones.append(phone.shown() | {"lines": len(screen), "last": screen[-1] if screen else None})
    return {"phones": phones}


async def one(request: web.Request) -> Answer:
    """GET /sim/phones/{id}: the screen."""
    phone = _phone(request, new=False)
    at_meta = meta_actions.state(request.app, request.app[STAGE].account_of(phone.bot), phone)
    return phone.shown() | {"screen": phone.screen(_agents(request.app[WORLD], phone.name)), "at_meta": at_meta}


def _agents(world: World, name: str) -> dict[str, str]:
    """Text -> which agent wrote it to a visitor of this name."""
    chats = [chat for chat in world.floor.chats.values() if chat.visitor_name == name]
    return {line.text: line.name for chat in chats for line in chat.transcript if line.speaker == "agent"}


async def put(request: web.Request) -> Answer:
    """PUT /sim/phones/{id} {"name", "provider"?, "bot"?}: write somebody into the phone book."""
    body = await wishes(request, "name", "provider", "bot")
    if not re.fullmatch(r"[A-Za-z0-9_.-]{3,40}", request.match_info["id"]):
        raise Wrong(400, "A number is 3 to 40 digits or letters.")
    name, provider = pick(body, "name", str).strip(), pick(body, "provider", str, "whatsapp")
    if not 1 <= len(name) <= 80:
        raise Wrong(400, "name is 1 to 80 characters.")
    if provider not in SHAPES:
        raise Wrong(400, f"provider is one of {', '.join(SHAPES)}.")
    phone = _phone(request)
    phone.name, phone.provider, phone.bot = name, provider, pick(body, "bot", str, None)
    return phone.shown()


async def write(request: web.Request) -> Answer:
    """POST /sim/users/{id}/write {"text"?, "media"?: id, "again"?: message id, "bot"?: true lets the bot answer}."""
    body = await wishes(request, "text", "media", "again", "bot")
    text, again = pick(body, "text", str, None), pick(body, "again", str, None)
    media, medium = pick(body, "media", str, None), None
    if media is not None and (medium := request.app[SHELF].get(media)) is None:
        raise Wrong(404, "There is no file of this id.")
    if not (text and text.strip()) and medium is None and again is None:
        raise Wrong(400, "text is required and is a string, unless there is media or again.")
    if text is not None and len(text) > LONGEST:
        raise Wrong(400, f"text has at most {LONGEST} characters.")
    bot = pick(body, "bot", bool, False)
    errand = phone_actions.talk(request.app, _phone(request), text or None, medium, again, bot)
    return await request.app[ERRANDS].run(errand)


async def ask(request: web.Request) -> Answer:
    """POST /sim/users/{id}/ask {"name"?, "email"?, "extraData"?}: what the bridge answered, {"status", "body"}."""
    body = await wishes(request, "name", "email", "extraData")
    for name in ("name", "email"):
        pick(body, name, str, None)
    pick(body, "extraData", dict, None)
    more = {name: value for name, value in body.items() if value is not None}
    return await request.app[ERRANDS].run(phone_actions.ask(request.app, _phone(request), more))


async def finish(request: web.Request) -> Answer:
    """POST /sim/users/{id}/finish: what the bridge answered, {"status", "body"}."""
    await wishes(request)
    return await request.app[ERRANDS].run(phone_actions.finish(request.app, _phone(request)))


ROUTES = [
    ("GET", "/phones", every),
    ("GET", "/phones/{id}", one),
    ("PUT", "/phones/{id}", put),
    ("POST", "/users/{id}/write", write),
    ("POST", "/users/{id}/ask", ask),
    ("POST", "/users/{id}/finish", finish),
]
