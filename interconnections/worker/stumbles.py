"""News on which we stumble ourselves: asked for again later and later, then carried event by event.

A desk tells them again until they are stored, so that a fault over one event would keep everything that follows from
who it is for.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from interconnections.backoff import backoff
from interconnections.bridge.deliver import PATIENT_WITH_US
from interconnections.desks import news
from interconnections.items import Change
from interconnections.store.changes import encoded_all
from interconnections.tally import Tally

LONGEST = 5.0  # seconds: a desk ends a chat that is not polled

log = structlog.get_logger("bridge.follower")


class Stumbles:
    """Of one chat, in a row."""

    def __init__(self, session: str, tally: Tally) -> None:
        self._session, self._tally = session, tally
        self.number = 0

    def one_more(self) -> float:
        """Gives the seconds to wait before the news are asked for again."""
        log.exception("poll stumbled", session=self._session, times=self.number + 1)
        self._tally.count("polls stumbled")
        self.number += 1
        return backoff(self.number - 1, base=0.5, cap=LONGEST)

    def over(self) -> None:
        self.number = 0

    def carried(
        self, events: Sequence[news.Event], changes_of: Callable[[Sequence[news.Event]], list[Change]]
    ) -> tuple[news.Event, ...]:
        """Those that can be stored; after so many stumbles an unknown event in the place of each other one."""
        for event in events:
            if event.fault:
                self._passed_over(event, event.fault)
        if self.number < PATIENT_WITH_US:
            return tuple(events)
        found: list[news.Event] = []
        for event in events:
            try:
                _tried(event, changes_of((*found, event)))
                found.append(event)
            except Exception as fault:
                self._passed_over(event, fault)
                found.append(replace(event, kept=_writable(event.kept), news=news.Other(), known=False))
        return tuple(found)

    def _passed_over(self, event: news.Event, fault: Exception) -> None:
        log.error("an event cannot be carried", session=self._session, type=event.type, exc_info=fault)
        self._tally.count("tolerated:event that we stumble on")


def _tried(event: news.Event, changes: list[Change]) -> None:
    """As they are written: half a character, for one, fails only there."""
    "".join((event.type, event.kept, event.id, encoded_all(changes))).encode()


def _writable(kept: str) -> str:
    return kept.encode(errors="replace").decode()
