"""A finding: how bad, what, and what mends it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"  # something would lose messages, or the product cannot work


@dataclass(frozen=True, slots=True)
class Finding:
    group: str
    level: Level
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading under which findings are made."""

    name: str

    def ok(self, what: str) -> Finding:
        return Finding(self.name, Level.OK, what)

    def warning(self, what: str, mend: str) -> Finding:
        return Finding(self.name, Level.WARNING, what, mend)

    def error(self, what: str, mend: str) -> Finding:
        return Finding(self.name, Level.ERROR, what, mend)


Question = Callable[[], Awaitable[list[Finding]]]
