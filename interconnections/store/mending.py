"""What may get stuck in the store, found and set right: by one worker at a time, a little each second.

Nothing should ever need it; what it finds is counted by its cause, and each is worth a look.
"""

import asyncio
from collections.abc import AsyncIterator

from interconnections.errors import StoreAway
from interconnections.lifecycle import OPEN
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.scripts import run

AT_ONCE = 50  # ids that one script looks at: a fraction of a millisecond of Redis
REST = 0.5  # seconds between two of them: a hundred conversations a second, whatever their number
JUST_OVER = 500  # of those that are over, the latest that are looked at
ALONE_FOR = 25_000  # ms that no other worker looks, from the last step on


async def mend(redis: AsyncRedis, worker: str, rest: float = REST) -> list[tuple[str, str]]:
    """(session id, cause) of what was stuck; empty, too, where another worker looks or has just looked."""
    try:
        if not await redis.set(key("mending"), worker, nx=True, px=ALONE_FOR):
            return []
        found: list[tuple[str, str]] = []
        async for ids in _all(redis):
            words = iter(str(word) for word in await run(redis, "mend", *ids))
            found += list(zip(words, words, strict=True))
            if len(ids) == AT_ONCE:
                await asyncio.sleep(rest)
                await redis.pexpire(key("mending"), ALONE_FOR)
    except RedisError as error:
        raise StoreAway(f"mending: {type(error).__name__}") from error
    return found


async def _all(redis: AsyncRedis) -> AsyncIterator[list[str]]:
    """The latest that are over, then all that are open, the oldest first; never many at once."""
    for start in range(0, JUST_OVER, AT_ONCE):
        if ids := await redis.zrange(key("over"), start, start + AT_ONCE - 1, desc=True):
            yield ids
    for status in sorted(OPEN):
        start = 0
        while ids := await redis.zrange(key("index", status, "*", "*"), start, start + AT_ONCE - 1):
            yield ids
            start += AT_ONCE
