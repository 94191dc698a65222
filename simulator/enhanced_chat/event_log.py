"""The events of one end user, under growing ids, for all streams of that user (EC §5).

A trouble that a switch wants stands with its event, and is met once: where the event is written first.
"""

from __future__ import annotations

import itertools
import json
import uuid
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from ..protocol_options import Json, Rules
from . import payloads
from .entries import Entry, Sender

FIRST_ID = 2_147_480_000  # as in the sheet's examples; opaque to clients


@dataclass
class Logged:
    """One event; `data` is its JSON, on one line."""

    id: int
    name: str
    data: str
    trouble: str | None = None
    transient: bool = False  # told once, without its id


class EventLog:
    """What a user's streams have to tell, in order."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._events: list[Logged] = []
        self._ids = itertools.count(FIRST_ID + 1)
        self._appended = itertools.count(1)
        self._troubles: Iterator[int] = itertools.count()
        self.newest = FIRST_ID

    def append(self, name: str, event: Json) -> Logged:
        """An event; a switch may put a trouble on each n-th."""
        wanted, number = self._rules.stream_trouble, next(self._appended)
        trouble = None
        if wanted and number % max(1, self._rules.stream_trouble_every) == 0:
            trouble = wanted[next(self._troubles) % len(wanted)]
        if trouble == "unknown":
            self.stranger()
        elif trouble == "foreign":
            self.foreigner()
        logged = self._put(name, event)
        logged.trouble = trouble
        return logged

    def stranger(self) -> None:
        """An event whose name no client knows."""
        self._put("CONVERSATION_NEVER_SEEN", {"channelType": "embedded_messaging", "neverSeen": {"a": 1}})

    def foreigner(self) -> None:
        """An agent's message in a conversation that this user does not have."""
        id = str(uuid.uuid4())
        agent = Sender("Agent", "agent", "005000000000999", "foreign", "Foreign Agent")
        entry = Entry("Message", payloads.message(id, payloads.text("This is for somebody else")), agent, id=id)
        self._put("CONVERSATION_MESSAGE", entry.event(str(uuid.uuid4()), str(uuid.uuid4())))

    def after(self, id: int) -> list[Logged]:
        """Everything after this id that is still there."""
        return self._events[bisect_right(self._events, id, key=lambda one: one.id) :]

    def last(self) -> Logged | None:
        """The newest that is still there."""
        return self._events[-1] if self._events else None

    def forget(self) -> None:
        """Nothing that was is replayed any more; ids go on."""
        self._events.clear()

    def tell(self, name: str, event: Json) -> None:
        """An event without an id of its own: who does not listen now never hears it."""
        self._put(name, event, transient=True)

    def _put(self, name: str, event: Json, *, transient: bool = False) -> Logged:
        self.newest = next(self._ids)
        data = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        logged = Logged(self.newest, name, data, transient=transient)
        self._events.append(logged)
        if (size := self._rules.stream_log_size) is not None and len(self._events) > size:
            del self._events[: len(self._events) - size]
        return logged
