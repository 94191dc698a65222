"""An end user: a subject, the events that its streams tell, and how they are listened to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .. import ids
from ..bell import Bell
from ..desk.chat import Listened
from ..protocol_options import Rules
from .event_log import EventLog

if TYPE_CHECKING:
    from .conversation import Conversation


@dataclass
class Stream:
    """One stream, for the ledger and for orders to it.  `how`: open, ended, dropped, stalled or left."""

    token: str  # the grant's id
    port: int
    last_event_id: int
    began: int = field(default_factory=ids.now_ms)
    ended: int | None = None
    how: str = "open"
    written: int = 0  # events
    orders: deque[str] = field(default_factory=deque)  # what the director wants of it

    @property
    def open(self) -> bool:
        """Its client still listens."""
        return self.ended is None


class EndUser:
    """Who writes; anonymous for as long as a token, or the one that a customer vouches for."""

    def __init__(self, subject: str, rules: Rules, *, verified: bool) -> None:
        self.subject = subject
        self.verified = verified
        self.log = EventLog(rules)
        self.bell = Bell()
        self.conversations: list[Conversation] = []  # oldest first
        self.streams: deque[Stream] = deque(maxlen=5000)
        self.double_streams = 0  # a stream that was opened beside another under the same token
        self.closing = False  # the server goes: streams end

    def open_streams(self) -> list[Stream]:
        """Those that are listened to."""
        return [stream for stream in self.streams if stream.open]

    def listened(self) -> list[Listened]:
        """Each stream as the ledger writes a poll."""
        return [[one.began, one.ended, one.how, one.port] for one in self.streams]

    def order(self, what: str) -> int:
        """Tell all open streams; returns how many there are."""
        streams = self.open_streams()
        for stream in streams:
            stream.orders.append(what)
        self.bell.ring()
        return len(streams)
