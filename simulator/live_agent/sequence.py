"""The sequence rule of sequenced POSTs (§3.8), and nothing else.

A number is judged first and taken only when the request was done: a refused request (400, 500) leaves the
count alone, because its repetition carries the same number (§3.3).
"""

from __future__ import annotations

from ..refusal import Refused


class OutOfSync(Refused):
    """409 in the words that clients parse (§3.7)."""

    def __init__(self, sent: int, last: int) -> None:
        super().__init__(409, f"Out of sync Ack. Expected {sent}. Actual {last}")


class Sequence:
    """The last number that this session's server accepted."""

    def __init__(self) -> None:
        self.last = 0

    def is_new(self, number: int | None, *, repeats: str = "ok") -> bool:
        """True: do the request.  False: it was done before, say OK again.  Raises OutOfSync."""
        if number is None or number == self.last + 1:
            return True
        if number <= self.last and repeats == "ok":
            return False
        raise OutOfSync(number, self.last)

    def take(self, number: int | None) -> None:
        """The request with this number was done."""
        if number is not None:
            self.last = number

    def reset(self) -> None:
        """After a hand-over counting starts over (§3.5)."""
        self.last = 0
