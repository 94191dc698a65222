"""The figures that a board and monitoring show: kept by the scripts, read here without any scan."""

from dataclasses import dataclass

from interconnections.errors import StoreAway
from interconnections.lifecycle import Status
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key


@dataclass(frozen=True, slots=True)
class Figures:
    """`by_status`: interconnections stored; `owned`: by worker; `totals`: since the store began, by name."""

    workers: int
    by_status: dict[str, int]
    owned: dict[str, int]
    free: int
    starting: int
    dead_letters: int
    totals: dict[str, int]


async def figures(redis: AsyncRedis) -> Figures:
    """Two round trips, whatever the number of interconnections."""
    try:
        seconds, _ = await redis.time()
        pipe = redis.pipeline(transaction=False)
        pipe.zrangebyscore(key("workers"), seconds * 1000, "+inf")
        for status in Status:
            pipe.zcard(key("index", status, "*", "*"))
        pipe.zcard(key("free"))
        pipe.zcard(key("starting"))
        pipe.xlen(key("dead"))
        pipe.hgetall(key("counters"))
        workers, *cards, free, starting, dead, totals = await pipe.execute()
        pipe = redis.pipeline(transaction=False)
        for worker in workers:
            pipe.scard(key("owned", worker))
        owned = await pipe.execute()
    except RedisError as error:
        raise StoreAway(f"figures: {type(error).__name__}") from error
    return Figures(
        workers=len(workers),
        by_status=dict(zip(Status, cards, strict=True)),
        owned=dict(zip(workers, owned, strict=True)),
        free=free,
        starting=starting,
        dead_letters=dead,
        totals={name: int(value) for name, value in totals.items()},
    )
