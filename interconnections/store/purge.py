"""Forgetting what is past its retention: row, streams and index entries in one step; and old dead letters."""

import asyncio
import json
import time
from dataclasses import dataclass

from interconnections.errors import StoreAway
from interconnections.items import Lane
from interconnections.store.changes import retention
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.scripts import run
from interconnections.store.searching import SEARCHED, search_entries

AT_ONCE = 20  # interconnections that one script forgets: a few milliseconds of Redis
ASIDE = 3_600_000  # ms after which one that could not be forgotten is tried again


@dataclass(frozen=True, slots=True)
class Purged:
    """`due`: how many were looked at; `stuck`: session ids of those that could not go, and do not stop the others."""

    due: int = 0
    gone: int = 0
    stuck: tuple[str, ...] = ()

    def __add__(self, other: "Purged") -> "Purged":
        return Purged(self.due + other.due, self.gone + other.gone, self.stuck + other.stuck)


async def purge_due(redis: AsyncRedis) -> Purged:
    """Until nothing is due.  Others have Redis for as long as each step took, so it never has more than half."""
    try:
        seconds, _ = await redis.time()
        oldest = seconds * 1000 - retention()
        await redis.xtrim(key("dead"), minid=oldest, approximate=True)
        await redis.delete(*(key("waiting before", lane) for lane in Lane))
        for bot in await redis.smembers(key("bots")):
            await redis.zremrangebyscore(key("dead of", bot), "-inf", oldest)
    except RedisError as error:
        raise StoreAway(f"dead letters: {type(error).__name__}") from error
    purged = Purged()
    while True:
        began = time.monotonic()
        step = await purge_some(redis)
        purged += step
        if not step.due:
            return purged
        await asyncio.sleep(time.monotonic() - began)


async def purge_some(redis: AsyncRedis) -> Purged:
    """One step: at most AT_ONCE of those that are due."""
    try:
        seconds, _ = await redis.time()
        ids = await redis.zrangebyscore(key("over"), "-inf", seconds * 1000, start=0, num=AT_ONCE)
        if not ids:
            return Purged()
        pipe = redis.pipeline(transaction=False)
        for id in ids:
            pipe.hmget(key("hash", id), list(SEARCHED))
        found = await pipe.execute(raise_on_error=False)
    except RedisError as error:
        raise StoreAway(f"purge: {type(error).__name__}") from error
    arguments = [part for id, values in zip(ids, found, strict=True) for part in (id, _entries(values))]
    gone, *stuck = await run(redis, "purge", ASIDE, *arguments)
    return Purged(len(ids), int(str(gone)), tuple(str(session) for session in stuck))


def _entries(values: object) -> str:
    """What the search finds it by, as the script reads it; nothing of one that cannot be read."""
    if not isinstance(values, list):
        return "[]"
    return entries_of({name: value or "" for name, value in zip(SEARCHED, values, strict=True)})


def entries_of(row: dict[str, str]) -> str:
    """The search's entries of a row, as the script reads them."""
    return json.dumps(search_entries(row))
