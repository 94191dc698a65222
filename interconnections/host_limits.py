"""How many exchanges that bring something may be under way at once: to one host, and to all of them.

A slow host then holds up who speaks to it and nobody else, and open files are left for the polls, which only wait.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Hashable

EACH = 512  # to one host
ALL = 4096


class HostLimits:
    def __init__(self, each: int = EACH, all: int = ALL) -> None:
        self.each, self.all = each, all
        self._under_way: Counter[Hashable] = Counter()
        self._total = 0
        # By host those who wait, the first come first; the host that was served last is the last.
        self._waiting: OrderedDict[Hashable, deque[asyncio.Future[None]]] = OrderedDict()

    def enter(self, host: Hashable) -> bool:
        """At once; False where one has to wait."""
        if host in self._waiting or not self._has_room(host):
            return False
        self._under_way[host] += 1
        self._total += 1
        return True

    async def wait(self, host: Hashable, seconds: float) -> None:
        """Until it may enter, and has; raises TimeoutError."""
        handed = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(host, deque()).append(handed)
        try:
            async with asyncio.timeout(seconds):
                await handed
        except BaseException:
            if handed.done() and not handed.cancelled():
                self.leave(host)  # it was let in as it stopped waiting
            else:
                self._forget(host, handed)
            raise

    def leave(self, host: Hashable) -> None:
        self._total -= 1
        self._under_way[host] -= 1
        if not self._under_way[host]:
            del self._under_way[host]
        if self._waiting:
            self._let_in()

    def _has_room(self, host: Hashable) -> bool:
        return self._total < self.all and self._under_way[host] < self.each

    def _let_in(self) -> None:
        for host in [host for host in self._waiting if self._has_room(host)]:
            handed = self._next(self._waiting[host])
            if self._waiting[host]:
                self._waiting.move_to_end(host)
            else:
                del self._waiting[host]
            if handed:
                self._under_way[host] += 1
                self._total += 1
                handed.set_result(None)
                return

    @staticmethod
    def _next(waiting: deque[asyncio.Future[None]]) -> asyncio.Future[None] | None:
        """Whoever waits still: one that was stopped has not run yet to say so."""
        while waiting:
            if not (handed := waiting.popleft()).done():
                return handed
        return None

    def _forget(self, host: Hashable, handed: asyncio.Future[None]) -> None:
        waiting = self._waiting.get(host)
        if waiting and handed in waiting:
            waiting.remove(handed)
            if not waiting:
                del self._waiting[host]
