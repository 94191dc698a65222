"""One look at the board for all who watch it: a second apart, summed once for those who are given the same bots.

While nothing changes nobody is sent anything but a sign of life, so that many who watch cost what one does.
"""

import asyncio
import json
import time
from weakref import WeakKeyDictionary

import structlog

from interconnections.board.figures import figures
from interconnections.bridge.services import here
from interconnections.directory import Directory
from interconnections.errors import BridgeError, Unavailable
from interconnections.store.board import Look, Snapshot, look, snapshot
from interconnections.store.connection import AsyncRedis, shared

EVERY = 1.0  # seconds between two looks
ALIVE = 5.0  # seconds after which a frame is sent though nothing changed
AWAY = json.dumps({"error": "Redis does not answer"})

Scope = frozenset[str] | None
log = structlog.get_logger("bridge.board")


class Watcher:
    """What one socket is to send next: the latest frame only, however slow it is."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.frame = ""
        self.asked_again = False  # whether it may still watch
        self.news = asyncio.Event()

    def show(self, frame: str) -> None:
        self.frame = frame
        self.news.set()

    def ask_again(self) -> None:
        self.asked_again = True
        self.news.set()


class BoardWatch:
    def __init__(self, redis: AsyncRedis, directory: Directory, every: float = EVERY) -> None:
        self.redis, self.directory, self.every = redis, directory, every
        self.watchers: set[Watcher] = set()
        self.looking: asyncio.Task[None] | None = None
        self._seen: Look | None = None
        self._halted: dict[str, str] = {}
        self._sent = 0.0  # of the monotonic clock

    def join(self, scope: Scope) -> Watcher:
        """It has its first frame within a second."""
        watcher = Watcher(scope)
        self.watchers.add(watcher)
        if self.looking is None or self.looking.done():
            self._seen = None
            self.looking = asyncio.get_running_loop().create_task(self._look_on())
        return watcher

    def leave(self, watcher: Watcher) -> None:
        self.watchers.discard(watcher)

    async def _look_on(self) -> None:
        """As long as somebody watches."""
        while self.watchers:
            try:
                await self._look()
            except BridgeError as trouble:
                log.info("the board cannot be seen", why=str(trouble))
                self._all_see(AWAY)
            except Exception:  # the next look may do better
                log.exception("the board stumbled")
            await asyncio.sleep(self.every)

    async def close(self) -> None:
        self.watchers.clear()
        if self.looking:
            self.looking.cancel()
            await asyncio.gather(self.looking, return_exceptions=True)

    async def _look(self) -> None:
        before, halted_before = self._seen, self._halted
        now = await look(self.redis, before.curve if before else None)
        self._halted = await self._halted_now()
        self._seen = now
        if before and before.rights != now.rights:
            for watcher in self.watchers:
                watcher.ask_again()
        if (
            before is None
            or halted_before != self._halted
            or (before.raw, before.curve.known) != (now.raw, now.curve.known)
            or time.monotonic() - self._sent >= ALIVE
        ):
            self._sent = time.monotonic()
            self._show(snapshot(now), self.watchers)
        elif new := {watcher for watcher in self.watchers if not watcher.frame}:
            self._show(snapshot(now), new)

    async def _halted_now(self) -> dict[str, str]:
        """Bots that hand nobody over; as before where SQL does not answer."""
        try:
            bots = await self.directory.bots()
        except Unavailable:
            return self._halted
        return {slug: bot.pause_text for slug, bot in bots.items() if bot.pause_text is not None}

    def _show(self, now: Snapshot, watchers: set[Watcher]) -> None:
        frames: dict[Scope, str] = {}
        for watcher in watchers:
            if watcher.scope not in frames:
                frames[watcher.scope] = json.dumps(figures(now, watcher.scope, self._halted))
            watcher.show(frames[watcher.scope])

    def _all_see(self, frame: str) -> None:
        self._seen = None
        for watcher in self.watchers:
            if watcher.frame != frame:
                watcher.show(frame)


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, BoardWatch] = WeakKeyDictionary()


def watch_here() -> BoardWatch:
    """That of the running event loop: one a web process."""
    loop = asyncio.get_running_loop()
    found = _watches.get(loop)
    if found is None:
        found = _watches[loop] = BoardWatch(shared(), here().directory)
    return found
