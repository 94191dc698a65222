"""One direction of one phase: what left, what arrived, how long each took, and whether the order held.

A text that is counted begins with `#number`, and numbers only grow; other texts (welcomes, notices) pass uncounted.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

PHRASE = "¿Siguen ahí? Mi pedido A-77 no llegó 📦"


def marked(number: int) -> str:
    return f"#{number} {PHRASE}"


def number_of(text: str) -> int | None:
    head = text.partition(" ")[0]
    return int(head[1:]) if head.startswith("#") else None


@dataclass
class Road:
    """Times are of perf_counter.  `then(user)` is called at each arrival; numbers below `first` are not ours."""

    first: int = 0
    left: dict[int, float] = field(default_factory=dict)
    arrived: dict[int, float] = field(default_factory=dict)
    repeated: int = 0
    out_of_order: int = 0
    then: Callable[[str], None] | None = None
    _latest: dict[str, int] = field(default_factory=dict)

    def leaves(self, number: int) -> None:
        """For the other side: what is told again after a lost poll left when it was first told."""
        if number >= self.first:
            self.left.setdefault(number, time.perf_counter())

    def arrives(self, user: str, number: int) -> None:
        if number < self.first:
            return
        if number in self.arrived:
            self.repeated += 1
            return
        self.arrived[number] = time.perf_counter()
        self.out_of_order += number < self._latest.get(user, -1)
        self._latest[user] = number
        if self.then:
            self.then(user)

    @property
    def latencies(self) -> list[float]:
        """ms, sorted; below zero when it arrived before its sender was answered."""
        return sorted((at - self.left[number]) * 1000 for number, at in self.arrived.items() if number in self.left)


def percentile(sorted_values: list[float], share: float) -> float:
    return (
        sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))] if sorted_values else float("nan")
    )
