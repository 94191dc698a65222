"""How far a rolling upgrade has come: in which version the store is written, and in which each live worker writes."""

from dataclasses import dataclass

from interconnections.store.connection import AsyncRedis
from interconnections.store.keys import key
from interconnections.store.schema import OLDEST

REPORTED = "schema"  # among what a worker says of itself at its heartbeats


@dataclass(frozen=True, slots=True)
class Upgrade:
    stored: int | None  # None: nothing is written yet
    workers: tuple[int, ...]  # those that do not say are of a release before the one that began to


async def upgrade(redis: AsyncRedis) -> Upgrade:
    seconds, _ = await redis.time()
    pipe = redis.pipeline(transaction=False)
    pipe.get(key("schema"))
    pipe.zrangebyscore(key("workers"), seconds * 1000, "+inf")
    stored, live = await pipe.execute()
    for worker in live:
        pipe.hget(key("report", worker), REPORTED)
    said = await pipe.execute()
    return Upgrade(None if stored is None else int(stored), tuple(int(one or OLDEST) for one in said))
