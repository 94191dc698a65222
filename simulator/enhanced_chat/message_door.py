"""What an end user sends: messages, typing, acknowledgements (EC §4.3, §4.5, §4.6)."""

from __future__ import annotations

from aiohttp import web

from .. import ids
from ..protocol_options import Json
from ..refusal import Refused
from ..shape import objects, require
from ..world import WORLD, World
from . import bearer, said
from .conversation import Conversation
from .entries import TYPING
from .said import Said
from .token_door import MINUTE


async def message(request: web.Request) -> web.StreamResponse:
    """Call 7: 202 says that it was accepted, not that anybody has it."""
    world, grant = request.app[WORLD], bearer.granted(request)
    body = await bearer.json_body(request)
    chat = bearer.theirs(request, grant)
    bearer.named(request, grant, body)
    spoken = said.message(body, chat)
    limit(world, chat)
    return accept(world, chat, spoken)


def limit(world: World, chat: Conversation) -> None:
    """So many a minute in one conversation (EC §7)."""
    world.enhanced_chat.rates.take("messages", chat.id, world.rules.messages_per_minute, MINUTE)


def accept(world: World, chat: Conversation, spoken: Said, file: int | None = None) -> web.StreamResponse:
    """Take it, unless it was there before and the switch knows that; 202 either way."""
    if said.repeated(chat, spoken):
        known = chat.entry(spoken.id)
        at = known.client_at if known else ids.now_ms()
    else:
        at = said.take(chat, spoken, file).client_at
        world.floor.queued(chat)
        world.floor.agent.heard(chat, [spoken.words])
    answer: Json = {"conversationEntries": [{"id": spoken.id, "clientTimestamp": at}]}
    return web.json_response(answer, status=202)


async def typing(request: web.Request) -> web.StreamResponse:
    """Call 9: best effort; what it is about passes by itself."""
    world, grant = request.app[WORLD], bearer.granted(request)
    body = await bearer.json_body(request)
    chat = bearer.theirs(request, grant)
    kind = require(body, "entryType", str)
    if kind not in TYPING:
        raise Refused(400, f"entryType is one of {', '.join(sorted(TYPING))}")
    id = said.uuid4(body.get("id"), "id")
    chat.visitor_typing = kind == "TypingStartedIndicator"
    chat.bell.ring()
    if world.rules.typing_echo:
        chat.tell(kind, {}, chat.end_user, id)
    return web.Response(status=world.rules.typing_status)


async def acknowledge(request: web.Request) -> web.StreamResponse:
    """Call 10: all of them, or none."""
    world, grant = request.app[WORLD], bearer.granted(request)
    body = await bearer.json_body(request)
    chat = bearer.theirs(request, grant)
    acks = [_ack(chat, ack, f"acks[{at}].") for at, ack in enumerate(objects(require(body, "acks", list), "acks"))]
    if not acks:
        raise Refused(400, "acks is empty")
    for ack in acks:
        entry = chat.entry(ack["entry"])
        assert entry is not None
        if ack["kind"] == "Read":
            entry.read = entry.read or ack["at"]
        entry.delivered = entry.delivered or ack["at"]
    chat.acks += acks
    chat.bell.ring()
    return web.Response(status=world.rules.acks_status)


def _ack(chat: Conversation, ack: Json, where: str) -> Json:
    said.uuid4(ack.get("id"), f"{where}id")
    kind = require(ack, "entryType", str, where=where)
    if kind not in ("Delivery", "Read"):
        raise Refused(400, f"{where}entryType is Delivery or Read")
    entry = chat.entry(require(ack, "conversationEntryId", str, where=where))
    if entry is None or entry.type != "Message" or entry.sender.role == "EndUser":
        raise Refused(400, f"{where}conversationEntryId is not the id of a message to the end user")
    return {"entry": entry.id, "kind": kind, "at": ids.now_ms()}
