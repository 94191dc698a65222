"""`/sim/live`: a WebSocket that says `{"world", "revision"}` whenever something changed.

It carries no news itself: a page fetches what it shows.  A WebSocket rather than server-sent events because a
browser gives all its tabs six ordinary connections to a server, and a desk, two phones and the faults are four.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import WSMsgType, web

from ..world import WORLD
from .revision import PULSE, Pulse

BREATH = 0.08  # s between two tellings: many changes become one
HEARTBEAT = 20.0  # s between pings


async def live(request: web.Request) -> web.StreamResponse:
    """GET: told at once, then after each change, until either side leaves."""
    pulse, world = request.app[PULSE], request.app[WORLD]
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT)
    await socket.prepare(request)
    with pulse.page(world):
        telling = asyncio.create_task(_tell(socket, pulse, request))
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            telling.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await telling
    return socket


async def _tell(socket: web.WebSocketResponse, pulse: Pulse, request: web.Request) -> None:
    while not pulse.stopped:
        told = pulse.revision
        pulse.listen(request.app[WORLD])  # there may be new chats
        await socket.send_json({"world": pulse.world, "revision": told})
        await asyncio.sleep(BREATH)
        while not await pulse.after(told, 3600):
            pass
    await socket.close()


def add(app: web.Application) -> None:
    """Hang the door."""
    app.router.add_route("GET", "/sim/live", live)
