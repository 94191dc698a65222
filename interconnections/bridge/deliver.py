"""The verb of the lanes: one item to its shore, and what to do with it after.

Every answer of a shore is delivered, retry, dead, rebind or replaced.  Raised are HandedOver, as nothing may be sent
until the hand-over is done, and LostOwnership, as nothing was sent and another owner may do it.
"""

import time
from dataclasses import replace

import structlog

from interconnections import clock
from interconnections.backoff import backoff
from interconnections.bot_events import EventType
from interconnections.bridge import transitions
from interconnections.bridge.agent_files import send_file
from interconnections.bridge.bot_delivery import to_bot
from interconnections.bridge.bring import bring, ref_of
from interconnections.bridge.conversation import Conversation
from interconnections.bridge.exchange import Exchange
from interconnections.bridge.failure_notices import HELD_ELSEWHERE, event_of, notice_of, refused
from interconnections.bridge.message_ids import message_id
from interconnections.bridge.quotes import named
from interconnections.bridge.recipients import recipient_of, remember
from interconnections.bridge.reopening import asks_to_reopen
from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.errors import (
    ChatGone,
    DeskError,
    DeskRefused,
    DeskUnwell,
    HandedOver,
    LostOwnership,
    OutOfSequence,
    PairLimited,
    PlatformRefused,
    PlatformStopped,
    PlatformUnwell,
    SessionLost,
    StoreAway,
)
from interconnections.items import Change, Kind, Lane, Origin
from interconnections.lifecycle import Reason, Status
from interconnections.platforms.messages import StateChange
from interconnections.store.days import today
from interconnections.store.lanes import Cause, Settled, Taken, Whose

# Attempts, each cause for itself, after which another one is in vain.
PATIENT_WITH_GONE = 5  # of a POST that the session refused, while the poll has not told why
MOST_REBINDS = 3  # section 3, rule 7
PATIENT_UNNUMBERED = 5  # out of sequence, and no number helps: then the session is broken
PATIENT_WITH_US = 8  # that ended in an exception which nobody expected
SECOND = 1000  # ms
TO_USER, TO_AGENT = "to user", "to agent"

log = structlog.get_logger("bridge.deliver")


async def deliver(bridge: Bridge, conversation: Conversation, lane: Lane, taken: Taken) -> Settled:
    bot = (await bridge.directory.bots()).get(conversation.bot_slug)
    begun = time.monotonic()
    try:
        settled = await SHORES[lane](bridge, conversation, bot, taken)
    except (HandedOver, LostOwnership):
        raise
    except StoreAway:  # nobody's fault of this message's, however often; before the send or after it
        settled = replace(taken.retry(1.0, "Redis was away", Cause.TROUBLE), silent=True)
    except Exception as bug:  # ours: it must neither stop the lane for ever nor be tried each second
        settled = _stumbled(bridge, conversation, lane, taken, bug)
    if settled.outcome == "delivered":
        _relayed(bridge, conversation.bot_slug, taken, time.monotonic() - begun)
        return named(conversation.chat, bot, lane, settled)
    if settled.outcome == "dead":
        log.warning("given up", session=conversation.session_id, lane=lane, why=settled.argument)
    elif settled.outcome == "retry":
        log.info("retry", session=conversation.session_id, lane=lane, why=settled.why, tried=taken.tried())
    elif settled.outcome == "replaced":
        bridge.tally.count("files:link")
    elif settled.outcome == "rebind":
        bridge.tally.count("tolerated:out of sequence")
    if taken.item.kind is Kind.END:  # should it be given up, the chat is over for us all the same
        settled = replace(settled, change=_ended(taken, bot))
    return replace(
        settled,
        told=settled.told or notice_of(taken.item, lane, bot),
        to_bot=event_of(taken.item, lane, bot, settled.argument if settled.outcome == "dead" else settled.why),
        delivery_limit=bot.delivery_limit * SECOND if bot else 0,
        goodbye_limit=bot.goodbye_limit * SECOND if bot else 0,
    )


def _stumbled(bridge: Bridge, conversation: Conversation, lane: Lane, taken: Taken, bug: Exception) -> Settled:
    log.exception("delivery stumbled", session=conversation.session_id, lane=lane, tried=taken.tried(Cause.OURS))
    bridge.tally.count("deliveries stumbled")
    why = f"an unexpected {type(bug).__name__}"
    if taken.tried(Cause.OURS) >= PATIENT_WITH_US:
        return Settled(taken.number, "dead", why)
    return taken.retry(backoff(taken.tried(Cause.OURS), base=0.5, cap=30), why, Cause.OURS)


def _relayed(bridge: Bridge, bot: str, taken: Taken, seconds: float) -> None:
    if taken.item.origin is not Origin.BRIDGE:
        direction = TO_AGENT if taken.item.origin is Origin.USER else TO_USER
        bridge.tally.relayed(direction, taken.waited / SECOND + seconds, today(), bot)


async def to_desk(bridge: Bridge, conversation: Conversation, bot: Bot | None, taken: Taken) -> Settled:
    if taken.item.kind is Kind.FILE:
        return await bring(bridge, conversation, bot, taken)
    ending, chat, fields = taken.item.kind is Kind.END, conversation.chat, {}
    try:
        if ending:
            await chat.end(ref_of(taken), waiting=taken.status == Status.ON_HOLD)
        else:
            fields = dict(await chat.send(_for_agents(bridge, conversation, taken.item.text), ref_of(taken)))
    except OutOfSequence as refusal:
        return out_of_sequence(taken, refusal.actual, bot)
    except ChatGone as gone:
        if ending:
            return _done(taken, bot)  # the agent was first: it is over, which is what was asked for
        if taken.tried(Cause.GONE) < PATIENT_WITH_GONE:
            return taken.retry(1.0, "the session is gone", Cause.GONE)  # the desk will say how it ended
        told = transitions.session_lost if isinstance(gone, SessionLost) else transitions.lost
        return Settled(taken.number, "dead", "the session is gone", told(bot, "session gone"))
    except HandedOver:
        raise
    except DeskRefused as refusal:
        return Settled(taken.number, "dead", str(refusal))
    except DeskUnwell as trouble:
        if trouble.wait:
            return taken.retry(trouble.wait, str(trouble), Cause.ASKED)
        return _trouble(taken, 15, trouble, Whose.SHORE)
    except DeskError as trouble:
        return _trouble(taken, 15, trouble, Whose.SHORE)
    return _done(taken, bot, fields)


def _for_agents(bridge: Bridge, conversation: Conversation, text: str) -> str:
    found = conversation.masked(text)
    if found.slow:
        bridge.tally.count("tolerated:sensitive data rule too slow", len(found.slow))
        log.warning("rules too slow", session=conversation.session_id, rules=sorted(found.slow))
    return found.text


def out_of_sequence(taken: Taken, actual: int | None, bot: Bot | None = None) -> Settled:
    """A 409 (section 3, rule 7).  `actual`: the last number that the server took; None when it did not say.

    After an attempt whose answer was lost, a number that it took means that it has this very message (rulings 20).
    """
    if taken.again and actual is not None and actual >= taken.sequence:
        return _done(taken, bot)
    if actual is not None and taken.tried(Cause.REBOUND) < MOST_REBINDS:
        return taken.rebind(actual + 1)
    tried = taken.tried(Cause.UNNUMBERED)
    if tried < PATIENT_UNNUMBERED:
        return taken.retry(backoff(tried, base=0.5, cap=15), "out of sequence", Cause.UNNUMBERED)
    return Settled(
        taken.number, "dead", "out of sequence, and no number helps", transitions.lost(bot, "out of sequence")
    )


def _done(taken: Taken, bot: Bot | None, fields: dict[str, str] | None = None) -> Settled:
    if taken.item.kind is not Kind.END:
        return Settled(taken.number, "delivered", change=Change(fields=fields) if fields else None)
    return Settled(taken.number, "delivered", change=_ended(taken, bot))


def _ended(taken: Taken, bot: Bot | None) -> Change:
    return transitions.ended_by_us(bot, Reason(taken.item.text), taken.item.name)


async def to_integration(bridge: Bridge, conversation: Conversation, bot: Bot | None, taken: Taken) -> Settled:
    if bot is None:
        return Settled(taken.number, "dead", "this bot is no longer configured")
    if taken.shown_as:  # its answer was lost, and the platform told of it since
        bridge.tally.count("answers lost")
        return Settled(taken.number, "delivered", sent_as=taken.shown_as)
    exchange = Exchange(bridge, conversation, taken.number)
    try:
        sent_as = await INTEGRATION[taken.item.kind](bridge, conversation, bot, taken, exchange)
    except PlatformRefused as refusal:
        if taken.item.kind is Kind.CONTROL:  # nobody said it: there is nothing to send again
            bridge.tally.count("tolerated:thread control refused")
            return Settled(taken.number, "delivered")
        return Settled(taken.number, "dead", str(refusal), told=refused(taken.item, bot, refusal))
    except PlatformUnwell as trouble:
        if taken.item.kind is Kind.STATE:  # another server's trouble than the one that takes texts
            return _trouble(taken, 60, trouble)
        if isinstance(trouble, PlatformStopped):
            bridge.tally.count(f"platform stopped:{bot.slug}:{trouble.code or 'unknown'}")
            log.error("the platform serves this bot no more", bot=bot.slug, why=str(trouble))
        return replace(_unwell(taken, trouble), silent=trouble.silent)
    return Settled(taken.number, "delivered", sent_as=sent_as, took=exchange.took)


def _unwell(taken: Taken, trouble: PlatformUnwell) -> Settled:
    if isinstance(trouble, PairLimited):
        pause = trouble.wait or min(4.0 ** taken.tried(Cause.ASKED), 64.0)
        return taken.retry(pause, str(trouble), Cause.ASKED, Whose.MESSAGE)
    if trouble.wait:  # 0 asks for none, which must not mean at once and for ever
        return taken.retry(trouble.wait, str(trouble), Cause.ASKED, Whose.ASKED)
    return _trouble(taken, 30, trouble, Whose.SHORE)


async def _say(bridge: Bridge, conversation: Conversation, bot: Bot, taken: Taken, exchange: Exchange) -> str:
    """Gives the platform's id of it."""
    platform = bridge.platforms[bot.platform]
    to = await recipient_of(bridge, bot, conversation.user_id)
    if to.held_by:
        raise PlatformRefused("another app has this talk", HELD_ELSEWHERE)
    id = handle_of(conversation.session_id, taken.number) if platform.shows_within else ""
    id = id or message_id(conversation.session_id, taken.number)
    if asks_to_reopen(taken.item, bot):
        sent_as = await platform.reopen(bot.settings, to, id)
    elif taken.item.kind is Kind.FILE:
        sent_as = await send_file(bridge, bot, to, taken.item, id, taken.quotes, exchange)
    else:
        sent_as = await platform.send(bot.settings, to, taken.item, id, taken.quotes)
    if to.named:
        await remember(bridge, bot, to)
    return sent_as


async def _control(bridge: Bridge, conversation: Conversation, bot: Bot, taken: Taken, _: Exchange) -> str:
    to = await recipient_of(bridge, bot, conversation.user_id)
    await bridge.platforms[bot.platform].control(bot.settings, to, taken.item.text)
    return ""


async def _give_back(bridge: Bridge, conversation: Conversation, bot: Bot, taken: Taken, _: Exchange) -> str:
    """Nothing where the bot is not told any more."""
    if api := bridge.state_apis.get(bot.state_api):
        id = message_id(conversation.session_id, taken.number)
        await api.tell(bot.state_settings, conversation.user_id, _given_back(conversation, taken), id)
    return ""


def _given_back(conversation: Conversation, taken: Taken) -> StateChange:
    """In full, as the bot may be told of its chats since this was stored."""
    return StateChange(
        taken.item.text,
        EventType.ENDED,
        int(clock.now()) - taken.waited,
        session_id=conversation.session_id,
        bot_slug=conversation.bot_slug,
        provider=conversation.provider,
        case_id=conversation.case_id,
    )


def _trouble(taken: Taken, cap: float, trouble: Exception, whose: Whose = Whose.MESSAGE) -> Settled:
    """`cap`: seconds that a pause lasts at most."""
    pause = backoff(taken.tried(Cause.TROUBLE), base=0.5, cap=cap)
    return taken.retry(pause, str(trouble), Cause.TROUBLE, whose)


INTEGRATION = {Kind.TEXT: _say, Kind.FILE: _say, Kind.STATE: _give_back, Kind.CONTROL: _control}
SHORES = {Lane.SALESFORCE: to_desk, Lane.INTEGRATION: to_integration, Lane.BOT: to_bot}


def handle_of(session_id: str, number: str) -> str:
    """Our id of a message where the platform tells it back (statuses.py)."""
    return f"{session_id}/{number}"
