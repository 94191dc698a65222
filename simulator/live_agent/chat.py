"""One chat: what it is, and the few moves that everything else is made of.

The visitor's side is in `nouns`, the agent's in `acts`, the change of servers in `server_handover`.
Nothing here knows HTTP.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from .. import ids
from ..desk.chat import DeskChat, Listened, Status
from ..protocol_options import Json
from . import events
from .acts import LiveAgentActs
from .chasitor_init import Init, attached_records, described
from .event_log import EventLog
from .polled import Poll, Polls
from .sequence import Sequence

Attach = Callable[[list[Json], list[Json]], list[Json]]  # pre-chat details and entities: the records of a chat


def no_records(details: list[Json], entities: list[Json]) -> list[Json]:
    """For a chat without an org behind it."""
    return []


class Handover(StrEnum):
    """How far a change of servers is (§6)."""

    NONE = "none"
    MOVED = "moved"  # 503 to everything until ReconnectSession
    RECONNECTED = "reconnected"  # the new affinity was told, and not yet used
    UNHEARD = "unheard"  # it was told, and a request under the old one came after that: the answer was lost
    RESYNCING = "resyncing"  # the new affinity is in use; ChasitorResyncState is still to come


@dataclass(eq=False, kw_only=True)
class Chat(DeskChat):
    """A Live Agent session; CREATED until ChasitorInit (§4.3).  `origin`: file uploads come back there."""

    kind = "live_agent"

    version: int  # X-LIVEAGENT-API-VERSION of SessionId
    attach: Attach = no_records
    affinity: str = field(default_factory=ids.affinity_token)
    gone: bool = False  # the session is forgotten: 403 to everything
    init: Init | None = None
    handover: Handover = Handover.NONE
    met_handover: int = 0  # sequenced POSTs that this hand-over answered with 503
    epoch: int = 0  # grows with every hand-over, so that an open poll notices
    file_token: str | None = None
    polls: Polls = field(default_factory=Polls)
    polled: deque[Poll] = field(default_factory=lambda: deque(maxlen=5000))
    silent_since: float = field(default_factory=time.monotonic)  # end of the last poll
    heard_at: float = field(default_factory=time.monotonic)  # last sign of life of the visitor
    queue_told: bool = False  # ChatRequestSuccess has been handed out
    sequence: Sequence = field(default_factory=Sequence)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.key = ids.session_key(self.id)
        self.log = EventLog(self.rules)
        self.acts = LiveAgentActs(self)
        self.step("SessionId")

    @property
    def waits(self) -> bool:
        """Whether this version is told wait times (§1)."""
        return self.version >= events.WAIT_VERSION

    @property
    def asked(self) -> bool:
        return self.init is not None

    @property
    def visitor_name(self) -> str | None:
        return self.init.visitor_name if self.init else None

    @property
    def confirmed(self) -> int:
        return self.log.confirmed

    def listened(self) -> list[Listened]:
        return [poll.in_ledger() for poll in self.polled]

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

    def shown(self) -> Json:
        nothing: Json = {"visitor_name": None, "button_id": None, "language": None}
        nothing |= {"prechat_details": [], "prechat_entities": []}
        return super().shown() | {
            **(described(self.init) if self.init else nothing),
            "gone": self.gone,
            "handover": self.handover,
            "handovers": self.epoch,
            "file_requested": self.file_token is not None,
            "polls": asdict(self.polls),
            "handed_out": self.log.handed_out,
            "last_event": self.log.last_number,
            "last_sequence": self.sequence.last,
        }

    def in_ledger(self) -> Json:
        return super().in_ledger() | {
            "double_polls": self.polls.double,
            "open_polls": self.polls.open,
            "handovers": self.epoch,
        }
