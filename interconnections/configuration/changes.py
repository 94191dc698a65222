"""What a document would change, row by row, as a person reads it; secrets are told apart and never shown."""

from dataclasses import dataclass
from enum import StrEnum

from interconnections.models.fields import Unreadable
from interconnections.secret import Secret


class Verb(StrEnum):
    ADDED = "+"
    CHANGED = "~"
    REMOVED = "-"


@dataclass(frozen=True, slots=True)
class Change:
    verb: Verb
    what: str  # "bot tienda-bot"
    lines: tuple[str, ...] = ()  # "waiting_limit: 0 -> 60"

    def __str__(self) -> str:
        return "\n".join([f"{self.verb} {self.what}", *(f"    {line}" for line in self.lines)])


def is_same_secret(before: Secret, after: Secret) -> bool:
    return not isinstance(before, Unreadable) and before == after


def secret_line(name: str, before: Secret | None, after: Secret) -> str:
    """What becomes of a secret, without it."""
    if not after:
        return f"{name}: emptied"
    if not before and not isinstance(before, Unreadable):
        return f"{name}: set"
    return f"{name}: another"
