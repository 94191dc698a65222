"""One chat: what it is, and the few moves that everything else is made of.

The visitor's side is in `nouns`, the agent's in `desk`, the change of servers in `handover`.
Nothing here knows HTTP.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from .. import ids
from ..bell import Bell
from ..protocol_options import Json, Rules
from . import events
from .chasitor_init import Init, attached_records
from .event_log import EventLog
from .polled import Poll, Polls
from .sequence import Sequence

Attach = Callable[[list[Json], list[Json]], list[Json]]  # pre-chat details and entities: the records of a chat


def no_records(details: list[Json], entities: list[Json]) -> list[Json]:
    """For a chat without an org behind it."""
    return []


class Status(StrEnum):
    """Where a chat stands (§4.3)."""

    CREATED = "created"  # SessionId was given out; no ChasitorInit yet
    WAITING = "waiting"  # in a queue, for the first time or again
    ACTIVE = "active"  # an agent serves
    ENDED = "ended"


class Handover(StrEnum):
    """How far a change of servers is (§6)."""

    NONE = "none"
    MOVED = "moved"  # 503 to everything until ReconnectSession
    RECONNECTED = "reconnected"  # the new affinity was told, and not yet used
    UNHEARD = "unheard"  # it was told, and a request under the old one came after that: the answer was lost
    RESYNCING = "resyncing"  # the new affinity is in use; ChasitorResyncState is still to come


@dataclass(frozen=True)
class Agent:
    """A Salesforce user who serves."""

    name: str
    user_id: str


@dataclass(frozen=True)
class Line:
    """One line of the transcript; `speaker` is visitor, agent or system."""

    speaker: str
    name: str
    text: str
    at: int
    sequence: int | None


@dataclass(eq=False)
class Chat:
    """A Live Agent session."""

    rules: Rules
    version: int  # X-LIVEAGENT-API-VERSION of SessionId
    origin: str  # scheme and host by which the client reached us; file uploads come back there
    floor_bell: Bell  # rung when any chat changes its status
    tally: Counter[Status]  # how many chats of the floor have which status
    attach: Attach = no_records
    id: str = field(default_factory=ids.session_id)
    affinity: str = field(default_factory=ids.affinity_token)
    status: Status = Status.CREATED
    established: bool = False  # an agent has been here: POSTs are no longer too early
    gone: bool = False  # the session is forgotten: 403 to everything
    end_reason: str | None = None
    init: Init | None = None
    routed_to: str | None = None
    agent: Agent | None = None
    handover: Handover = Handover.NONE
    met_handover: int = 0  # sequenced POSTs that this hand-over answered with 503
    epoch: int = 0  # grows with every hand-over, so that an open poll notices
    file_token: str | None = None
    files: list[Json] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)  # of these files
    records: list[Json] = field(default_factory=list)  # of the org, by what ChasitorInit told
    visitor_typing: bool = False
    duplicates: int = 0  # POSTs that came again under a number already taken
    transcript: list[Line] = field(default_factory=list)
    polls: Polls = field(default_factory=Polls)
    polled: deque[Poll] = field(default_factory=lambda: deque(maxlen=5000))
    refusals: deque[Json] = field(default_factory=lambda: deque(maxlen=500))
    steps: list[Json] = field(default_factory=list)
    silent_since: float = field(default_factory=time.monotonic)  # end of the last poll
    heard_at: float = field(default_factory=time.monotonic)  # last sign of life of the visitor
    queue_told: bool = False  # ChatRequestSuccess has been handed out
    bell: Bell = field(default_factory=Bell)
    sequence: Sequence = field(default_factory=Sequence)

    def __post_init__(self) -> None:
        self.key = ids.session_key(self.id)
        self.log = EventLog(self.rules)
        self.tally[self.status] += 1
        self.step("SessionId")

    @property
    def waits(self) -> bool:
        """Whether this version is told wait times (§1)."""
        return self.version >= events.WAIT_VERSION

    @property
    def over(self) -> bool:
        """Ended, whether or not the client has heard of it yet."""
        return self.status is Status.ENDED

    @property
    def heard(self) -> list[str]:
        """The visitor's texts, in order."""
        return [line.text for line in self.transcript if line.speaker == "visitor"]

    @property
    def said(self) -> list[str]:
        """The agents' texts, in order."""
        return [line.text for line in self.transcript if line.speaker == "agent"]

    def step(self, what: str) -> None:
        """Remember when something decisive happened, for the ledger."""
        self.steps.append({"what": what, "at": ids.now_ms()})

    def become(self, status: Status) -> None:
        """Change the status; the floor counts along."""
        self.tally[self.status] -= 1
        self.tally[status] += 1
        self.status = status
        self.floor_bell.ring()
        self.bell.ring()

    def alive(self) -> None:
        """The visitor did something: idle time starts over (§12)."""
        self.heard_at = time.monotonic()

    def tell(self, *news: Json) -> int | None:
        """Put events into the log; returns the number of the last."""
        number = None
        for one in news:
            number = self.log.append(events.shaped(self.rules, one)).number
        self.bell.ring()
        return number

    def write(self, speaker: str, name: str, text: str, sequence: int | None = None) -> None:
        """Add a line to the transcript."""
        self.transcript.append(Line(speaker, name, text, ids.now_ms(), sequence))
        self.bell.ring()

    def end(self, reason: str, last_event: Json | None = None) -> None:
        """The chat is over; the session lives on until the last event was fetched."""
        if self.over:
            return
        if last_event is None:
            records = None
            if self.init and reason == "client":
                records = attached_records(self.init, self.records, self.rules)
            last_event = events.chat_ended(reason, records)
        self._close(reason)
        self.tell(last_event)

    def forget(self, reason: str) -> None:
        """The session is gone at once: every later request gets 403, an open poll too."""
        self.gone = True
        if not self.over:
            self._close(reason)
        self.bell.ring()

    def _close(self, reason: str) -> None:
        self.end_reason, self.file_token, self.agent = reason, None, None
        self.step("ended")
        self.become(Status.ENDED)
