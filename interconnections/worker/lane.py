"""Emptying one lane of one interconnection: in order, one item at a time, until there is nothing to do."""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from interconnections.backoff import backoff
from interconnections.bridge.conversation import Conversation
from interconnections.bridge.pace import limits, shows_within
from interconnections.bridge.services import Bridge
from interconnections.bridge.traced import delivered
from interconnections.errors import HandedOver, LostOwnership, StoreAway
from interconnections.items import Lane
from interconnections.lifecycle import FINAL, Status
from interconnections.store import lanes
from interconnections.store.scripts import ticket
from interconnections.worker.patiently import patiently

log = structlog.get_logger("bridge.lane")


class LaneRunner:
    """Sleeps until it is rung.

    `over()` is called when the interconnection needs no owner any more, `closed()` when a delivery ended the chat,
    `said()` when all that was for its user is delivered and the chat is over, though not for its owner.
    """

    def __init__(
        self,
        bridge: Bridge,
        conversation: Conversation,
        lane: Lane,
        over: Callable[[], None],
        closed: Callable[[], object],
        said: Callable[[], object],
        stopping: asyncio.Event,
    ) -> None:
        self.bridge, self.conversation, self.lane = bridge, conversation, lane
        self.over, self.closed, self.said, self.stopping = over, closed, said, stopping
        self.task: asyncio.Task[None] | None = None
        self._rung_again = False
        self._resting = False
        self._alarm: asyncio.TimerHandle | None = None
        self._stumbles = 0  # in a row; the sweep would ring again each second
        self._not_before = 0.0  # of the loop's clock
        self._shows_within = 0  # ms

    def rest(self) -> None:
        """Take nothing more: what is in flight lands and is settled, the rest is for the next owner."""
        self._resting = True

    def ring(self) -> None:
        loop = asyncio.get_running_loop()
        if self._resting or self.stopping.is_set() or loop.time() < self._not_before:
            return
        if self.task is None or self.task.done():
            self.task = loop.create_task(self._run())
        else:
            self._rung_again = True

    async def _run(self) -> None:
        try:
            await self._empty()
            self._stumbles = 0
        except LostOwnership:
            self.over()
        except Exception:  # a bug must not silence a lane for ever: the sweep rings it again, later and later
            log.exception("lane stumbled", session=self.conversation.session_id, lane=self.lane)
            self.bridge.tally.count("lanes stumbled")
            self._not_before = asyncio.get_running_loop().time() + backoff(self._stumbles, base=1, cap=60)
            self._stumbles += 1

    async def _empty(self) -> None:
        settled: lanes.Settled | None = None
        while True:
            self._rung_again = False
            taken = await self._take(settled)
            if settled and settled.change and taken.status in FINAL and self.conversation.status not in FINAL:
                self.conversation.status = Status(taken.status)
                self.closed()
            if isinstance(taken, lanes.Taken):
                if self.lane is Lane.SALESFORCE:
                    await self.conversation.caught_up()
                if self._resting or self.stopping.is_set():
                    await self._not_sent()
                    return  # bound: the next owner sends it under the same number
                try:
                    settled = await delivered(self.bridge, self.conversation, self.lane, taken)
                except HandedOver:
                    return  # nothing is sent until the new server told what it has
                continue
            settled = None
            if taken.retired:
                self.over()
                return
            if taken.wait is not None:
                self._ring_in(taken.wait / 1000)
                return
            if self.lane is Lane.INTEGRATION and taken.status in FINAL:
                self.said()
            if not self._rung_again:
                return

    async def _not_sent(self) -> None:
        """Where a platform shows what it took, the next owner would wait for that; it does no more than wait."""
        if self._shows_within:
            with contextlib.suppress(StoreAway):
                await lanes.unsent(self.bridge.redis, self.conversation.hold)

    async def _take(self, settled: lanes.Settled | None) -> lanes.Next:
        """Settle and take, however long Redis is away: what was delivered must not be delivered again."""
        bot = (await self.bridge.directory.bots()).get(self.conversation.bot_slug)
        buckets = limits(self.lane, self.conversation, bot)
        goodbye = bot.goodbye_limit * 1000 if bot else 0
        shows = self._shows_within = shows_within(self.lane, bot)
        redis, hold, asked = self.bridge.redis, self.conversation.hold, ticket()
        return await patiently(
            lambda: lanes.take(redis, hold, self.lane, settled, buckets, goodbye, asked, shows),
            self.bridge.tally,
            self.conversation.session_id,
        )

    def _ring_in(self, seconds: float) -> None:
        if self._alarm:
            self._alarm.cancel()
        self._alarm = asyncio.get_running_loop().call_later(seconds, self.ring)

    def drop(self) -> asyncio.Task[None] | None:
        """Stop at once; gives the task that is on its way out, if there is one."""
        if self._alarm:
            self._alarm.cancel()
        if self.task and not self.task.done():
            self.task.cancel()
            return self.task
        return None
