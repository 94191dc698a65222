"""An agent who types, where the user's platform can show it.

It says something of this moment only: it is no item of a lane, waits behind nothing, holds nothing up, and is
forgotten where it cannot be shown.  A platform that has an indicator says so (`shows_typing`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

import structlog

from interconnections.desks import news
from interconnections.directory import Bot
from interconnections.errors import LostOwnership, PlatformError
from interconnections.platforms.platform import Platform

# (the bot, the user's id, on or off); raises PlatformErrors
Indicator: TypeAlias = Callable[[Bot, str, bool], Awaitable[None]]


def indicator_of(platform: Platform) -> Indicator:
    async def indicate(bot: Bot, user: str, on: bool) -> None:
        await platform.typing(bot.settings, user, on)

    return indicate


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


async def show(indicator: Indicator, bot: Bot, user: str, on: bool, session_id: str) -> None:
    """Never raises: nobody misses it."""
    try:
        async with asyncio.timeout(PATIENCE):
            await indicator(bot, user, on)
    except (LostOwnership, PlatformError, TimeoutError) as trouble:
        log.info("typing not shown", session=session_id, why=type(trouble).__name__)
