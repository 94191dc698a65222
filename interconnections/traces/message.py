"""The name of a message's trace, which each process makes by itself."""

import hashlib
from dataclasses import dataclass

TRACE, SPAN = 16, 8  # bytes


@dataclass(frozen=True, slots=True)
class Traced:
    """A message as all who carry it know it; `bot` is shown, and no part of the name."""

    session: str
    lane: str
    number: int
    bot: str

    def ids(self) -> tuple[int, int]:
        """Of the trace, and of its first span, which the others stand under."""
        name = f"{self.session}/{self.lane}/{self.number}".encode()
        digest = hashlib.blake2b(name, digest_size=TRACE + SPAN).digest()
        return int.from_bytes(digest[:TRACE], "big"), int.from_bytes(digest[TRACE:], "big")
