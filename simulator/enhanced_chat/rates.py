"""How often something may be done (EC §7): so many times in so many seconds, counted by whom it is done."""

from __future__ import annotations

import time
from collections import defaultdict, deque

from .refusal import TooMany


class Rates:
    """A sliding window for each thing and each one who does it."""

    def __init__(self) -> None:
        self._times: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def take(self, what: str, who: str, limit: int, seconds: float) -> None:
        """Once more, or TooMany."""
        now, times = time.monotonic(), self._times[what, who]
        while times and times[0] <= now - seconds:
            times.popleft()
        if len(times) >= limit:
            wait = times[0] + seconds - now if times else seconds
            raise TooMany(f"More than {limit} {what} in {seconds:g} s", wait)
        times.append(now)

    def clear(self) -> None:
        """Forget."""
        self._times.clear()
