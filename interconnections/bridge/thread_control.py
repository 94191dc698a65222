"""Who may answer a user, where the platform lets several apps of a business share its users.

Taken as a chat begins; let go as it ends (`outgoing.given_back`, an item of the lane).
"""

import asyncio

import structlog

from interconnections import clock
from interconnections.bridge.recipients import recipient_of
from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.errors import PlatformError, StoreAway
from interconnections.platforms import PLATFORMS
from interconnections.store import people

PATIENCE = 5.0  # seconds; a bot waits for our answer

log = structlog.get_logger("bridge.thread_control")


async def take_control(bridge: Bridge, bot: Bot, user: str) -> None:
    """Never raises: where it is refused, the first send says why, and the agent is told."""
    word, _ = PLATFORMS[bot.platform].controls(bot.settings)
    if not word:
        return
    try:
        async with asyncio.timeout(PATIENCE):
            to = await recipient_of(bridge, bot, user)
            await bridge.platforms[bot.platform].control(bot.settings, to, word)
            await people.taken(bridge.redis, bot.slug, user, int(clock.now()))
    except (PlatformError, StoreAway, TimeoutError) as trouble:
        bridge.tally.count("tolerated:thread control refused")
        log.warning("the talk with a user was not taken", bot=bot.slug, why=type(trouble).__name__)
