"""How a chat was polled: the sums, and each poll for the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from ..desk.chat import Listened


@dataclass
class Polls:
    """How this chat was polled."""

    open: int = 0
    total: int = 0
    double: int = 0


@dataclass
class Poll:
    """One poll, for the ledger.  Times in ms; `how`: open, answered, silent, refused, or dropped by the client."""

    began: int
    port: int
    ended: int | None = None
    how: str = "open"

    def in_ledger(self) -> Listened:
        """As the ledger writes it."""
        return [self.began, self.ended, self.how, self.port]
