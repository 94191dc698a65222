"""The events of one chat, their numbers and offsets (§5).

`ack=n` confirms everything up to n, and the answer has everything after n; an ack that did not advance gets
the same events again.  A hand-over starts a new numbering (§6); offsets run on through all of them and
say which events a client had seen when its server went away.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..protocol_options import Json, Rules

FIRST_OFFSET = 1_574_190_000  # ten digits, as seen; opaque to clients


@dataclass(frozen=True)
class Logged:
    """One event as it stands in the log."""

    number: int
    offset: int
    event: Json


class EventLog:
    """What a chat has to tell, in order."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._earlier: list[Logged] = []  # of numberings before the present one
        self._now: list[Logged] = []
        self._offset = FIRST_OFFSET
        self._answers = 0
        self.confirmed = -1
        self.handed_out = -1

    def append(self, event: Json) -> Logged:
        """Give the event its number and offset."""
        number = self._now[-1].number + self._rules.sequence_step if self._now else self._rules.first_sequence
        self._offset += 1
        logged = Logged(number, self._offset, event)
        self._now.append(logged)
        return logged

    @property
    def last_number(self) -> int:
        """The newest event's number; -1 when there is none."""
        return self._now[-1].number if self._now else -1

    def has_after(self, ack: int) -> bool:
        """Would this ack get an answer at once?"""
        return self.last_number > self._floor(ack)

    def after(self, ack: int) -> list[Logged]:
        """Everything after n, at most as many as one answer carries."""
        floor = self._floor(ack)
        start = len(self._now)
        while start > 0 and self._now[start - 1].number > floor:  # from the end: acks are near it
            start -= 1
        limit = self._rules.events_per_answer
        return self._now[start:] if not limit else self._now[start : start + limit]

    def confirm(self, ack: int) -> None:
        """The client has stored everything up to `ack`."""
        self.confirmed = max(self.confirmed, min(ack, self.handed_out))

    def answer(self, ack: int) -> Json | None:
        """The body of a 200, or None when there is nothing after `ack`."""
        found = self.after(ack)
        if not found:
            return None
        self._answers += 1
        self.handed_out = max(self.handed_out, found[-1].number)
        body: Json = {"messages": [logged.event for logged in found], "sequence": found[-1].number}
        if self._rules.offset == "always" or (self._rules.offset == "sometimes" and self._answers % 2):
            body["offset"] = found[-1].offset
        elif self._rules.offset == "zero":
            body["offset"] = 0
        return body

    def renumber(self, *, seen: int) -> list[Json]:
        """Start a new numbering; returns the events with an offset after `seen`, now to be told again.

        They leave the log: whoever tells them again gives them new offsets, so that a second hand-over with
        the same offset finds them once.
        """
        everything = self._earlier + self._now
        unseen = [logged.event for logged in everything if logged.offset > seen]
        self._earlier = [logged for logged in everything if logged.offset <= seen]
        self._now = []
        self.confirmed = self.handed_out = -1
        return unseen

    def _floor(self, ack: int) -> int:
        if self._rules.ack_ahead == "replay" and ack > self.last_number:
            ack = -1
        if self._rules.confirmed_events == "forgotten":
            ack = max(ack, self.confirmed)
        return ack
