"""Emptying one lane of one interconnection: in order, one item at a time, until there is nothing to do."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from interconnections.backoff import backoff
from interconnections.bridge.conversation import Conversation
from interconnections.bridge.pace import limits, shows_within
from interconnections.bridge.services import Bridge
from interconnections.bridge.traced import delivered
from interconnections.directory import Bot
from interconnections.errors import HandedOver, LostOwnership, StoreAway
from interconnections.items import Lane
from interconnections.lifecycle import FINAL
from interconnections.store import lanes
from interconnections.worker.patiently import patiently

log = structlog.get_logger("bridge.lane")


@dataclass(slots=True)
class Loan:
    """A lane whose head another call takes along (`LaneRunner.lent`); `head`: what that was answered.

    `terms`: None where the lane takes for itself.
    """

    terms: lanes.Terms | None = None
    head: Sequence[object] = ()


NOTHING_TAKEN_YET = lanes.Terms()


class LaneRunner:
    """Sleeps until it is rung.

    `over()` is called when the interconnection needs no owner any more, `closed()` when a delivery ended the chat,
    `said()` when all that was for its user is delivered and the chat is over, though not for its owner;
    `handed_over(taken)` settles what met a change of servers, or knows that it waits for the new one.
    """

    def __init__(
        self,
        bridge: Bridge,
        conversation: Conversation,
        lane: Lane,
        over: Callable[[], None],
        closed: Callable[[], object],
        said: Callable[[], object],
        handed_over: Callable[[lanes.Taken], Awaitable[lanes.Settled | None]],
        stopping: asyncio.Event,
    ) -> None:
        self.bridge, self.conversation, self.lane = bridge, conversation, lane
        self.over, self.closed, self.said, self.stopping = over, closed, said, stopping
        self.handed_over = handed_over
        self.task: asyncio.Task[None] | None = None
        self._rung_again = self._resting = False
        self._alarm: asyncio.TimerHandle | None = None
        self._stumbles = 0  # in a row; the sweep would ring again each second
        self._not_before = 0.0  # of the loop's clock
        self._terms = NOTHING_TAKEN_YET  # of its last taking
        self._lent = self._dropped = False

    def rest(self) -> None:
        """Take nothing more: what is in flight lands and is settled, the rest is for the next owner."""
        self._resting = True

    def ring(self) -> None:
        if not self._may_take():
            return
        if self._lent or self._at_work():
            self._rung_again = True
        else:
            self._start(self._empty)

    def _may_take(self) -> bool:
        return not (self._resting or self.stopping.is_set() or asyncio.get_running_loop().time() < self._not_before)

    def _at_work(self) -> bool:
        return self.task is not None and not self.task.done()

    def _start(self, work: Callable[[], Awaitable[None]]) -> None:
        self.task = asyncio.get_running_loop().create_task(self._run(work))

    @contextlib.contextmanager
    def lent(self, bot: Bot | None) -> Iterator[Loan]:
        """Whoever brings something for this lane takes its head along, where the lane is at rest; it takes nothing
        itself until the block ends, and goes on then with what its borrower was answered.
        """
        if self._lent or self._at_work() or not self._may_take():
            yield Loan()
            return
        loan = Loan(self._terms_for(bot))
        self._lent, self._rung_again = True, False
        try:
            yield loan
        except BaseException as stopped:
            self._lent = False
            if not (self._dropped or isinstance(stopped, LostOwnership)):
                self._start(self._take_back)
            raise
        self._lent = False
        if loan.head:
            self._start(partial(self._go_on, loan.head))
        elif self._rung_again:
            self.ring()

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
            self._stumbles = 0
        except LostOwnership:
            self.over()
        except Exception:  # a bug must not silence a lane for ever: the sweep rings it again, later and later
            log.exception("lane stumbled", session=self.conversation.session_id, lane=self.lane)
            self.bridge.tally.count("lanes stumbled")
            self._not_before = asyncio.get_running_loop().time() + backoff(self._stumbles, base=1, cap=60)
            self._stumbles += 1

    async def _empty(self, head: lanes.Next | None = None) -> None:
        """`head`: where it was taken already."""
        settled: lanes.Settled | None = None
        while True:
            if head:
                taken, head = head, None
            else:
                self._rung_again = False
                taken = await self._take(settled)
            if isinstance(taken, lanes.Taken):
                if self.lane is Lane.SALESFORCE:
                    await self.conversation.caught_up()
                if self._resting or self.stopping.is_set():
                    await self._not_sent()
                    return  # bound: the next owner sends it under the same number
                try:
                    settled = await delivered(self.bridge, self.conversation, self.lane, taken)
                except HandedOver:
                    if (settled := await self.handed_over(taken)) is None:
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

    async def _go_on(self, head: Sequence[object]) -> None:
        await self._empty(lanes.next_of(head))

    async def _take_back(self) -> None:
        """The borrower was stopped, and nobody knows whether it took the head: what it took was not sent."""
        await self._not_sent()
        if self._may_take():
            await self._empty()

    async def _not_sent(self) -> None:
        """Where a platform shows what it took, the next owner would wait for that; it does no more than wait."""
        if self._terms.shows_within:
            with contextlib.suppress(StoreAway):
                await lanes.unsent(self.bridge.redis, self.conversation.hold, self._terms.ticket)

    async def _take(self, settled: lanes.Settled | None) -> lanes.Next:
        """Settle and take, however long Redis is away: what was delivered must not be delivered again."""
        terms = self._terms_for((await self.bridge.directory.bots()).get(self.conversation.bot_slug))
        return await patiently(lambda: self._taken(settled, terms), self.bridge.tally, self.conversation.session_id)

    async def _taken(self, settled: lanes.Settled | None, terms: lanes.Terms) -> lanes.Next:
        """Where what is settled has a change, that is learnt as the store has it, before anybody learns of a later
        write; a fault of the store holds up this lane alone.
        """
        conversation, redis = self.conversation, self.bridge.redis
        if not (settled and settled.change):
            return await lanes.take(redis, conversation.hold, self.lane, settled, terms)
        async with conversation.writing:
            taken = await lanes.take(redis, conversation.hold, self.lane, settled, terms)
            was_over = conversation.status in FINAL
            conversation.learn(taken.fields)
        if conversation.status in FINAL and not was_over:
            self.closed()
        return taken

    def _terms_for(self, bot: Bot | None) -> lanes.Terms:
        goodbye = bot.goodbye_limit * 1000 if bot else 0
        self._terms = lanes.Terms(limits(self.lane, self.conversation, bot), goodbye, shows_within(self.lane, bot))
        return self._terms

    def _ring_in(self, seconds: float) -> None:
        if self._alarm:
            self._alarm.cancel()
        self._alarm = asyncio.get_running_loop().call_later(seconds, self.ring)

    def drop(self) -> asyncio.Task[None] | None:
        """Stop at once; gives the task that is on its way out, if there is one."""
        self._dropped = True
        if self._alarm:
            self._alarm.cancel()
        if self.task and not self.task.done():
            self.task.cancel()
            return self.task
        return None
