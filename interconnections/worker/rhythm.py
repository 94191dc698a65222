"""How fast a loop over a wire may turn: at once where it moves something, slower and slower where it does not."""

import asyncio

from interconnections.backoff import backoff

FREE = 3  # turns in a row that may be quick and in vain: a poll that was cut, an answer that was stored already
BASE, CAP = 0.05, 2.0  # seconds


class Rhythm:
    """A server that answers at once and says nothing must not be asked a thousand times a second."""

    def __init__(self) -> None:
        self._in_vain = 0

    def turned(self, *, moved: bool, seconds: float) -> float:
        """A turn took so long, and moved something or not; gives the seconds to rest before the next."""
        if moved or seconds >= CAP:
            self._in_vain = 0
            return 0.0
        self._in_vain += 1
        return 0.0 if self._in_vain <= FREE else backoff(self._in_vain - FREE - 1, base=BASE, cap=CAP)

    async def rest(self, *, moved: bool, seconds: float) -> None:
        if pause := self.turned(moved=moved, seconds=seconds):
            await asyncio.sleep(pause)
