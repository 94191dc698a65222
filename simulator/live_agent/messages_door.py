"""System/Messages: the long poll (§5)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from .. import ids
from ..refusal import Refused
from ..world import WORLD
from . import headers, server_handover
from .chat import Chat
from .polled import Poll
from .refusal import gone, moved


async def messages(request: web.Request) -> web.StreamResponse:
    """GET ?ack=n[&pc=m]: everything after n; an empty poll is held, then 204.  `pc` is ignored."""
    chat = headers.session(request)
    headers.no_sequence(request)
    ack = headers.whole_number(request, "ack")
    if chat.polls.open:
        await _second_poll(chat)
        headers.session(request)  # the world may have changed while we looked
    rules = request.app[WORLD].rules
    with _polling(chat, _port(request)) as poll:
        chat.log.confirm(ack)
        chat.bell.ring()  # for whoever waits until it is confirmed
        epoch = chat.epoch

        def something_happened() -> bool:
            return chat.gone or chat.over or chat.epoch != epoch or chat.log.has_after(ack)

        if rules.empty_poll == "503":
            server_handover.begin(chat)
        await chat.bell.until(something_happened, rules.hold_seconds if rules.empty_poll == "held" else 0)
        if chat.gone:
            raise gone()
        if chat.epoch != epoch:
            raise moved()
        body = chat.log.answer(ack)
        if body is not None:
            chat.queue_told = chat.queue_told or chat.init is not None
            return web.json_response(body)
        if chat.over:
            raise gone()  # the last event was fetched and confirmed
        poll.how = "silent"
        if rules.empty_poll == "200":
            return web.json_response({"messages": [], "sequence": ack, "offset": 0})
        return web.Response(status=204)


async def _second_poll(chat: Chat) -> None:
    """Two polls at once: the newer gets 409 and the chat is terminated; a switch leaves it at the 409.

    A poll whose socket was just closed is no second poll; its end may reach us a moment after the next one.
    """
    if await chat.bell.until(lambda: not chat.polls.open, chat.rules.second_poll_grace):
        return
    chat.polls.double += 1
    if chat.rules.second_poll == "end":
        chat.forget("second poll")
    raise Refused(409, "Another poll is open on this session")


@contextmanager
def _polling(chat: Chat, port: int) -> Iterator[Poll]:
    """Count the poll as open; silence begins when it is no longer (§5: an unpolled session expires)."""
    poll = Poll(ids.now_ms(), port)
    chat.polled.append(poll)
    chat.polls.open += 1
    chat.polls.total += 1
    if chat.polls.total == 1:
        chat.step("Messages")
    try:
        yield poll
        poll.how = "answered" if poll.how == "open" else poll.how
    except asyncio.CancelledError:
        poll.how = "dropped"
        raise
    except Refused:
        poll.how = "refused"
        raise
    finally:
        poll.ended = ids.now_ms()
        chat.polls.open -= 1
        chat.silent_since = time.monotonic()
        chat.bell.ring()


def _port(request: web.Request) -> int:
    """By which whoever asks can tell one process of the client from another."""
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return int(peer[1]) if peer else 0
