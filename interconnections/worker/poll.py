"""Following one chat: poll, store what came, poll again, until it is over or ours no more.

The order is the promise: an answer is stored, whole, before the next poll acknowledges it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import structlog
from django.conf import settings

from interconnections import clock
from interconnections.backoff import backoff
from interconnections.bridge import transcript, transitions
from interconnections.bridge.conversation import Conversation
from interconnections.bridge.masking import hopeless
from interconnections.bridge.services import Bridge
from interconnections.bridge.typing import show, types
from interconnections.desks import news
from interconnections.directory import Bot
from interconnections.errors import ChatGone, DeskError, DeskRefused, HandedOver, PollRefused
from interconnections.items import Change, Lane
from interconnections.lifecycle import FINAL, Status
from interconnections.store import context, lanes, polls
from interconnections.store.polls import Stored
from interconnections.store.scripts import ticket
from interconnections.worker.handover import Handover
from interconnections.worker.patiently import patiently
from interconnections.worker.resume_start import Opening, has_begun
from interconnections.worker.rhythm import Rhythm
from interconnections.worker.timeouts import listens, nearest, warns

T = TypeVar("T")
SPARE = 5.0  # seconds beyond clientPollTimeout for which a poll that is not ours may stay open


log = structlog.get_logger("bridge.poll")


class Follower:
    """`ring(lane)` wakes a lane, `over()` says that nobody needs to own it any more."""

    def __init__(
        self,
        bridge: Bridge,
        conversation: Conversation,
        ring: Callable[[Lane], None],
        over: Callable[[], None],
        hush: Callable[[], Awaitable[None]],
    ) -> None:
        self.bridge, self.conversation, self.ring, self.over, self.hush = bridge, conversation, ring, over, hush
        self.handover = Handover(
            bridge,
            conversation,
            change=self._change,
            stored=self._follow_up,
            keep=self._patiently,
            hush=self._silence,
        )
        self.opening = Opening(
            bridge, conversation, change=self._change, stored=self._follow_up, keep=self._patiently
        )
        self.answered_at = time.monotonic()  # when Salesforce last answered a poll, be it with silence
        self._polling: asyncio.Task[None] | None = None
        self._rhythm = Rhythm()
        self.stopped = False  # beside the cancellation: wait_for inside a Redis call can swallow it (Python 3.11)

    @property
    def age(self) -> float:
        """Of the last answer, as a share of the time after which Salesforce forgets the chat: 1 is lost."""
        return (time.monotonic() - self.answered_at) * 1000 / self.conversation.window

    def handed_over(self, epoch: str) -> None:
        """The lane was told 503 under this epoch: the open poll is of no use any more."""
        if self.handover.hear(epoch) and self._polling:
            self._polling.cancel()

    async def follow(self) -> None:
        """Until the chat is over.  Raises LostOwnership when another worker owns it; cancelled at any wait."""
        conversation = self.conversation
        if conversation.leaving and not conversation.started and not conversation.handover:
            return  # the lane drops the session; nothing was ever asked of Salesforce
        failures, refused = 0, 0
        self.answered_at = time.monotonic()
        while conversation.status not in FINAL and not self.stopped:
            try:
                if not conversation.started and not conversation.handover:
                    await self.opening.finish(await self._bot())
                    self.answered_at = time.monotonic()
                    continue
                if conversation.switch_to:
                    await self._silence()
                    await self.opening.switch(await self._bot())
                    continue
                if not self.handover.polling:
                    if await self.handover.step(await self._organization()):
                        self.answered_at, failures = time.monotonic(), 0
                    continue
                seconds = await self._seconds_left()
                asked_at = time.monotonic()
                answer = await self._poll(seconds)
            except HandedOver:
                await self.handover.begin()
                continue
            except (ChatGone, DeskRefused) as gone:
                await self._lost(str(gone))
                await asyncio.sleep(1 if conversation.status not in FINAL else 0)
                continue
            except PollRefused:
                refused += 1
                self.bridge.tally.count("tolerated:poll refused")
                log.warning("poll refused", session=conversation.session_id, times=refused)
                # The other poll is a frozen owner's; it ends by itself. Who ended the chat for it answers 403 next.
                if time.monotonic() - self.answered_at > conversation.access.poll_timeout + SPARE:
                    await self._lost("two polls were open")
                await asyncio.sleep(backoff(refused, base=1, cap=3))
                continue
            except DeskError as trouble:
                if self.age > 1:
                    await self._lost("Salesforce did not answer")
                log.info("poll failed", session=conversation.session_id, why=str(trouble), failures=failures)
                await asyncio.sleep(backoff(failures, base=0.5, cap=5))
                failures += 1
                continue
            self.answered_at = time.monotonic()
            failures, refused = 0, 0
            moved = answer is not None and await self._store(answer)
            await self.handover.answered(answer.events if answer else ())
            await self._rhythm.rest(moved=moved, seconds=self.answered_at - asked_at)

    async def _lost(self, why: str) -> None:
        """Over, unless the user is leaving: the lane ends it, and this poll with it; no hand-over may hold it."""
        await self._change(transitions.lost(await self._bot(), why))
        if self.conversation.status not in FINAL and self.conversation.handover:
            await self._change(Change(fields={"handover": ""}))

    async def _silence(self) -> None:
        """The lane to Salesforce is quiet: what it was at has not arrived, as far as anybody will know."""
        await self.hush()
        await self._change(Change(fields={"flying": ""}))

    async def _seconds_left(self) -> float | None:
        """How long this chat may still stand still; where it may no longer, its end is ordered.  None: no limit.

        Before that comes a user whom Salesforce would end for their silence: they are warned.
        """
        conversation, bot = self.conversation, await self._bot()
        if listens(conversation, bot):
            said = await self._patiently(lambda: polls.silence(self.bridge.redis, conversation.id))
            conversation.user_said_at, conversation.unanswered_since = said
        now = clock.now()
        warning, limit = warns(conversation, bot), nearest(conversation, bot)
        if warning is not None and warning <= now:
            await self._change(transitions.idle_warning(bot, conversation.idle))
            warning = None
        if limit is None or limit.until > now:
            moments = ([limit.until] if limit else []) + ([] if warning is None else [warning])
            return (min(moments) - now) / 1000 if moments else None
        log.info("ended by a limit", session=conversation.session_id, reason=limit.reason)
        await self._patiently(lambda: lanes.hang_up(self.bridge.redis, conversation.id, limit.reason))
        conversation.leaving = True  # the lane ends it, and the bot has its user back
        self.ring(Lane.SALESFORCE)
        return None

    async def _poll(self, patience: float | None) -> news.Poll | None:
        """One poll, given up when the lane hears of a hand-over; raises HandedOver then."""
        if self.handover.was_told():
            raise HandedOver("the lane was told")
        self._polling = task = asyncio.current_task()
        try:
            return await self.bridge.live_agent.poll(self.conversation.access, self.conversation.ack, patience)
        except asyncio.CancelledError:
            if not self.handover.was_told() or task is None or task.uncancel():
                raise  # somebody else wants us to stop
            raise HandedOver("the lane was told") from None
        finally:
            self._polling = None

    async def _store(self, answer: news.Poll) -> bool:
        """Written before the next poll acknowledges it; False where it held nothing new."""
        conversation, bot = self.conversation, await self._bot()
        if answer.sequence == conversation.ack and conversation.ack >= 0:
            # Everything up to this number was stored before (section 5: dedupe on session and sequence).
            self.bridge.tally.count("tolerated:answer seen before")
            return False
        joining = conversation.status is Status.ON_HOLD and any(
            isinstance(e.news, news.AgentJoined) for e in answer.events
        )
        told = await self._told_before(bot) if joining and bot else ()
        before, changes, after = await self._patiently(lambda: self.handover.compared(answer.events))
        read = partial(transitions.changes_for, bot=bot, known=conversation.known(told))
        changes = [*read(before, conversation.status), *changes, *read(after, conversation.status)]
        if not conversation.started and has_begun(answer.events):
            changes.append(Change(fields={"started": "1"}))
        hold, epoch, used = conversation.hold, conversation.epoch, conversation.ack
        stored = await self._patiently(
            lambda: polls.store_news(
                self.bridge.redis,
                hold,
                epoch=epoch,
                used=used,
                ack=answer.sequence,
                offset=answer.offset,
                events=[(event.type, event.kept, event.counted) for event in answer.events],
                changes=changes,
            )
        )
        if stored.stale:
            self.bridge.tally.count("tolerated:answer seen before")
        else:
            self._say_what_cannot_be_masked(changes)
        self._follow_up(stored)
        self._show_typing(bot, answer.events)
        return bool(answer.events)

    def _say_what_cannot_be_masked(self, changes: list[Change]) -> None:
        for change in changes:
            if useless := hopeless(change.fields.get("sensitiveRules", "")):
                self.bridge.tally.count("tolerated:sensitive data rule not applied", useless)
                log.warning("rules not applied", session=self.conversation.session_id, rules=useless)

    def _show_typing(self, bot: Bot | None, events: tuple[news.Event, ...]) -> None:
        indicator = self.bridge.indicators.get(bot.platform) if bot else None
        if bot is None or indicator is None or (on := types(events)) is None:
            return
        errand = asyncio.create_task(
            show(indicator, bot, self.conversation.user_id, on, self.conversation.session_id)
        )
        self.bridge.errands.add(errand)
        errand.add_done_callback(self.bridge.errands.discard)

    async def _change(self, change: Change) -> None:
        mark, hold = ticket(), self.conversation.hold
        self._follow_up(await self._patiently(lambda: polls.store_change(self.bridge.redis, hold, change, mark)))

    def _follow_up(self, stored: Stored) -> None:
        """What the store says is so: it may have changed without us, and its answers may have been lost."""
        before = self.conversation.status
        self.conversation.learn(stored.fields)
        if before is not self.conversation.status:
            log.info("became", session=self.conversation.session_id, status=self.conversation.status)
        if stored.to_salesforce >= 0:
            self.ring(Lane.SALESFORCE)
        if stored.to_integration >= 0:
            self.ring(Lane.INTEGRATION)
        if stored.retired:
            self.over()

    async def _patiently(self, write: Callable[[], Awaitable[T]]) -> T:
        """While Redis is away the answer stays un-acknowledged at Salesforce; nothing is polled meanwhile."""
        return await patiently(write, self.bridge.tally, self.conversation.session_id)

    async def _told_before(self, bot: Bot) -> tuple[str, ...]:
        said = await self._patiently(
            lambda: context.read(self.bridge.redis, bot.slug, self.conversation.user_id, settings.CONTEXT_HOURS)
        )
        return transcript.told(bot, said)

    async def _organization(self) -> str:
        bot = await self._bot()
        return bot.org.organization_id if bot and bot.org else ""

    async def _bot(self) -> Bot | None:
        return (await self.bridge.directory.bots()).get(self.conversation.bot_slug)
