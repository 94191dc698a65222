"""How long ago our polls were answered, without a look at all of them at each beat.

A heap has first whose answer was the oldest when it was looked at last.  What was answered since is found out when it
comes up, and goes back in its new place: a look costs what was answered since the last one, not what is owned.  A
window that an answer names counts from then on too; each comes up within the time for which a poll is held.
"""

import time
from collections.abc import Iterator
from functools import partial
from heapq import heappop, heappush
from typing import NamedTuple, Protocol

from interconnections.bridge.conversation import Conversation

AT_RISK = 0.5  # of the time after which Salesforce forgets a chat that nobody polls


class Polled(Protocol):
    """`heard_at`: of time.monotonic, when its desk last answered; it only grows."""

    conversation: Conversation

    @property
    def heard_at(self) -> float: ...


class Ages(NamedTuple):
    """`oldest`: the age of the oldest answer, as a share of what its desk allows; 0 where nothing is polled."""

    polls: int
    oldest: float
    at_risk: list[Polled]


class PollAges:
    def __init__(self) -> None:
        self._polled: dict[int, Polled] = {}
        self._heaps: dict[int, list[tuple[float, int]]] = {}  # of (heard_at, which), by their window
        self._last = 0

    def add(self, runner: Polled) -> partial[None]:
        """Gives what is to be called when its poll is over."""
        self._last = number = self._last + 1
        self._polled[number] = runner
        self._enter(number, runner)
        return partial(self._over, number)

    def _over(self, number: int, *_: object) -> None:
        self._polled.pop(number, None)  # what the heap has of it is dropped when it comes up

    def _enter(self, number: int, runner: Polled) -> None:
        heappush(self._heaps.setdefault(runner.conversation.window, []), (runner.heard_at, number))

    def look(self) -> Ages:
        now, oldest, at_risk = time.monotonic(), 0.0, []
        for window in list(self._heaps):
            found = []
            try:
                for heard_at, number in self._in_order(window):
                    age = (now - heard_at) * 1000 / window
                    oldest = max(oldest, age)
                    if age <= AT_RISK:
                        break
                    found.append(number)
                    heappop(self._heaps[window])
            finally:
                for number in found:
                    self._enter(number, self._polled[number])
            at_risk += [self._polled[number] for number in found]
            if not self._heaps[window]:
                del self._heaps[window]
        return Ages(len(self._polled), oldest, at_risk)

    def _in_order(self, window: int) -> Iterator[tuple[float, int]]:
        """The first of a heap, as often as there is another that is as it was seen."""
        heap = self._heaps[window]
        while heap:
            heard_at, number = heap[0]
            runner = self._polled.get(number)
            if runner and runner.heard_at == heard_at and runner.conversation.window == window:
                yield heap[0]
                continue
            heappop(heap)
            if runner:
                self._enter(number, runner)
