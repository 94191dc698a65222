"""What is for the user to the platform, and their return to the bot; what a refusal means for the item."""

from dataclasses import replace

import structlog

from interconnections import clock
from interconnections.backoff import backoff
from interconnections.bot_events import EventType
from interconnections.bridge.agent_files import send_file
from interconnections.bridge.conversation import Conversation
from interconnections.bridge.exchange import Exchange
from interconnections.bridge.failure_notices import HELD_ELSEWHERE, refused
from interconnections.bridge.message_ids import message_id
from interconnections.bridge.recipients import recipient_of, remember
from interconnections.bridge.reopening import asks_to_reopen
from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.errors import PairLimited, PlatformRefused, PlatformStopped, PlatformUnwell
from interconnections.items import Kind
from interconnections.platforms.messages import StateChange
from interconnections.store.lanes import Cause, Settled, Taken, Whose

log = structlog.get_logger("bridge.deliver")


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
        if trouble.crowded:
            return taken.not_asked(str(trouble))
        if taken.item.kind is Kind.STATE:  # another server's trouble than the one that takes texts
            return _later(taken, 60, trouble, Whose.MESSAGE)
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
    return _later(taken, 30, trouble, Whose.SHORE)


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


def _later(taken: Taken, cap: float, trouble: Exception, whose: Whose) -> Settled:
    """`cap`: seconds that a pause lasts at most."""
    return taken.retry(backoff(taken.tried(Cause.TROUBLE), base=0.5, cap=cap), str(trouble), Cause.TROUBLE, whose)


INTEGRATION = {Kind.TEXT: _say, Kind.FILE: _say, Kind.STATE: _give_back, Kind.CONTROL: _control}


def handle_of(session_id: str, number: str) -> str:
    """Our id of a message where the platform tells it back (statuses.py)."""
    return f"{session_id}/{number}"
