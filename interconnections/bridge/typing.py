"""An agent who types, or has read, where the user's platform can show it.

It says something of this moment only: it is no item of a lane, waits behind nothing, holds nothing up, and is
forgotten where it cannot be shown.  A platform that has an indicator says so (`shows_typing`).
"""

import asyncio
from collections.abc import Sequence

import structlog

from interconnections.bridge.conversation import Conversation
from interconnections.bridge.recipients import recipient_of
from interconnections.bridge.services import Bridge
from interconnections.desks import news
from interconnections.directory import Bot
from interconnections.errors import LostOwnership, PlatformError, StoreAway

PATIENCE = 3.0  # seconds; later it would be a lie

log = structlog.get_logger("bridge.typing")


def types(events: Sequence[news.Event]) -> bool | None:
    """Does the agent type, as one answer leaves it?  None where it does not say.

    Servers were seen to confuse the order: with both in one answer, the stop counts (salesforce-live-agent.md
    section 8).  A text stops it anyhow, on every platform.
    """
    told = [event.news for event in events]
    if any(isinstance(each, news.AgentSaid | news.AgentShowed) for each in told):
        return None
    words = {each.on for each in told if isinstance(each, news.AgentTyping)}
    return None if not words else False not in words


def read_until(events: Sequence[news.Event]) -> int:
    """The moment (ms) up to which the agent has read, as one answer tells it; 0 where it does not."""
    return max((event.news.at for event in events if isinstance(event.news, news.AgentRead)), default=0)


async def show_read(bridge: Bridge, conversation: Conversation, bot: Bot, until: int) -> None:
    """The user's last word is marked as read, unless it came later than that.  Never raises."""
    platform = bridge.platforms[bot.platform]
    if not platform.wants_recipient:
        return
    try:
        async with asyncio.timeout(PATIENCE):
            to = await recipient_of(bridge, bot, conversation.user_id)
            if to.said_at is not None and to.said_at <= until:
                await platform.seen(bot.settings, to)
    except (LostOwnership, PlatformError, StoreAway, TimeoutError) as trouble:
        log.info("read mark not shown", session=conversation.session_id, why=type(trouble).__name__)


async def show(bridge: Bridge, conversation: Conversation, bot: Bot, on: bool) -> None:
    """Never raises: nobody misses it."""
    platform = bridge.platforms[bot.platform]
    if not platform.shows_typing:
        return
    try:
        async with asyncio.timeout(PATIENCE):
            await platform.typing(bot.settings, await recipient_of(bridge, bot, conversation.user_id), on)
    except (LostOwnership, PlatformError, StoreAway, TimeoutError) as trouble:
        log.info("typing not shown", session=conversation.session_id, why=type(trouble).__name__)
