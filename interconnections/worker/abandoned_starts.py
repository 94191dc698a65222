"""Starts whose starter died half-way: gone on with from their last step, a few at once."""

import asyncio

import structlog

from interconnections.bridge.connect import go_on
from interconnections.bridge.services import Bridge
from interconnections.errors import LostOwnership, Refusal, StoreAway

AT_ONCE = 8
LAST_STEP = 2.0  # seconds for what is in the middle of something when we are told to stop

log = structlog.get_logger("bridge.orphans")


class Orphans:
    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def look(self) -> None:
        """One more pair of eyes, which stay while they find something."""
        if len(self._tasks) < AT_ONCE:
            task = asyncio.get_running_loop().create_task(self._go_on())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """What is under way is left where it stands: another worker goes on with it."""
        self._closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=LAST_STEP)

    async def _go_on(self) -> None:
        found = True
        while found and not self._closed:
            try:
                found = await go_on(self.bridge)
            except Refusal as refusal:  # it ended as starts end; the bot is told by its state
                log.info("a dead start ended", why=str(refusal))
            except (LostOwnership, StoreAway) as trouble:  # we may be frozen and waking, or cut off: others go on
                log.warning("no look at dead starts", why=str(trouble))
                return
            except Exception:  # a bug in one start must not hide the others
                log.exception("a dead start stumbled")
                return
