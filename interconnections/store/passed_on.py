"""Which parts of a bot's webhooks the bot itself has taken: marks beside those of messages that were stored."""

from collections.abc import Sequence

from interconnections.errors import StoreAway
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key

TAKEN = "passed on"


async def of(redis: AsyncRedis, bot: str, marks: Sequence[str]) -> set[str]:
    """Those of `marks` that the bot took."""
    if not marks:
        return set()
    try:
        found = await redis.mget([key("seen", bot, mark) for mark in marks])
    except RedisError as error:
        raise StoreAway(f"passed on: {type(error).__name__}") from error
    return {mark for mark, kept in zip(marks, found, strict=True) if kept == TAKEN}


async def remember(redis: AsyncRedis, bot: str, marks: Sequence[str], seconds: int) -> None:
    try:
        pipe = redis.pipeline(transaction=False)
        for mark in marks:
            pipe.set(key("seen", bot, mark), TAKEN, ex=seconds)
        await pipe.execute()
    except RedisError as error:
        raise StoreAway(f"passed on: {type(error).__name__}") from error
