"""How often something may be done (WA §8, FB §8)."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from dataclasses import dataclass


class Counted:
    """A sliding window for each name."""

    def __init__(self) -> None:
        self._times: dict[str, deque[float]] = defaultdict(deque)

    def full(self, name: str, most: int, seconds: float = 1.0) -> bool:
        """Count once more; True when there were so many already."""
        now, times = time.monotonic(), self._times[name]
        while times and times[0] <= now - seconds:
            times.popleft()
        if len(times) >= most:
            return True
        times.append(now)
        return False

    def clear(self) -> None:
        """Forget."""
        self._times.clear()


@dataclass
class PairRate:
    """Messages from one number to one user: one in so many seconds, and a burst borrowed from the future (WA §8)."""

    paid_at: float = 0.0  # when everything that was sent is paid
    burst_at: float = 0.0
    in_burst: int = 0

    def takes(self, seconds: float, burst: int, after: str) -> bool:
        """Once more, or not now."""
        now = time.monotonic()
        if after == "debt" and now >= self.paid_at:
            self.burst_at, self.in_burst = now, 0
        room = self.paid_at - now <= (burst - 1) * seconds
        if after == "debt" and now < self.paid_at:
            room = now - self.burst_at <= seconds and self.in_burst < burst
        if not room:
            return False
        self.in_burst += 1
        self.paid_at = max(self.paid_at, now) + seconds
        return True
