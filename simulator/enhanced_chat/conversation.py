"""One conversation: its thread, the service session within it, and how it stands at the desk.

What an end user sends is in `said`, how sessions begin and end in `sessions`, what agents do in `acts`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from .. import ids
from ..desk.chat import DeskChat, Listened, Status
from ..protocol_options import Json
from .end_user import EndUser
from .entries import EVENTS, LISTED, SYSTEM, TYPING, Entry, Sender
from .setup import Deployment

Attach = Callable[[dict[str, str]], list[Json]]  # routing attributes: the records of a chat


class Routing(StrEnum):
    """`routingStatus` (EC §4.2)."""

    INITIAL = "INITIAL"
    NEEDS_ROUTING = "NEEDS_ROUTING"
    ROUTED = "ROUTED"
    TRANSFER = "TRANSFER"


@dataclass
class Session:
    """A MessagingSession: one episode of service."""

    id: str
    status: str = "New"  # Waiting, Active, Ended
    messages: int = 0  # of the end user


@dataclass(eq=False, kw_only=True)
class Conversation(DeskChat):
    """The long-lived thread of an end user; CREATED until somebody is asked for."""

    kind = "enhanced_chat"

    user: EndUser
    deployment: Deployment
    attach: Attach
    active: set[str]  # ids of all conversations whose users wait or talk
    attributes: dict[str, str] = field(default_factory=dict)  # those that the channel knows
    dropped_attributes: list[str] = field(default_factory=list)  # names that it does not (EC §9.12)
    language: str | None = None
    session: Session | None = None
    sessions: int = 0
    routing: Routing = Routing.INITIAL
    closed: bool = False  # for good
    opened_at: int = field(default_factory=ids.now_ms)
    closed_at: int | None = None
    entries: list[Entry] = field(default_factory=list)
    known: dict[str, Entry] = field(default_factory=dict)  # the newest of each id
    choices: dict[str, dict[str, str]] = field(default_factory=dict)  # of each ChoicesMessage: option -> title
    forms: set[str] = field(default_factory=set)  # ids of FormMessages
    signatures: list[tuple[str, float]] = field(default_factory=list)  # of the files: the URL's, since when
    acks: list[Json] = field(default_factory=list)
    unrouted: list[str] = field(default_factory=list)  # why a message led to no agent, though it was accepted

    def __post_init__(self) -> None:
        super().__post_init__()
        self.step("conversation")

    @property
    def asked(self) -> bool:
        return self.sessions > 0

    @property
    def visitor_name(self) -> str | None:
        names = (self.attributes.get("_firstName"), self.attributes.get("_lastName"))
        return " ".join(name for name in names if name) or "Guest"

    @property
    def confirmed(self) -> int:
        """The last Last-Event-Id of its user, on the newest stream."""
        return self.user.streams[-1].last_event_id if self.user.streams else -1

    @property
    def serving(self) -> bool:
        """A session is open."""
        return self.session is not None and self.session.status != "Ended"

    @property
    def end_user(self) -> Sender:
        """The sender of what the user says."""
        return Sender("EndUser", "iamessage", self.user.subject, "end-user", "Guest")

    @property
    def agent_sender(self) -> Sender:
        """The sender of what the agent says."""
        assert self.agent is not None
        return Sender("Agent", "agent", self.agent.user_id, f"agent-{self.agent.user_id}", self.agent.name)

    def entry(self, id: str) -> Entry | None:
        """The entry of this id."""
        return self.known.get(id)

    def tell(self, type: str, payload: Json, sender: Sender | None = None, id: str | None = None) -> Entry:
        """Put something into the thread, and tell it to the user's streams."""
        entry = Entry(type, payload, sender or SYSTEM, id or str(uuid.uuid4()))
        if self.session is not None:
            entry.related = [self.session.id]
        return self.put(entry)

    def put(self, entry: Entry, event: str | None = None) -> Entry:
        """The same for an entry that is made already."""
        if entry.type in LISTED:
            self.entries.append(entry)
            self.known[entry.id] = entry
        name = event or EVENTS[entry.type]
        told = entry.event(self.id, self.deployment.channel)
        if entry.type in TYPING and not self.rules.typing_ids:
            self.user.log.tell(name, told)
        else:
            self.user.log.append(name, told)
        self.user.bell.ring()
        self.bell.ring()
        return entry

    def become(self, status: Status) -> None:
        self.active.discard(self.id)
        if status in (Status.WAITING, Status.ACTIVE):
            self.active.add(self.id)
        super().become(status)

    def forget(self, reason: str) -> None:
        self.closed, self.end_reason = True, reason
        self.user.closing = True
        self.user.bell.ring()
        self.become(Status.ENDED)

    def listened(self) -> list[Listened]:
        return self.user.listened()

    def shown(self) -> Json:
        return super().shown() | {
            "language": self.language,
            "es_developer_name": self.deployment.name,
            "subject": self.user.subject,
            "verified": self.user.verified,
            "prechat_details": [{"label": name, "value": value} for name, value in self.attributes.items()],
            "prechat_entities": [],
            "dropped_attributes": self.dropped_attributes,
            "routing_status": self.routing,
            "session_id": self.session.id if self.session else None,
            "session_status": self.session.status if self.session else None,
            "sessions": self.sessions,
            "closed": self.closed,
            "unrouted": self.unrouted,
            "acks": self.acks,
            "newest_event": self.user.log.newest,
            "streams": {
                "open": len(self.user.open_streams()),
                "total": len(self.user.streams),
                "double": self.user.double_streams,
            },
        }

    def in_ledger(self) -> Json:
        return super().in_ledger() | {
            "subject": self.user.subject,
            "open_streams": len(self.user.open_streams()),
            "double_streams": self.user.double_streams,
            "unrouted": self.unrouted,
            "message_ids": [line.id for line in self.transcript if line.speaker == "visitor"],
        }
