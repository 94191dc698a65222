"""How many requests came in which second: of each operation, of all chats and of each.

So a client that turns in circles is seen by its number: what a test bounds is the busiest second.
"""

from __future__ import annotations

import time
from collections import Counter, deque

from .protocol_options import Json

KEPT = 600  # seconds that are remembered


class Traffic:
    """The seconds, newest last; those without a request are left out."""

    def __init__(self) -> None:
        self._seconds: deque[tuple[int, Counter[tuple[str, str]]]] = deque(maxlen=KEPT)

    def note(self, operation: str, chat_id: str = "") -> None:
        """A request came."""
        now = int(time.monotonic())
        if not self._seconds or self._seconds[-1][0] != now:
            self._seconds.append((now, Counter()))
        self._seconds[-1][1][operation, chat_id] += 1

    def shown(self, chat_id: str | None = None) -> Json:
        """{operation: {"total", "busiest"}}: all, and most in one second; of one chat or of all."""
        total: Counter[str] = Counter()
        busiest: Counter[str] = Counter()
        for _, counted in self._seconds:
            second: Counter[str] = Counter()
            for (operation, chat), number in counted.items():
                if chat_id is None or chat == chat_id:
                    second[operation] += number
            total += second
            busiest |= second
        return {operation: {"total": total[operation], "busiest": busiest[operation]} for operation in sorted(total)}

    def clear(self) -> None:
        """Forget."""
        self._seconds.clear()
