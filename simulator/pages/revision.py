"""A number that grows whenever anything changed, and the bell that is rung then.

Two things make it beat: a request that may have changed something, and the bell of a chat: chats change by
themselves too, when the automatic agent answers or a visitor's time is up.  Bells are listened to only while a
page is open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, repeat

from aiohttp import web
from aiohttp.typedefs import Handler

from .. import ids
from ..bell import Bell
from ..world import World

LONG = 3600.0  # s that a listener sleeps at most before it looks around


class Pulse:
    """Which world this is, and its revision."""

    def __init__(self) -> None:
        self.world = ids.message_id("")  # a page that meets another one was left alone by a restart
        self.revision = 0
        self.stopped = False
        self.bell = Bell()
        self._pages = 0
        self._ears: dict[Bell, asyncio.Task[None]] = {}

    def changed(self) -> None:
        """Something is not as it was."""
        self.revision += 1
        self.bell.ring()

    async def after(self, revision: int, seconds: float) -> bool:
        """Wait for a later revision, or the end of everything; False when the time went by."""
        return await self.bell.until(lambda: self.stopped or self.revision > revision, seconds)

    def stop(self) -> None:
        """The server closes: nobody need wait any longer."""
        self.stopped = True
        self._deafen()
        self.bell.ring()

    @contextmanager
    def page(self, world: World) -> Iterator[None]:
        """While a page is open."""
        self._pages += 1
        self.listen(world)
        try:
            yield
        finally:
            self._pages -= 1
            if not self._pages:
                self._deafen()

    def listen(self, world: World) -> None:
        """An ear on the floor and on every chat that goes on; none on the others."""
        wanted = {world.floor.bell, *(chat.bell for chat in world.floor.chats.values() if not chat.over)}
        for bell in self._ears.keys() - wanted:
            self._ears.pop(bell).cancel()
        for bell in wanted - self._ears.keys():
            self._ears[bell] = asyncio.create_task(self._hear(bell))

    async def _hear(self, bell: Bell) -> None:
        while True:
            if await bell.until(_second_look(), LONG):
                self.changed()

    def _deafen(self) -> None:
        for ear in self._ears.values():
            ear.cancel()
        self._ears.clear()


def _second_look() -> Callable[[], bool]:
    """False at the first look, true at the next: a bell was rung in between."""
    looks = chain((False,), repeat(True))
    return lambda: next(looks)


PULSE: web.AppKey[Pulse] = web.AppKey("pulse", Pulse)
_LOOKING = ("/sim", "/pages", "/media", "/desk", "/phone", "/faults")


@web.middleware
async def noticing(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Stand before every door: the pulse beats after each request but those that only look."""
    try:
        return await handler(request)
    finally:
        if request.method != "GET" or not (request.path == "/" or request.path.startswith(_LOOKING)):
            request.app[PULSE].changed()
