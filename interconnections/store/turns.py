"""A turn at a rate limit that all processes share, for one who waits in person and not in a lane."""

from interconnections.store.connection import AsyncRedis
from interconnections.store.lanes import Bucket
from interconnections.store.scripts import run


async def turn(redis: AsyncRedis, bucket: Bucket, who: str) -> int:
    """Milliseconds until it is `who`'s turn, 0: it is now.  Asked again then; who does not come loses it."""
    answer = await run(redis, "turn", bucket.name, bucket.scope, bucket.burst, 1 / bucket.every, who)
    return int(str(answer[0]))
