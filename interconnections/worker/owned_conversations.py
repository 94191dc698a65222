"""What a worker owns: taken over, looked after, let go.

Redis says what is ours; after an answer that was lost the two may differ, and are reconciled.  `lock` is held
while ownership changes, so that what is being released is not mistaken for what we forgot.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Coroutine

import structlog

from interconnections import clock
from interconnections.bells import ring_workers
from interconnections.bridge import transitions
from interconnections.bridge.services import Bridge
from interconnections.errors import BridgeError, StoreAway
from interconnections.items import Change, Lane
from interconnections.lifecycle import Reason
from interconnections.one_by_one import OneByOne
from interconnections.store import lanes, leases
from interconnections.store.leases import Hold
from interconnections.worker.conversation_runner import ConversationRunner
from interconnections.worker.poll_ages import PollAges

AT_ONCE, BETWEEN = 50, 0.002  # polls that begin at once, and seconds between two after that
LAST_WORDS = 25.0  # seconds that a message in flight may take before its conversation is given away all the same
REASONS = frozenset(map(str, Reason))

log = structlog.get_logger("bridge.worker")


class OwnedConversations:
    def __init__(self, bridge: Bridge, worker: str, stopping: asyncio.Event) -> None:
        self.bridge, self.worker, self.stopping = bridge, worker, stopping
        self.lock = asyncio.Lock()
        self.runners: dict[str, ConversationRunner] = {}
        self._by_session: dict[str, ConversationRunner] = {}
        self.since = round(clock.now())  # ms
        self._ages = PollAges()
        self._beginnings = OneByOne(AT_ONCE, BETWEEN)
        self._sessions: Counter[str] = Counter()  # by bot
        self._by_bot: frozenset[str] = frozenset()  # gauges that were told by bot
        self._given: set[str] = set()  # on their way out; counted among `runners` until they have gone

    def __len__(self) -> int:
        return len(self.runners)

    # Taken

    async def take(self, holds: list[Hold]) -> None:
        """Whatever one of them looks like, it stops neither the others nor us."""
        loaded = await asyncio.gather(*(self._load(hold) for hold in holds))
        for runner in loaded:
            if runner:
                self.runners[runner.conversation.id] = runner
                self._by_session[runner.conversation.session_id] = runner
                self._sessions[runner.conversation.bot_slug] += 1
                runner.start(self._beginnings)
                if runner.poll:
                    runner.poll.add_done_callback(self._ages.add(runner))

    async def _load(self, hold: Hold) -> ConversationRunner | None:
        if hold.id in self.runners:
            self._forget(self.runners[hold.id])  # under an older fence, which is refused from now on
        try:
            return await self._charge(hold)
        except StoreAway:
            return None  # it is in our set; reconciled at a later beat
        except Exception as error:  # no key opens its tokens, or something stored of it cannot be read
            return await self._put_off(hold, error)

    async def _charge(self, hold: Hold) -> ConversationRunner:
        fields, tokens = await leases.load(self.bridge.redis, hold.id)
        return ConversationRunner(self.bridge, hold, fields, tokens, self._forget, self.stopping)

    async def _put_off(self, hold: Hold, why: Exception) -> ConversationRunner | None:
        """Another worker may be able to carry it; where its end came, what is told of that is ours to deliver."""
        try:
            fields = await leases.fields(self.bridge.redis, hold.id)
            log.error("cannot be carried, given back", session=fields.get("sessionId"), why=type(why).__name__)
            if await leases.put_off(self.bridge.redis, hold, await self._end_of(fields)):
                return await self._last_words(hold)
        except StoreAway as trouble:
            log.warning("not given back", why=str(trouble))
        except Exception:  # reconciled at a later beat, as what we own and do not carry
            log.exception("cannot be given back")
        return None

    async def _last_words(self, hold: Hold) -> ConversationRunner | None:
        """It is over, and has no tokens any more that would have to be opened."""
        try:
            return await self._charge(hold)
        except StoreAway:
            raise
        except Exception as error:
            log.error("its last words cannot be read", why=type(error).__name__)
            await leases.release(self.bridge.redis, self.worker, [hold])
            return None

    async def _end_of(self, fields: dict[str, str]) -> Change:
        bot = (await self.bridge.directory.bots()).get(fields.get("botSlug", ""))
        if fields.get("leaving") == "1" and fields.get("leavingReason") in REASONS:
            return transitions.ended_by_us(bot, Reason(fields["leavingReason"]), fields.get("leavingState", ""))
        return transitions.lost(bot, "no worker could carry it")

    async def reconcile(self, owned: int) -> None:
        """`owned`: how many Redis counts.  Where we know of others, its word is taken."""
        if owned == len(self.runners):
            return
        try:
            ours = {hold.id: hold for hold in await leases.owned(self.bridge.redis, self.worker)}
        except StoreAway:
            return
        for id in set(self.runners) - set(ours):
            self._forget(self.runners[id])
        await self.take([hold for id, hold in ours.items() if id not in self.runners])

    # Let go

    def kept(self) -> list[ConversationRunner]:
        """Those that are not on their way out already."""
        return [runner for id, runner in self.runners.items() if id not in self._given]

    def named(self, ids: Collection[str]) -> list[ConversationRunner]:
        """Those of them that are kept here."""
        return [runner for id in ids if id not in self._given and (runner := self.runners.get(id))]

    @property
    def number_kept(self) -> int:
        return len(self.runners) - len(self._given)

    def giving(self, given: list[ConversationRunner]) -> Coroutine[object, object, None]:
        """The giving away of these, which from now on are no longer kept."""
        self._given.update(runner.conversation.id for runner in given)
        return self._give(given)

    async def _give(self, given: list[ConversationRunner]) -> None:
        try:
            await self._give_in_order(given)
        finally:
            for runner in given:  # whatever went wrong: what rests here and is ours still is taken up anew
                self._forget(runner)

    async def _give_in_order(self, given: list[ConversationRunner]) -> None:
        """Polls end; what is quiet goes at once, the others when their message in flight has landed."""
        polls = [task for runner in given if (task := runner.stop_polling())]
        for runner in given:
            runner.rest()
        await asyncio.gather(*polls, return_exceptions=True)
        busy = {runner.conversation.id: runner.in_flight for runner in given if runner.in_flight}
        await self._release([runner for runner in given if runner.conversation.id not in busy])
        if busy:
            await asyncio.wait([task for tasks in busy.values() for task in tasks], timeout=LAST_WORDS)
            await self._release([runner for runner in given if runner.conversation.id in busy])

    async def _release(self, given: list[ConversationRunner]) -> None:
        if not given:
            return
        async with self.lock:
            for runner in given:
                self._forget(runner)
            try:
                await leases.release(self.bridge.redis, self.worker, [runner.conversation.hold for runner in given])
            except BridgeError as trouble:
                log.warning("not handed over, the lease will end", why=str(trouble), owned=len(given))
                return
        await ring_workers()

    async def depart(self) -> None:
        """What we give from here on is the others', who need not keep a share for us."""
        try:
            await leases.depart(self.bridge.redis, self.worker)
        except BridgeError as trouble:
            log.warning("departs without a word", why=str(trouble))

    async def leave(self) -> None:
        """The last word of this worker: nothing is ours any more."""
        try:
            await leases.release(self.bridge.redis, self.worker, [], leaving=True)
        except BridgeError as trouble:
            log.warning("left without a word, the lease will end", why=str(trouble))
            return
        await ring_workers()

    def drop_all(self) -> None:
        """At once, without a word to Redis: it gives them to others, or has done so."""
        for runner in list(self.runners.values()):
            self._forget(runner)

    def _forget(self, runner: ConversationRunner) -> None:
        if self.runners.get(runner.conversation.id) is runner:
            del self.runners[runner.conversation.id]
            self._given.discard(runner.conversation.id)
            self._sessions -= {runner.conversation.bot_slug: 1}
        if self._by_session.get(runner.conversation.session_id) is runner:
            del self._by_session[runner.conversation.session_id]
        runner.drop()

    # Looked after

    def ring(self, lane: Lane, session_id: str) -> None:
        if runner := self._by_session.get(session_id):
            runner.ring(lane)

    def ring_receipts(self, session_id: str) -> None:
        if runner := self._by_session.get(session_id):
            runner.receipts.ring()

    async def sweep(self) -> None:
        """Bells get lost; what is due does not."""
        try:
            found = await asyncio.gather(*(lanes.due(self.bridge.redis, self.worker, lane) for lane in Lane))
        except BridgeError as trouble:
            log.warning("no sweep", worker=self.worker, why=str(trouble))
            return
        for lane, ids in zip(Lane, found, strict=True):
            for id in ids:
                if runner := self.runners.get(id):
                    runner.ring(lane)

    def gauges(self) -> dict[str, float]:
        """What monitoring and the board show beside our name; a bot that was told of before is told of again."""
        polls, oldest, risky = self._ages.look()
        at_risk = Counter(runner.conversation.bot_slug for runner in risky)
        by_bot = dict.fromkeys(self._by_bot, 0)
        by_bot |= {f"sessions:{bot}": number for bot, number in self._sessions.items()}
        by_bot |= {f"at risk:{bot}": number for bot, number in at_risk.items()}
        self._by_bot = frozenset(by_bot)
        return {
            "polls": polls,
            "oldest poll": round(oldest, 3),
            "at risk": at_risk.total(),
            "since": self.since,
            **by_bot,
        }
