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
from collections.abc import Awaitable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import structlog

from interconnections.backoff import backoff
from interconnections.desks import news
from interconnections.desks.desk import Keeper, Rebase
from interconnections.desks.live_agent.comparison import Difference, difference
from interconnections.errors import DeskRefused, DeskUnwell
from interconnections.secret import Secret

if TYPE_CHECKING:
    from interconnections.desks.live_agent.chat import LiveAgentChat

T = TypeVar("T")
NONE, RECONNECT, ASKED, DOUBT, DATA, RESYNC = "", "reconnect", "asked", "doubt", "data", "resync"
POLLS_FOR_DATA = 2  # polls without ChasitorSessionData after which we go on without it (section 6, edge cases)
LAST_ANSWER = 25.0  # seconds that a ReconnectSession under way may take although we were told to stop

log = structlog.get_logger("bridge.handover")


def reconnected(affinity: Secret, *, reset: bool, stage: str = DATA) -> Rebase:
    """`stage`: DATA, of a new server, which is polled from the start; DOUBT, its answer is lost: polled as before."""
    fields = {"handover": stage}
    if stage == DATA:
        fields["ack"] = "-1"
    return Rebase(
        fields,
        {"affinityToken": affinity},
        sequence=0 if reset else None,
        in_flight=True,
        counted="hand-overs" if stage == DATA else "",
    )


class Handover:
    """Of one chat: how far it is stands in the chat's `handover`, as stored."""

    def __init__(self, chat: "LiveAgentChat", keeper: Keeper) -> None:
        self.chat, self.keeper = chat, keeper
        self._told = False  # a POST met a 503 that the poll does not know of yet
        self._rounds = 0  # hand-overs since a poll was answered outside one
        self._polls = 0  # answered, while the data is awaited
        self._replays: list[str] = []

    @property
    def polling(self) -> bool:
        """Polls go on: there is no hand-over, or they are to show how far it is."""
        return self.chat.handover in (NONE, DATA, DOUBT)

    @property
    def awaits_data(self) -> bool:
        return self.chat.handover in (DATA, DOUBT)

    def hear(self, epoch: str) -> bool:
        """A POST met a 503 under `epoch`; True when that is news to the poll."""
        if epoch != self.chat.epoch or self.chat.handover != NONE or self._told:
            return False  # of the server before this one, or known
        self._told = True
        return True

    def was_told(self) -> bool:
        return self._told

    async def begin(self) -> None:
        """A 503 was answered.  Stored first: the lane is held from here on, whoever owns it."""
        self._rounds += 1
        log.info("handed over", session=self.chat.session_id, rounds=self._rounds)
        await self._to(ASKED if self.chat.handover == DOUBT else RECONNECT)
        self._told = False

    async def step(self) -> bool:
        """One exchange further; raises the DeskErrors of the client.  True when Salesforce answered for this chat."""
        if self.chat.handover == RESYNC:
            org = await self.keeper.org()
            await self.chat.client.resync(self.chat.access, org.organization_id if org else "")
            await self._to(NONE)
            log.info("hand-over done", session=self.chat.session_id)
            return True
        await self.keeper.quiet()
        self._told = False  # whatever a POST met, it met before this
        if self._rounds > 1:
            await asyncio.sleep(backoff(self._rounds - 2, base=1, cap=8))
        return await finished(self._reconnect())

    async def _reconnect(self) -> bool:
        chat, first = self.chat, self.chat.handover == RECONNECT
        if first:
            await self._to(ASKED)
        try:
            affinity, reset = await chat.client.reconnect(chat.access, chat.offset)
        except DeskRefused:  # 405
            if first:
                await self._to(NONE)  # the 503 meant something else
                raise DeskUnwell("503 without a hand-over") from None
            self.keeper.count("tolerated:ReconnectSession was answered before")
            await self._moved(chat.access.affinity, reset=False, stage=DOUBT)
            return False
        except DeskUnwell as trouble:
            if trouble.undone:
                await self._to(RECONNECT)
            raise
        await self._moved(affinity, reset=reset, stage=DATA)
        return True

    async def _moved(self, affinity: Secret, *, reset: bool, stage: str) -> None:
        self._polls, self._replays = 0, []
        await self.keeper.rebase(self.chat.epoch, reconnected(affinity, reset=reset, stage=stage))
        self.chat.access = replace(self.chat.access, affinity=affinity)

    async def answered(self, events: tuple[news.Event, ...]) -> None:
        """A poll was answered, and what it brought is stored."""
        if self.chat.handover == NONE:
            self._rounds = 0
        if not self.awaits_data or any(isinstance(event.news, news.CaughtUp) for event in events):
            return
        self._polls += 1
        if self.chat.handover == DOUBT:  # the old affinity is good: the server that answered before was this one
            await self._to(NONE)
        elif self._polls >= POLLS_FOR_DATA:
            self.keeper.count("tolerated:no ChasitorSessionData")
            log.warning("no ChasitorSessionData: going on without", session=self.chat.session_id)
            await self._to(RESYNC)

    def without_replays(self, events: tuple[news.Event, ...]) -> list[news.Event]:
        """The events; the agent's texts among them that the new server repeats say nothing."""
        fresh = []
        for event in events:
            if self._replays and isinstance(event.news, news.AgentSaid):
                if news.mark(event.news.text) == self._replays[0]:
                    self._replays.pop(0)
                    fresh.append(replace(event, news=news.Other()))
                    continue
                self._replays = []
            fresh.append(event)
        return fresh

    async def compared(self, events: tuple[news.Event, ...]) -> tuple[news.Event, ...]:
        """With what the comparison found where the data stands; without data, as they are."""
        place = next((i for i, event in enumerate(events) if isinstance(event.news, news.SessionData)), None)
        if not self.awaits_data or place is None:
            return tuple(self.without_replays(events))
        data, after = events[place].news, events[place + 1 :]
        assert isinstance(data, news.SessionData)
        found = difference(
            data, await self.keeper.sent(), after, queued_before=self.chat.queued, replays=self.chat.replays
        )
        log.info(
            "compared",
            session=self.chat.session_id,
            arrived=bool(found.arrived),
            missing=len(found.missing),
            unseen=len(found.unseen),
            sure=found.sure,
        )
        self._replays = list(found.replayed)
        return (*events[: place + 1], *_found(found), *self.without_replays(after))

    async def _to(self, stage: str) -> None:
        await self.keeper.put({"handover": stage})


def _found(difference: Difference) -> list[news.Event]:
    fields = {"handover": RESYNC, "inFlight": ""} | ({"replays": "1"} if difference.replayed else {})
    caught_up = news.CaughtUp(difference.arrived, tuple(difference.missing), tuple(fields.items()))
    told: list[news.News] = [caught_up, *(news.AgentSaid(text, name) for text, name in difference.unseen)]
    return [news.Event("", "", each) for each in told]


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
