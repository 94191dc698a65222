"""One interconnection in our hands: its poll, its lanes, and the way to let it go."""

import asyncio
import time
from collections.abc import Callable, Mapping
from functools import partial

import structlog

from interconnections.bridge.conversation import conversation_from
from interconnections.bridge.services import Bridge
from interconnections.desks import FIRST
from interconnections.errors import LostOwnership
from interconnections.items import Lane
from interconnections.lifecycle import FINAL
from interconnections.one_by_one import OneByOne
from interconnections.secret import Secret
from interconnections.store.leases import Hold
from interconnections.worker.follower import Follower
from interconnections.worker.handed_over import handed_over
from interconnections.worker.keeper import ChatKeeper
from interconnections.worker.lane import LaneRunner
from interconnections.worker.receipts import ReceiptTeller

log = structlog.get_logger("bridge.conversation")


class ConversationRunner:
    """`fields`, `secrets`: as stored; `gone(runner)` is called, once, when it is no longer ours or nobody needs to
    own it.
    """

    def __init__(
        self,
        bridge: Bridge,
        hold: Hold,
        fields: Mapping[str, str],
        secrets: Mapping[str, Secret],
        gone: Callable[["ConversationRunner"], None],
        stopping: asyncio.Event,
    ) -> None:
        self._gone = gone
        over, closed, said = self._over, self._closed, self._said  # once, not for each lane: thousands are owned
        keeper = ChatKeeper(bridge, self.ring, over, self._hush)
        desk = bridge.desks[fields.get("desk") or FIRST]
        self.conversation = conversation_from(hold, fields, desk, desk.chat(fields, secrets, None, keeper))
        keeper.conversation = self.conversation
        self._follower = Follower(keeper)
        met = partial(handed_over, keeper)
        self.lanes = {
            lane: LaneRunner(bridge, self.conversation, lane, over, closed, said, met, stopping) for lane in Lane
        }
        keeper.to_user = self.lanes[Lane.INTEGRATION]
        self.receipts = ReceiptTeller(bridge, self.conversation)
        self.poll: asyncio.Task[None] | None = None

    @property
    def heard_at(self) -> float:
        """Of time.monotonic: when its desk last answered a poll."""
        return self.conversation.chat.heard_at

    def start(self, beginnings: OneByOne) -> None:
        """`beginnings`: of polls."""
        if self.conversation.status not in FINAL:
            self.poll = asyncio.get_running_loop().create_task(self._follow(beginnings))
        # A look at those that each chat has: what waits there may be from before our time. The sweep finds the rest.
        self.ring(Lane.SALESFORCE)
        self.ring(Lane.INTEGRATION)

    def ring(self, lane: Lane) -> None:
        self.lanes[lane].ring()

    def _closed(self) -> None:
        """A delivery ended the chat: no more news, and the bot may have to be told."""
        self.stop_polling()
        self.ring(Lane.INTEGRATION)

    def _said(self) -> None:
        """The user has heard everything of a chat that is over: the bot may be waiting for that."""
        self.ring(Lane.BOT)

    async def _hush(self) -> None:
        """Stop the lane to Salesforce and wait until it is silent: nothing may be sent during a hand-over."""
        if task := self.lanes[Lane.SALESFORCE].drop():
            await asyncio.wait([task])

    def _over(self) -> None:
        self._gone(self)

    async def _follow(self, beginnings: OneByOne) -> None:
        try:
            await beginnings.turn()
            await self._follow_on()
        finally:
            await self.conversation.chat.close()

    async def _follow_on(self) -> None:
        self.conversation.chat.heard_at = time.monotonic()
        while not self._follower.stopped:
            try:
                await self._follower.follow()
                return
            except LostOwnership:
                self._over()
                return
            except Exception:  # a bug in one chat's news must not end its poll for ever
                await asyncio.sleep(self._follower.stumbles.one_more())

    def stop_polling(self) -> asyncio.Task[None] | None:
        self._follower.stopped = True
        if self.poll and not self.poll.done():
            self.poll.cancel()
            return self.poll
        return None

    def rest(self) -> None:
        """Take nothing more from the lanes; what is in flight lands."""
        for lane in self.lanes.values():
            lane.rest()

    @property
    def in_flight(self) -> list[asyncio.Task[None]]:
        """The lanes that are at work."""
        return [lane.task for lane in self.lanes.values() if lane.task and not lane.task.done()]

    def drop(self) -> list[asyncio.Task[None]]:
        """Let go at once: whatever is under way is cancelled. Gives the tasks that are on their way out."""
        current = asyncio.current_task()
        leaving = [self.stop_polling() if self.poll is not current else None]
        leaving += [lane.drop() if lane.task is not current else None for lane in self.lanes.values()]
        leaving.append(self.receipts.drop())
        return [task for task in leaving if task]
