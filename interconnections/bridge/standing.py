"""How bots stand at their platforms, asked now and then: how they are rated, to how many users they may write first,
and whether we are told what their users say.

An hour apart for each bot, by whichever worker comes first, and sooner where the platform told of a change; never on
a message's way, and nobody waits for it.
"""

import time

import structlog

from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.directory.values import account_of
from interconnections.errors import PlatformError, Unavailable
from interconnections.store import standing
from interconnections.store.standing import Quality, Reach, Subscribed

APART = 3600  # seconds between two looks at a bot

log = structlog.get_logger("bridge.platforms")


async def look(bridge: Bridge) -> None:
    """At each bot whose turn it is; raises StoreAway."""
    try:
        bots = await bridge.directory.bots()
    except Unavailable:  # nobody knows which there are
        return
    for bot in bots.values():
        if bot.platform in bridge.lookers and await standing.turn(bridge.redis, bot.slug, APART):
            await _look_at(bridge, bot)


async def _look_at(bridge: Bridge, bot: Bot) -> None:
    at = int(time.time() * 1000)
    try:
        told = await bridge.lookers[bot.platform].standing(bot.settings)
    except PlatformError as trouble:
        bridge.tally.count(f"standing untold:{bot.slug}")
        log.info("the platform does not tell how the bot stands", bot=bot.slug, why=str(trouble))
        return
    account = account_of(bot)
    if told.quality:
        await standing.note(bridge.redis, bot.slug, Quality(told.quality, account), at)
    if told.subscribed is None:
        await standing.forget_subscribed(bridge.redis, bot.slug)
    else:
        await standing.note(bridge.redis, bot.slug, Subscribed(told.subscribed, account), at)
    if told.reach:
        await standing.note(bridge.redis, bot.slug, Reach(told.reach, account), at)
