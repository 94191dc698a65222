"""The libraries of functions that releases left in Redis: one is deleted when no worker has used it for long.

Whoever still calls one that was deleted loads it again, so a mistake costs one call.
"""

from redis.exceptions import RedisError, ResponseError

from interconnections.store.connection import AsyncRedis
from interconnections.store.keys import key
from interconnections.store.script_text import library_name
from interconnections.store.scripts import as_functions, trouble

KEPT = 30 * 86_400_000  # ms after its last use


async def tidy(redis: AsyncRedis, kept: int = KEPT) -> list[str]:
    """Note that this release's is in use, and delete those that are not; gives their names.  Raises StoreAway."""
    if not as_functions.allowed:
        return []
    try:
        seconds, micros = await redis.time()
        now = seconds * 1000 + micros // 1000
        await redis.zadd(key("libraries"), {library_name(): now})
        unused: list[str] = await redis.zrangebyscore(key("libraries"), "-inf", now - kept - 1)
        for name in unused:
            await _delete(redis, name)
            await redis.zrem(key("libraries"), name)
    except RedisError as error:
        raise trouble("libraries", error) from error
    return unused


async def _delete(redis: AsyncRedis, name: str) -> None:
    try:
        await redis.function_delete(name)
    except ResponseError as refused:
        if "Library not found" not in str(refused):
            raise
