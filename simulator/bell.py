"""Waiting for something to become true, without looking every few milliseconds.

Whoever changes a thing rings its bell; whoever waits looks again only then.  A waiting poll costs one
future and one timer, so that many thousands can wait at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Bell:
    """Rung at every change of the thing it hangs on."""

    def __init__(self) -> None:
        self._sleepers: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Let everybody who waits here look again."""
        sleepers, self._sleepers = self._sleepers, set()
        for sleeper in sleepers:
            if not sleeper.done():
                sleeper.set_result(None)

    async def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until `holds()`; False when `seconds` went by first."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not holds():
            sleeper: asyncio.Future[None] = loop.create_future()
            self._sleepers.add(sleeper)
            try:
                async with asyncio.timeout_at(deadline):
                    await sleeper
            except TimeoutError:
                return holds()
            finally:
                self._sleepers.discard(sleeper)
        return True
