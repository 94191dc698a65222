"""The dance when Salesforce moves a chat to another server (salesforce-live-agent.md section 6).

503 to anything → nothing is sent → ReconnectSession → polls from ack −1 until ChasitorSessionData → compare both
ways → ChasitorResyncState → the lane goes on.  How far it has come stands in the store, so any worker goes on.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from interconnections.bridge import news as verbs
from interconnections.bridge.bridge import Bridge
from interconnections.bridge.claim import Claim
from interconnections.bridge.reconcile import Difference, difference, mark
from interconnections.bridge.sayings import to_agent
from interconnections.desks import news
from interconnections.errors import DeskRefused, DeskUnwell
from interconnections.items import Change, Origin
from interconnections.store import handovers

POLLS_FOR_DATA = 2  # polls without ChasitorSessionData after which we go on without it (section 6, edge cases)

log = structlog.get_logger("bridge.handover")


class Handover:
    """`change` stores a Change; `hush` silences the lane to Salesforce."""

    def __init__(
        self,
        bridge: Bridge,
        claim: Claim,
        change: Callable[[Change], Awaitable[None]],
        hush: Callable[[], Awaitable[None]],
    ) -> None:
        self.bridge, self.claim, self.change, self.hush = bridge, claim, change, hush
        self._polls = 0
        self._replays: list[str] = []

    @property
    def polling(self) -> bool:
        """Polls go on: there is no hand-over, or the new server's data is awaited."""
        return self.claim.handover in ("", "data")

    async def begin(self) -> None:
        """A 503 was answered.  Stored first: the lane is held from here on, whoever owns it."""
        log.info("handed over", session=self.claim.session_id)
        await self._to("reconnect")

    async def step(self, organization_id: str) -> None:
        """One exchange further; raises the DeskErrors of the client."""
        claim = self.claim
        if claim.handover == "resync":
            await self.bridge.live_agent.resync(claim.access, organization_id)
            await self._to("")
            log.info("hand-over done", session=claim.session_id)
            return
        await self.hush()
        try:
            affinity, reset = await self.bridge.live_agent.reconnect(claim.access, claim.offset)
        except DeskRefused:
            await self._to("")  # 405: no hand-over is pending, the 503 meant something else
            raise DeskUnwell("503 without a hand-over") from None
        claim.epoch = await handovers.reconnected(self.bridge.redis, claim.hold, affinity, reset=reset)
        claim.access = replace(claim.access, affinity=affinity)
        claim.ack, claim.handover, self._polls, self._replays = -1, "data", 0, []

    async def silence(self) -> None:
        """A poll brought nothing of the data."""
        self._polls += 1
        if self._polls >= POLLS_FOR_DATA:
            self.bridge.tally.count("tolerated:no ChasitorSessionData")
            log.warning("no ChasitorSessionData: going on without", session=self.claim.session_id)
            await self._to("resync")

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
        if self.claim.handover != "data" or place is None:
            return self.without_replays(events), [], []
        data, after = events[place].news, events[place + 1 :]
        assert isinstance(data, news.SessionData)
        ours = self._as_sent(await handovers.ours(self.bridge.redis, self.claim.id))
        found = difference(data, ours, after, queued_before=self.claim.queued, replays=self.claim.replays)
        log.info(
            "compared",
            session=self.claim.session_id,
            arrived=bool(found.arrived),
            missing=len(found.missing),
            unseen=len(found.unseen),
            sure=found.sure,
        )
        self._replays = list(found.replayed)
        self.claim.replays = self.claim.replays or bool(found.replayed)
        return list(events[:place]), self._changes(found), self.without_replays(after)

    def _as_sent(self, ours: handovers.Ours) -> handovers.Ours:
        """The server knows what was sent: sensitive data masked."""
        masked = self.claim.masked
        flight = (ours.in_flight[0], masked(ours.in_flight[1]).text) if ours.in_flight else None
        return replace(ours, sent=[(number, masked(text).text) for number, text in ours.sent], in_flight=flight)

    def _changes(self, found: Difference) -> list[Change]:
        again = tuple(item for _, text in found.missing for item in to_agent(text, Origin.USER))
        caught_up = Change(
            fields={"handover": "resync", "inFlight": ""} | ({"replays": "1"} if found.replayed else {}),
            arrived=found.arrived,
            first_to_agent=again,
            sent_again=tuple(number for number, _ in found.missing),
        )
        return [caught_up, *(verbs.said_by_agent(text, name, self.claim.provider) for text, name in found.unseen)]

    async def _to(self, stage: str) -> None:
        await self.change(Change(fields={"handover": stage}))
        self.claim.handover = stage
