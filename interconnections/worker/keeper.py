"""What the owner of a chat lends its desk (desks.desk.Keeper): every write under the fence, followed up at once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

import structlog

from interconnections.bridge.conversation import Conversation
from interconnections.bridge.services import Bridge
from interconnections.desks.desk import Org, Rebase, Sent
from interconnections.directory import Bot
from interconnections.items import Change, Lane
from interconnections.secret import Secret
from interconnections.store import handovers, polls
from interconnections.store.polls import Stored
from interconnections.store.scripts import ticket
from interconnections.worker.lane import LaneRunner
from interconnections.worker.patiently import patiently

T = TypeVar("T")

log = structlog.get_logger("bridge.worker")


class ChatKeeper:
    """`ring(lane)` wakes a lane, `over()` says that nobody needs to own it any more, `hush()` silences the lane to
    the desk.
    """

    conversation: Conversation  # set by whoever makes both
    to_user: LaneRunner  # likewise

    def __init__(
        self,
        bridge: Bridge,
        ring: Callable[[Lane], None],
        over: Callable[[], None],
        hush: Callable[[], Awaitable[None]],
    ) -> None:
        self.bridge, self.ring, self.over, self.hush = bridge, ring, over, hush

    # For the desk

    async def org(self) -> Org | None:
        bot = await self.bot()
        return bot.org_of(self.conversation.org_name) if bot else None

    async def put(self, fields: Mapping[str, str], secrets: Mapping[str, Secret] | None = None) -> None:
        await self.change(Change(fields=dict(fields), secrets=dict(secrets or {})))

    async def quiet(self) -> None:
        """What the lane was at has not arrived, as far as anybody will know."""
        await self.hush()
        await self.put({"flying": ""})

    async def rebase(self, epoch: str, rebase: Rebase) -> None:
        hold, redis = self.conversation.hold, self.bridge.redis
        await self.write(
            lambda: handovers.rebase(
                redis,
                hold,
                epoch,
                fields=rebase.fields,
                secrets=rebase.secrets,
                sequence=rebase.sequence,
                in_flight=rebase.in_flight,
                waits=rebase.waits,
                counted=rebase.counted,
            )
        )

    async def sent(self) -> Sent:
        """The desk knows what was sent: sensitive data masked."""
        id, masked = self.conversation.id, self.conversation.masked
        ours = await self.patiently(lambda: handovers.ours(self.bridge.redis, id))
        flight = (ours.in_flight[0], masked(ours.in_flight[1]).text) if ours.in_flight else None
        return Sent([(number, masked(text).text) for number, text in ours.sent], flight, ours.heard)

    def count(self, name: str, n: int = 1) -> None:
        self.bridge.tally.count(name, n)

    # For the worker

    async def bot(self) -> Bot | None:
        return (await self.bridge.directory.bots()).get(self.conversation.bot_slug)

    async def reread(self) -> None:
        """After what changed it, and answers nothing of that."""
        redis, hold = self.bridge.redis, self.conversation.hold
        async with self.conversation.writing:
            self.conversation.learn(await self.patiently(lambda: polls.reread(redis, hold)))

    async def change(self, change: Change) -> None:
        mark, hold = ticket(), self.conversation.hold
        await self.write(lambda: polls.store_change(self.bridge.redis, hold, change, mark), [change])

    async def write(self, write: Callable[[], Awaitable[Stored]], changes: Sequence[Change] = ()) -> Stored:
        """However long Redis is away; what it says then is learnt before the lane to the desk sends anything more."""
        async with self.conversation.writing:
            stored = await self.patiently(write)
            self._follow_up(stored, changes)
        return stored

    def _follow_up(self, stored: Stored, changes: Sequence[Change]) -> None:
        """What the store says is so: it may have changed without us, and its answers may have been lost."""
        before = self.conversation.status
        self.conversation.learn(stored.fields)
        if before is not self.conversation.status:
            log.info("became", session=self.conversation.session_id, status=self.conversation.status)
        if stored.to_salesforce >= 0:
            self.ring(Lane.SALESFORCE)
        if stored.to_integration >= 0:
            self.ring(Lane.INTEGRATION)
        if any(change.to_bot for change in changes):
            self.ring(Lane.BOT)
        if stored.retired:
            self.over()

    async def patiently(self, write: Callable[[], Awaitable[T]]) -> T:
        """While Redis is away what the desk told stays un-acknowledged there; nothing is asked meanwhile."""
        return await patiently(write, self.bridge.tally, self.conversation.session_id)
