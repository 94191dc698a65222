"""What may get stuck in the store, found and set right: by one worker at a time, every now and then.

Nothing should ever need it; what it finds is counted by its cause, and each is worth a look.
"""

import asyncio

from interconnections.errors import StoreAway
from interconnections.lifecycle import OPEN
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.scripts import run

AT_ONCE = 200  # ids that one script looks at: a millisecond or two of Redis
JUST_OVER = 1000  # of those that are over, the latest that are looked at
ALONE_FOR = 25_000  # ms that no other worker looks


async def mend(redis: AsyncRedis, worker: str) -> list[tuple[str, str]]:
    """(session id, cause) of what was stuck; empty, too, where another worker has just looked."""
    try:
        if not await redis.set(key("mending"), worker, nx=True, px=ALONE_FOR):
            return []
        found = await _mend(redis, await redis.zrange(key("over"), 0, JUST_OVER - 1, desc=True))
        for status in sorted(OPEN):
            start = 0
            while ids := await redis.zrange(key("index", status, "*", "*"), start, start + AT_ONCE - 1):
                found += await _mend(redis, ids)
                start += AT_ONCE
                await asyncio.sleep(0.01)  # nobody waits for this
    except RedisError as error:
        raise StoreAway(f"mending: {type(error).__name__}") from error
    return found


async def _mend(redis: AsyncRedis, ids: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for start in range(0, len(ids), AT_ONCE):
        words = iter(str(word) for word in await run(redis, "mend", *ids[start : start + AT_ONCE]))
        found += list(zip(words, words, strict=True))
    return found
