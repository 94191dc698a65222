"""`/sim/reset`, `/rules`, `/faults`, `/agent`, `/platform`, `/handover`: how the worlds behave."""

from __future__ import annotations

from dataclasses import fields, replace

from aiohttp import web

from .. import switches
from ..desk.chat import Status
from ..faults import BadFault
from ..faulty import OPERATIONS
from ..live_agent import server_handover
from ..protocol_options import Json
from ..world import WORLD
from ..yalo.platform import Settings
from .request_parsing import Answer, Wrong, pick, wishes


async def reset(request: web.Request) -> Answer:
    """POST: forget chats, users, faults, rules and the agent's manner."""
    request.app[WORLD].reset()
    return {}


async def get_rules(request: web.Request) -> Answer:
    """GET: every switch as it stands."""
    return switches.shown(request.app[WORLD].rules)


async def put_rules(request: web.Request) -> Answer:
    """PUT: throw the switches that are named."""
    world = request.app[WORLD]
    try:
        switches.change(world.rules, await wishes(request, anything=True))
    except switches.BadRule as bad:
        raise Wrong(400, f"{bad}.") from bad
    world.live_agent.rules_changed()
    return switches.shown(world.rules)


async def get_faults(request: web.Request) -> Answer:
    """GET: every fault, with how often it fired."""
    return {"faults": request.app[WORLD].faults.shown()}


async def post_fault(request: web.Request) -> Answer:
    """POST: set one."""
    try:
        fault = request.app[WORLD].faults.add(await wishes(request, anything=True), OPERATIONS)
    except BadFault as bad:
        raise Wrong(400, f"{bad}.") from bad
    return {"id": fault.id}


async def delete_faults(request: web.Request) -> Answer:
    """DELETE /sim/faults or /sim/faults/{id}."""
    faults, number = request.app[WORLD].faults, request.match_info.get("id")
    if number is None:
        faults.clear()
    elif not number.isdigit() or not faults.delete(int(number)):
        raise Wrong(404, "There is no fault of this id.")
    return {}


async def get_agent(request: web.Request) -> Answer:
    """GET: the automatic agent's manner."""
    return request.app[WORLD].floor.agent.shown()


async def put_agent(request: web.Request) -> Answer:
    """PUT {"auto", "name", "answer", "delay", "accept_after"}: an agent who works by himself, or stops to."""
    floor = request.app[WORLD].floor
    body = await wishes(request, "auto", "name", "answer", "delay", "accept_after")
    if body.get("answer", "echo") not in ("echo", "story", "none"):
        raise Wrong(400, "answer is one of echo, story, none.")
    kinds = {"auto": bool, "name": str, "answer": str, "delay": float, "accept_after": float}
    manner = replace(floor.agent.manner, **{name: pick(body, name, kinds[name]) for name in body})
    floor.agent.manner = manner
    for chat in list(floor.chats.values()):
        floor.agent.queued(chat)  # who waits already is taken too
    return floor.agent.shown()


async def get_platform(request: web.Request) -> Answer:
    """GET: the platform's settings and registrations."""
    return request.app[WORLD].platform.shown()


async def put_platform(request: web.Request) -> Answer:
    """PUT: change the settings that are named; `webhook` is one URL or {"whatsapp": …, "facebook": …}."""
    platform = request.app[WORLD].platform
    body = await wishes(request, *(one.name for one in fields(Settings)))
    for name, value in body.items():
        if not _fits(name, value):
            raise Wrong(400, f"{name} cannot be {value!r}.")
    platform.settings = replace(platform.settings, **body)
    return platform.shown()


def _fits(name: str, value: object) -> bool:
    words = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    if name == "webhook":
        return value is None or isinstance(value, str) or words
    if name in ("headers", "bots", "channels"):
        return words
    if name == "dedupe":
        return isinstance(value, bool)
    nullable = name in ("signature_secret", "botrunner_token", "studio_token")
    return isinstance(value, str) or (nullable and value is None)


async def post_handover(request: web.Request) -> Answer:
    """POST {"chat": id|null}: the server of this chat, or of all that wait or talk, restarts."""
    server = request.app[WORLD].live_agent
    chat_id = pick(await wishes(request, "chat"), "chat", str, None)
    if chat_id is None:
        chats = [one for one in server.every() if one.status in (Status.WAITING, Status.ACTIVE)]
    elif (chat := server.by_id(chat_id)) is None:
        raise Wrong(404, "There is no chat of this id.")
    elif chat.over:
        raise Wrong(409, "This chat has ended.")
    else:
        chats = [chat]
    for one in chats:
        server_handover.begin(one)
    moved: Json = {"chats": [one.id for one in chats]}
    return moved


ROUTES = [
    ("POST", "/reset", reset),
    ("GET", "/rules", get_rules),
    ("PUT", "/rules", put_rules),
    ("GET", "/faults", get_faults),
    ("POST", "/faults", post_fault),
    ("DELETE", "/faults", delete_faults),
    ("DELETE", "/faults/{id}", delete_faults),
    ("GET", "/agent", get_agent),
    ("PUT", "/agent", put_agent),
    ("GET", "/platform", get_platform),
    ("PUT", "/platform", put_platform),
    ("POST", "/handover", post_handover),
]
