"""Parts of webhooks that are their platform's, and that nobody can read: kept as dead letters of their own kind."""

import hashlib
from enum import StrEnum

from interconnections.items import Item, Kind, Origin
from interconnections.store.connection import AsyncRedis
from interconnections.store.scripts import run

LANE = "webhook"  # in the place of a lane: it was on its way to nobody yet
LONGEST = 20_000  # characters of one
MOST = 100  # of a bot within an hour: the first show what is wrong


class Kept(StrEnum):
    KEPT = "kept"
    REPEAT = "repeat"  # kept before
    ENOUGH = "enough"  # not kept: this bot had enough of them within the hour


async def keep(redis: AsyncRedis, bot: str, why: str, part: str, dedupe: int) -> Kept:
    """`dedupe`: seconds for which the same part is known again.  Raises StoreAway."""
    mark = "unread:" + hashlib.sha256(part.encode()).hexdigest()
    said = Item(Kind.TEXT, Origin.BRIDGE, part[:LONGEST]).encoded()
    answer = await run(redis, "keep_unread", bot, mark, dedupe, MOST, LANE, said, f"{bot}: {why}")
    return Kept(str(answer[0]))
