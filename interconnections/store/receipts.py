"""What phones told of the agents' words and the desk does not know yet: noted by status.lua, taken by the owner."""

from interconnections.errors import StoreAway
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key


async def taken(redis: AsyncRedis, id: str) -> dict[str, str]:
    """The desk's name of a message -> delivered | read.  They are gone with that, be our answer lost."""
    try:
        async with redis.pipeline(transaction=True) as pipe:
            pipe.hgetall(key("receipts", id))
            pipe.delete(key("receipts", id))
            found, _ = await pipe.execute()
    except RedisError as error:
        raise StoreAway(f"receipts: {type(error).__name__}") from error
    return dict(found)
