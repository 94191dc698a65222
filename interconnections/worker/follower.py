"""Following one chat: listen to its desk, store what came, listen again, until it is over or ours no more.

The order is the promise: what the desk told is stored, whole, before it is asked for what follows.
"""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from functools import partial

import structlog

from interconnections.backoff import backoff
from interconnections.bridge import transcript, transitions
from interconnections.bridge.masking import hopeless
from interconnections.bridge.traced import agent_said
from interconnections.bridge.typing import read_until, show, show_read, types
from interconnections.desks import news
from interconnections.desks.desk import Batch
from interconnections.directory import Bot
from interconnections.errors import ChatGone, DeskError, DeskRefused, DeskUnwell, HandedOver, SessionLost, StoreFault
from interconnections.items import Change
from interconnections.lifecycle import FINAL, Reason, Status
from interconnections.store import context, polls
from interconnections.store.polls import Stored
from interconnections.traces import marks
from interconnections.worker.keeper import ChatKeeper
from interconnections.worker.limits import seconds_left
from interconnections.worker.rhythm import Rhythm
from interconnections.worker.stumbles import Stumbles

log = structlog.get_logger("bridge.follower")


class Follower:
    def __init__(self, keeper: ChatKeeper) -> None:
        self.keeper, self.bridge, self.conversation = keeper, keeper.bridge, keeper.conversation
        self.chat = self.conversation.chat
        self._rhythm = Rhythm()
        self.stumbles = Stumbles(self.conversation.session_id, self.bridge.tally)
        self.stopped = False  # beside the cancellation: wait_for inside a Redis call can swallow it (Python 3.11)

    @property
    def age(self) -> float:
        """Of the desk's last answer, as a share of the time after which it forgets the chat: 1 is lost."""
        return (time.monotonic() - self.chat.heard_at) * 1000 / self.conversation.window

    async def follow(self) -> None:
        """Until the chat is over.  Raises LostOwnership when another worker owns it; cancelled at any wait."""
        conversation, failures = self.conversation, 0
        while conversation.status not in FINAL and not self.stopped:
            if conversation.leaving and not conversation.started and not self.chat.moving:
                return  # the lane drops the session; nothing was ever asked of the desk
            if self.stumbles.number and self.age > 1:
                await self._lost("a fault of ours")
            try:
                await self._step()
                failures = 0
                self.stumbles.over()
            except HandedOver:
                continue
            except (ChatGone, DeskRefused) as gone:
                await self._lost(str(gone), session=isinstance(gone, SessionLost))
                await asyncio.sleep(1 if conversation.status not in FINAL else 0)
            except DeskError as trouble:
                if self.age > 1:
                    await self._lost("Salesforce did not answer")
                log.info("poll failed", session=conversation.session_id, why=str(trouble), failures=failures)
                await asyncio.sleep(
                    max(backoff(failures, base=0.5, cap=5), trouble.wait if isinstance(trouble, DeskUnwell) else 0.0)
                )
                failures += 1

    async def _step(self) -> None:
        """One turn, whatever is next."""
        if not self.conversation.started and not self.chat.moving:
            await self._start()
            return
        patience = None if self.chat.moving else await seconds_left(self.keeper)
        if self.conversation.status in FINAL:
            return  # found out as a limit was looked at
        asked_at = time.monotonic()
        batch = await self.chat.listen(patience)
        marks.came()
        moved = False
        if batch is not None:
            moved = await self._store(batch)
            self.chat.kept()
        await self._rhythm.rest(moved=moved, seconds=time.monotonic() - asked_at)

    async def _start(self) -> None:
        """A start that its starter did not finish, or the first at another server."""
        try:
            fields = await self.chat.start()
        except (HandedOver, DeskUnwell):
            raise  # it may have been taken: nobody gives it up for that
        except DeskError as error:
            bot = await self.keeper.bot()
            await self.keeper.change(transitions.failed(bot, Reason.START_FAILED, str(error)))
            await self.chat.abandon()
            return
        await self.keeper.put({"started": "1", **fields})
        log.info("start finished", session=self.conversation.session_id)

    async def _lost(self, why: str, *, session: bool = False) -> None:
        """Over, unless the user is leaving: the lane ends it, and this poll with it; no hand-over may hold it."""
        told = transitions.session_lost if session else transitions.lost
        await self.keeper.change(told(await self.keeper.bot(), why))
        if self.conversation.status not in FINAL and self.chat.moving:
            await self.keeper.put({"handover": "", "switchTo": ""})

    async def _store(self, batch: Batch) -> bool:
        """Written before the desk is asked for what follows; False where it held nothing new."""
        conversation, bot, redis = self.conversation, await self.keeper.bot(), self.bridge.redis
        events = await self._new(batch)
        joining = conversation.status is Status.ON_HOLD and any(isinstance(e.news, news.AgentJoined) for e in events)
        told = await self._told_before(bot) if joining and bot and conversation.waits else ()
        known = conversation.known(told, await self._returns_to(events))
        changes_of = partial(transitions.changes_for, status=conversation.status, bot=bot, known=known)
        events = self.stumbles.carried(events, changes_of)
        changes = changes_of(events)
        hold, epoch, used, asked = conversation.hold, conversation.epoch, conversation.mark, marks.asked()
        with self.keeper.to_user.lent(bot) as loan:

            async def write() -> Stored:
                try:
                    return await polls.store_news(
                        redis,
                        hold,
                        epoch=epoch,
                        used=used,
                        mark=batch.mark,
                        fields=batch.fields,
                        events=[(event.type, event.kept, event.counted, event.id) for event in events if event.kept],
                        changes=changes,
                        take=loan.terms,
                    )
                except StoreFault:  # it may be the taking's, of which the poll must know nothing
                    loan.terms = None
                    raise

            stored = await self.keeper.write(write, changes)
            loan.head = stored.head
        if stored.stale:
            self.bridge.tally.count("tolerated:answer seen before")
        else:
            self._say_what_cannot_be_masked(changes)
            if odd := transitions.not_shown(events):
                self.bridge.tally.count("tolerated:agent's message that cannot be shown", odd)
            agent_said(conversation, changes, stored.firsts, asked)
        self._show_signs(bot, events)
        return bool(events)

    async def _returns_to(self, events: Sequence[news.Event]) -> str:
        """Asked as the desk ends it: a supervisor may have ordered the end a moment ago, behind our back."""
        if not any(isinstance(event.news, news.Ended | news.NoAgent) for event in events):
            return ""
        redis, id = self.bridge.redis, self.conversation.id
        return await self.keeper.patiently(lambda: polls.returns_to(redis, id))

    async def _new(self, batch: Batch) -> tuple[news.Event, ...]:
        """Without what was stored before, where the desk's events have names by which that is known."""
        events = batch.events
        ids = [event.id for event in events if event.id]
        if not ids:
            return events
        redis, id = self.bridge.redis, self.conversation.id
        known = await self.keeper.patiently(lambda: polls.known(redis, id, ids))
        if known:
            self.bridge.tally.count("events seen before", len(known))
        fresh, found = [], set(known)
        for event in events:
            if event.id not in found:
                fresh.append(event)
                found |= {event.id} - {""}
        if batch.mark is None and known and fresh:  # a look back: beside what was stored it found what never came
            self.bridge.tally.count("gaps filled")
        return tuple(fresh)

    def _say_what_cannot_be_masked(self, changes: list[Change]) -> None:
        for change in changes:
            if useless := hopeless(change.fields.get("sensitiveRules", "")):
                self.bridge.tally.count("tolerated:sensitive data rule not applied", useless)
                log.warning("rules not applied", session=self.conversation.session_id, rules=useless)

    def _show_signs(self, bot: Bot | None, events: tuple[news.Event, ...]) -> None:
        """Of an agent who types, or has read: at once, beside the lanes, or not at all."""
        until, on = read_until(events), types(events)
        if bot is None or not (until or on is not None):
            return
        platform = self.bridge.platforms.get(bot.platform)
        if until and platform and platform.wants_recipient:
            self._beside(show_read(self.bridge, self.conversation, bot, until))
        if on is not None and platform and platform.shows_typing:
            self._beside(show(self.bridge, self.conversation, bot, on))

    def _beside(self, what: Coroutine[object, object, None]) -> None:
        errand: asyncio.Task[object] = asyncio.create_task(what)
        self.bridge.errands.add(errand)
        errand.add_done_callback(self.bridge.errands.discard)

    async def _told_before(self, bot: Bot) -> tuple[str, ...]:
        redis, user = self.bridge.redis, self.conversation.user_id
        said = await self.keeper.patiently(lambda: context.read(redis, bot.slug, user, bot.context_hours))
        return transcript.told(bot, said)
