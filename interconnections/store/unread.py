"""Webhooks that are their platform's, and that nobody can read: kept as dead letters of their own kind."""

import time

from interconnections.errors import StoreAway
from interconnections.items import Item, Kind, Origin
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key

LANE = "webhook"  # in the place of a lane: it was on its way to nobody yet
LONGEST = 20_000  # characters of one
MOST, WITHIN = 100, 3600  # of a bot, within so many seconds: the first show what is wrong


async def keep(redis: AsyncRedis, bot: str, why: str, body: str) -> bool:
    """False where this bot had enough of them within the hour; raises StoreAway."""
    counted, at = key("unread webhooks", bot), int(time.time() * 1000)
    try:
        pipe = redis.pipeline(transaction=True)
        pipe.incr(counted)
        pipe.expire(counted, WITHIN, nx=True)
        number, _ = await pipe.execute()
        if number > MOST:
            return False
        said = Item(Kind.TEXT, Origin.BRIDGE, body[:LONGEST]).encoded()
        row = {"id": "", "session": "", "lane": LANE, "number": "", "item": said, "why": f"{bot}: {why}", "at": at}
        await redis.xadd(key("dead"), row, maxlen=100_000, approximate=True)
    except RedisError as error:
        raise StoreAway(f"unread webhooks: {type(error).__name__}") from error
    return True
