"""What stands between one person and one business: the window, what was said, what was read, whose thread it is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from ..protocol_options import Json
from .people import Person
from .rates import PairRate

RANKS = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "played": 4, "failed": 5}


@dataclass
class Thread:
    """One."""

    account: str  # phone number id, or page id
    person_id: str
    opened_at: float | None = None  # s: the last opening action, or None
    said_at: float | None = None  # s: the user's last message
    said: dict[str, Json] = field(default_factory=dict)  # the user's messages by Meta's id
    sent: dict[str, Json] = field(default_factory=dict)  # the business's, in order
    lines: list[Json] = field(default_factory=list)  # both, as they stand on the screen
    handles: set[str] = field(default_factory=set)
    twice: list[Json] = field(default_factory=list)
    typing_until: float = 0.0
    pair: PairRate = field(default_factory=PairRate)
    owner: str | None = None  # app id
    owner_until: float = 0.0

    def opened(self, at: float, *, by_word: bool = True) -> None:
        """The user did something that opens the window."""
        self.opened_at = max(at, self.opened_at or 0.0)
        if by_word:
            self.said_at = max(at, self.said_at or 0.0)

    def open_for(self, seconds: float) -> bool:
        """Whether free words may be sent."""
        return self.opened_at is not None and time.time() < self.opened_at + seconds

    def since_said(self) -> float | None:
        """Seconds since the user's last message."""
        return None if self.said_at is None else time.time() - self.said_at

    def add(self, record: Json, *, by_user: bool) -> None:
        """A new line on the screen."""
        (self.said if by_user else self.sent)[record["platform_id"]] = record
        self.lines.append(record)
        handle = record.get("handle")
        if handle is None:
            return
        if handle in self.handles:
            self.twice.append(record)
        self.handles.add(handle)

    def tick(self, id: str, status: str) -> None:
        """How far a message has come; never back."""
        record = self.sent.get(id)
        if record is not None and RANKS[status] > RANKS[record["tick"]]:
            record["tick"] = status

    def quotes(self, id: str | None) -> Json | None:
        """What is quoted, if it is a message of this thread."""
        found = self.said.get(id or "") or self.sent.get(id or "")
        return None if found is None else {"id": id, "text": found["text"], "type": found["type"], "by": found["by"]}

    def owned_by(self, default: str | None) -> str | None:
        """The app that owns it: who has it now, else the default app, else nobody."""
        return self.owner if self.owner and time.time() < self.owner_until else default

    def give(self, app: str | None, seconds: float) -> None:
        """To this app, or to nobody."""
        self.owner, self.owner_until = app, time.time() + seconds

    def shown(self, person: Person) -> Json:
        """For whoever judges."""
        return {
            "account": self.account,
            "user": self.person_id,
            "name": person.name,
            "lines": self.lines,
            "twice": [one["handle"] for one in self.twice],
            "typing": time.time() < self.typing_until,
            "opened_at": self.opened_at,
            "owner": self.owner if time.time() < self.owner_until else None,
        }
