"""What a worker does beside its chats, now and then: forget what is old, set right what got stuck, note the day,
ask how bots stand."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import structlog

from interconnections.bridge import standing
from interconnections.bridge.services import Bridge
from interconnections.errors import StoreAway
from interconnections.store import board, mending, purge, script_libraries

EVERY = 30.0  # seconds

log = structlog.get_logger("bridge.worker")


class Housekeeping:
    def __init__(self, bridge: Bridge, worker: str, every: float = EVERY) -> None:
        self.bridge, self.redis, self.worker, self.every = bridge, bridge.redis, worker, every
        self._tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._again_and_again(work))
            for work in (self._purge, self._mend, self._sample, self._tidy, self._look)
        ]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _again_and_again(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(self.every * random.uniform(0.8, 1.2))
            try:
                await work()
            except StoreAway as trouble:
                log.info("not cleaned", why=str(trouble))
            except Exception:  # the next time may do better, and the chats go on meanwhile
                log.exception("cleaning stumbled", worker=self.worker)

    async def _purge(self) -> None:
        purged = await purge.purge_due(self.redis)
        if purged.gone:
            log.info("purged", interconnections=purged.gone)
        for session in purged.stuck:
            log.error("cannot be purged, tried again later", session=session)

    async def _sample(self) -> None:
        await board.sample(self.redis)

    async def _tidy(self) -> None:
        for name in await script_libraries.tidy(self.redis):
            log.info("library of functions deleted", name=name)

    async def _look(self) -> None:
        await standing.look(self.bridge)

    async def _mend(self) -> None:
        for session, cause in await mending.mend(self.redis, self.worker):
            log.warning("was stuck", session=session, cause=cause)
