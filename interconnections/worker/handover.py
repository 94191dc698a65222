"""The dance when Salesforce moves a chat to another server (salesforce-live-agent.md section 6).

503 to anything → nothing is sent → ReconnectSession → polls from ack −1 until ChasitorSessionData → compare both
ways → ChasitorResyncState → the lane goes on.  How far it has come stands in the store, so any worker goes on:

    ""          there is none
    reconnect   a 503 was answered; ReconnectSession is to be asked
    asked       it was asked, and nobody knows yet what it answered
    doubt       it answered before, to somebody who could not keep it: polls under the old affinity show how it is
    data        the new server's ChasitorSessionData is awaited
    resync      compared; ChasitorResyncState is to be posted

ReconnectSession is answered once: asked again, a server says 405, as it does where no hand-over is pending.  So it is
written down before it is asked, and a 405 means "none is pending" only to who asked first.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import structlog

from interconnections.backoff import backoff
from interconnections.bridge import transitions
from interconnections.bridge.conversation import Conversation
from interconnections.bridge.handover_diff import Difference, difference, mark
from interconnections.bridge.outgoing import to_agent
from interconnections.bridge.services import Bridge
from interconnections.desks import news
from interconnections.errors import DeskRefused, DeskUnwell
from interconnections.items import Change, Origin
from interconnections.secret import Secret
from interconnections.store import handovers
from interconnections.store.polls import Stored

T = TypeVar("T")
NONE, RECONNECT, ASKED, DOUBT, DATA, RESYNC = "", "reconnect", "asked", "doubt", "data", "resync"
POLLS_FOR_DATA = 2  # polls without ChasitorSessionData after which we go on without it (section 6, edge cases)
LAST_ANSWER = 25.0  # seconds that a ReconnectSession under way may take although we were told to stop

log = structlog.get_logger("bridge.handover")


class Handover:
    """`change` stores a Change; `stored` follows a write; `keep` repeats one until Redis takes it; `hush` silences
    the lane to Salesforce.
    """

    def __init__(
        self,
        bridge: Bridge,
        conversation: Conversation,
        *,
        change: Callable[[Change], Awaitable[None]],
        stored: Callable[[Stored], None],
        keep: Callable[[Callable[[], Awaitable[Stored]]], Awaitable[Stored]],
        hush: Callable[[], Awaitable[None]],
    ) -> None:
        self.bridge, self.conversation = bridge, conversation
        self.change, self.stored, self.keep, self.hush = change, stored, keep, hush
        self._told = False  # the lane met a 503 that the poll does not know of yet
        self._rounds = 0  # hand-overs since a poll was answered outside one
        self._polls = 0  # answered, while the data is awaited
        self._replays: list[str] = []

    @property
    def polling(self) -> bool:
        """Polls go on: there is no hand-over, or they are to show how far it is."""
        return self.conversation.handover in (NONE, DATA, DOUBT)

    @property
    def awaits_data(self) -> bool:
        return self.conversation.handover in (DATA, DOUBT)

    def hear(self, epoch: str) -> bool:
        """The lane met a 503 under `epoch`; True when that is news to the poll."""
        if epoch != self.conversation.epoch or self.conversation.handover != NONE or self._told:
            return False  # of the server before this one, or known
        self._told = True
        return True

    def was_told(self) -> bool:
        return self._told

    async def begin(self) -> None:
        """A 503 was answered.  Stored first: the lane is held from here on, whoever owns it."""
        self._rounds += 1
        log.info("handed over", session=self.conversation.session_id, rounds=self._rounds)
        await self._to(ASKED if self.conversation.handover == DOUBT else RECONNECT)
        self._told = False

    async def step(self, organization_id: str) -> bool:
        """One exchange further; raises the DeskErrors of the client.  True when Salesforce answered for this chat."""
        if self.conversation.handover == RESYNC:
            await self.bridge.live_agent.resync(self.conversation.access, organization_id)
            await self._to(NONE)
            log.info("hand-over done", session=self.conversation.session_id)
            return True
        await self.hush()
        self._told = False  # whatever the lane met, it met before this
        if self._rounds > 1:
            await asyncio.sleep(backoff(self._rounds - 2, base=1, cap=8))
        return await finished(self._reconnect())

    async def _reconnect(self) -> bool:
        conversation, first = self.conversation, self.conversation.handover == RECONNECT
        if first:
            await self._to(ASKED)
        try:
            affinity, reset = await self.bridge.live_agent.reconnect(conversation.access, conversation.offset)
        except DeskRefused:  # 405
            if first:
                await self._to(NONE)  # the 503 meant something else
                raise DeskUnwell("503 without a hand-over") from None
            self.bridge.tally.count("tolerated:ReconnectSession was answered before")
            await self._moved(conversation.access.affinity, reset=False, stage=DOUBT)
            return False
        except DeskUnwell as trouble:
            if trouble.undone:
                await self._to(RECONNECT)
            raise
        await self._moved(affinity, reset=reset, stage=DATA)
        return True

    async def _moved(self, affinity: Secret, *, reset: bool, stage: str) -> None:
        conversation, epoch = self.conversation, self.conversation.epoch
        self._polls, self._replays = 0, []
        stored = await self.keep(
            lambda: handovers.reconnected(
                self.bridge.redis, conversation.hold, epoch, affinity, reset=reset, stage=stage
            )
        )
        conversation.access = replace(conversation.access, affinity=affinity)
        self.stored(stored)

    async def answered(self, events: tuple[news.Event, ...]) -> None:
        """A poll was answered, and what it brought is stored."""
        if self.conversation.handover == NONE:
            self._rounds = 0
        if not self.awaits_data or any(isinstance(event.news, news.SessionData) for event in events):
            return
        self._polls += 1
        if (
            self.conversation.handover == DOUBT
        ):  # the old affinity is good: the server that answered before was this one
            await self._to(NONE)
        elif self._polls >= POLLS_FOR_DATA:
            self.bridge.tally.count("tolerated:no ChasitorSessionData")
            log.warning("no ChasitorSessionData: going on without", session=self.conversation.session_id)
            await self._to(RESYNC)

    def without_replays(self, events: tuple[news.Event, ...]) -> list[news.Event]:
        """The events but for the agent's texts that the new server repeats."""
        fresh = []
        for event in events:
            if self._replays and isinstance(event.news, news.AgentSaid):
                if mark(event.news.text) == self._replays[0]:
                    self._replays.pop(0)
                    continue
                self._replays = []
            fresh.append(event)
        return fresh

    async def compared(
        self, events: tuple[news.Event, ...]
    ) -> tuple[list[news.Event], list[Change], list[news.Event]]:
        """(events before the data, what the comparison changes, events after); without data all are before."""
        place = next((i for i, event in enumerate(events) if isinstance(event.news, news.SessionData)), None)
        if not self.awaits_data or place is None:
            return self.without_replays(events), [], []
        data, after = events[place].news, events[place + 1 :]
        assert isinstance(data, news.SessionData)
        ours = self._as_sent(await handovers.ours(self.bridge.redis, self.conversation.id))
        found = difference(
            data, ours, after, queued_before=self.conversation.queued, replays=self.conversation.replays
        )
        log.info(
            "compared",
            session=self.conversation.session_id,
            arrived=bool(found.arrived),
            missing=len(found.missing),
            unseen=len(found.unseen),
            sure=found.sure,
        )
        self._replays = list(found.replayed)
        return list(events[:place]), self._changes(found), self.without_replays(after)

    def _as_sent(self, ours: handovers.Ours) -> handovers.Ours:
        """The server knows what was sent: sensitive data masked."""
        masked = self.conversation.masked
        flight = (ours.in_flight[0], masked(ours.in_flight[1]).text) if ours.in_flight else None
        return replace(ours, sent=[(number, masked(text).text) for number, text in ours.sent], in_flight=flight)

    def _changes(self, found: Difference) -> list[Change]:
        again = tuple(item for _, text in found.missing for item in to_agent(text, Origin.USER))
        caught_up = Change(
            fields={"handover": RESYNC, "inFlight": ""} | ({"replays": "1"} if found.replayed else {}),
            arrived=found.arrived,
            first_to_agent=again,
            sent_again=tuple(number for number, _ in found.missing),
        )
        return [
            caught_up,
            *(transitions.said_by_agent(text, name, self.conversation.provider) for text, name in found.unseen),
        ]

    async def _to(self, stage: str) -> None:
        await self.change(Change(fields={"handover": stage}))


async def finished(exchange: Awaitable[T]) -> T:
    """An exchange that cannot be repeated: told to stop, we stop when its answer is kept."""
    task = asyncio.ensure_future(exchange)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=LAST_ANSWER)
        if not task.cancel() and not task.cancelled():
            task.exception()  # seen: whoever goes on meets it again
        raise
