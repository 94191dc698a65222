"""Beginnings, one after the other: after a deploy or an outage thousands are wanted at once."""

import asyncio
import time


class OneByOne:
    """`at_once` may begin together; `between`: seconds between two after that."""

    def __init__(self, at_once: int, between: float) -> None:
        self.at_once, self.between = at_once, between
        self._next = 0.0  # of time.monotonic

    async def turn(self) -> None:
        """In the order of asking."""
        now = time.monotonic()
        at = max(self._next, now - (self.at_once - 1) * self.between)
        self._next = at + self.between
        if at > now:
            await asyncio.sleep(at - now)
