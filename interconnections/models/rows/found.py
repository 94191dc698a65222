"""What a search came upon: of each row as much as filters, order and counts ask.

A name that many have is borne by hundreds, and a page shows fifty: only those are loaded whole.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from interconnections.models.rows.stored import indexed_at, moment


@dataclass(frozen=True, slots=True)
class Found:
    """Under the names that a row has for it."""

    COLUMNS: ClassVar = ("userId", "sessionId", "status", "provider", "botSlug", "openedAt", "timestamp")

    id: str
    session_id: str
    status: str
    provider: str
    bot_slug: str
    indexed_at: datetime

    @classmethod
    def from_hash(cls, stored: dict[str, str]) -> Self:
        user, session, status, provider, bot, opened, asked = (stored.get(column, "") for column in cls.COLUMNS)
        return cls(f"{user}-{session}", session, status, provider, bot, indexed_at(moment(opened), moment(asked)))
