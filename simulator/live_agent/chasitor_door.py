"""The POSTs of a visitor (§4.2, §7): sequenced ones, and ChasitorResyncState."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from ..protocol_options import Json, Rules
from ..shape import require
from ..world import WORLD, World
from . import headers, nouns, server_handover
from .chat import Chat
from .refusal import gone

Read = Callable[[Json, Rules], list[tuple[str, Json]]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def post(noun: str) -> Handler:
    """The door of `Chasitor/{noun}`."""

    def read(body: Json, rules: Rules) -> list[tuple[str, Json]]:
        nouns.check_body(noun, body, rules)
        return [(noun, body)]

    async def door(request: web.Request) -> web.StreamResponse:
        return await _sequenced(request, read)

    return door


async def multi_noun(request: web.Request) -> web.StreamResponse:
    """System/MultiNoun: a batch under one number."""
    return await _sequenced(request, nouns.unpack)


async def _sequenced(request: web.Request, read: Read) -> web.StreamResponse:
    """Headers, body, number, state: each may refuse.  Only what was done takes its number (§3)."""
    world, raw = request.app[WORLD], await request.read()
    chat, affinity = headers.addressed(request)
    await _under_way(chat, world.rules.post_seconds)
    if not server_handover.stores(chat, affinity):
        headers.at_home(chat, affinity)
    number = headers.sequence(request, required=world.rules.sequence_required)
    batch = read(headers.json_object(request, raw), world.rules)
    if chat.over:
        raise gone()
    if not chat.sequence.is_new(number, repeats=world.rules.duplicate_sequence):
        chat.duplicates += 1
    else:
        _perform(world, chat, batch, number)
    headers.at_home(chat, affinity)  # 503 for what was stored although the server goes away
    return _taken(world)


async def _under_way(chat: Chat, seconds: float) -> None:
    """What the server takes over a POST; a hand-over, or the session's end, answers it there and then."""
    if seconds:
        epoch = chat.epoch
        await chat.bell.until(lambda: chat.gone or chat.epoch != epoch, seconds)
        if chat.gone:
            raise gone()


def _perform(world: World, chat: Chat, batch: list[tuple[str, Json]], number: int | None) -> None:
    """All of a batch, or nothing of it: it has one number for the lot (§7)."""
    before = len(chat.heard)
    for noun, _ in batch:
        nouns.in_time(noun, chat)
    for noun, body in batch:
        if chat.over:
            break  # a ChatEnd within the batch
        nouns.perform(noun, chat, body, number)
    chat.sequence.take(number)
    if batch[0][0] == "ChasitorInit":
        world.floor.queued(chat)
    world.floor.agent.heard(chat, chat.heard[before:])


async def resync_state(request: web.Request) -> web.StreamResponse:
    """ChasitorResyncState: no sequence header, no number used (§3.2)."""
    world, raw = request.app[WORLD], await request.read()
    chat = headers.session(request)
    headers.no_sequence(request)
    server_handover.resync(chat, require(headers.json_object(request, raw), "organizationId", str))
    return _taken(world)


def _taken(world: World) -> web.Response:
    """200 `OK` was seen, 202 is documented, 204 is possible (§11)."""
    status = world.rules.post_status
    return web.Response(status=status, text="OK" if status == 200 else None)
