"""Who owns what: workers live by a lease, interconnections carry a fence that only grows."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from redis.exceptions import ResponseError

from interconnections import clock
from interconnections.errors import StoreAway
from interconnections.items import Change
from interconnections.secret import Secret, unseal
from interconnections.store.changes import encoded
from interconnections.store.connection import AsyncRedis, RedisError, for_pages
from interconnections.store.keys import key
from interconnections.store.redial import Condemned
from interconnections.store.scripts import run, run_for_page

PROBE = 60_000  # ms that the probe's key stays
LONGEST_PUT_OFF = 60_000  # ms between two tries of one that could not be carried


@dataclass(frozen=True, slots=True)
class Hold:
    """Proof of ownership that every write shows."""

    id: str
    worker: str
    fence: str


@dataclass(frozen=True, slots=True)
class Beat:
    """A heartbeat's answer.  `was_alive` False: others declared us dead and took what we owned.

    `drains`: a supervisor wants all of it given away, `asked`: ids of those alone.
    """

    was_alive: bool
    owned: int
    share: int
    workers: int
    claims: tuple[Hold, ...]
    drains: bool = False
    asked: frozenset[str] = frozenset()


async def beat(
    redis: AsyncRedis,
    worker: str,
    lease: int,
    most: int,
    capacity: int,
    totals: Mapping[str, int] | None = None,
    gauges: Mapping[str, float] | None = None,
) -> Beat:
    """Renew the lease (ms), bury dead workers, claim at most `most` free interconnections; learn Redis' time.

    `totals` are added to the counters, `gauges` shown beside the worker's name while it lives.
    """
    asked = clock.here()
    was, owned, share, workers, flat, now, drains, taken = await run(
        redis, "heartbeat", worker, lease, most, capacity,
        json.dumps(totals or {}), json.dumps(gauges or {}), secrets.token_hex(8),
    )  # fmt: skip
    clock.learn(int(str(now)), asked, clock.here())
    pairs = iter(flat if isinstance(flat, list) else [])
    claims = tuple(Hold(id, worker, fence) for id, fence in zip(pairs, pairs, strict=True))
    wanted = frozenset(taken if isinstance(taken, list) else ())
    return Beat(was == 1, int(str(owned)), int(str(share)), int(str(workers)), claims, drains == 1, wanted)


def renew(worker: str, lease: int) -> bool:
    """The lease (ms) alone, from a thread; False when it ended already."""
    redis = for_pages()
    return run_for_page(redis, "renew", worker, lease)[0] == 1


async def depart(redis: AsyncRedis, worker: str) -> None:
    """`worker` claims nothing any more; its share is the others', while its last messages land."""
    try:
        pipe = redis.pipeline(transaction=True)
        pipe.hset(key("report", worker), "leaving", 1)
        pipe.persist(key("report", worker))
        await pipe.execute()
    except RedisError as error:
        raise StoreAway(f"depart: {type(error).__name__}") from error


async def release(redis: AsyncRedis, worker: str, holds: list[Hold], *, leaving: bool = False) -> int:
    flat = [part for hold in holds for part in (hold.id, hold.fence)]
    return int(str((await run(redis, "release", worker, "1" if leaving else "0", *flat))[0]))


async def put_off(redis: AsyncRedis, hold: Hold, end: Change) -> bool:
    """Give back what we cannot carry, to be claimed after a pause that grows, by another worker first.

    True where it came to its `end` instead: it is ours still, and there are no tokens any more.
    """
    answer = await run(redis, "put_off", hold.id, hold.worker, hold.fence, encoded(end), LONGEST_PUT_OFF)
    return answer[0] == "ended"


async def owned(redis: AsyncRedis, worker: str) -> list[Hold]:
    """What Redis believes that we own: more than we know after a heartbeat whose answer was lost."""
    try:
        ids = list(await redis.smembers(key("owned", worker)))
        pipe = redis.pipeline(transaction=False)
        for id in ids:
            pipe.hget(key("hash", id), "fence")
        fences = await pipe.execute()
    except RedisError as error:
        raise StoreAway(f"owned: {type(error).__name__}") from error
    return [Hold(id, worker, fence) for id, fence in zip(ids, fences, strict=True) if fence]


async def load(redis: AsyncRedis, id: str) -> tuple[dict[str, str], dict[str, Secret]]:
    """The hash and the tokens of one interconnection; raises Undecipherable when no key fits."""
    try:
        pipe = redis.pipeline(transaction=True)
        pipe.hgetall(key("hash", id))
        pipe.hgetall(key("tokens", id))
        fields, tokens = await pipe.execute()
    except RedisError as error:
        raise StoreAway(f"load: {type(error).__name__}") from error
    return fields, {name: unseal(sealed) for name, sealed in tokens.items()}


async def fields(redis: AsyncRedis, id: str) -> dict[str, str]:
    """The hash alone, which any worker can read."""
    try:
        found: dict[str, str] = await redis.hgetall(key("hash", id))
    except RedisError as error:
        raise StoreAway(f"fields: {type(error).__name__}") from error
    return found


async def incarnation(redis: AsyncRedis) -> str:
    """Which server it is that answers: changes when Sentinel made another one the master."""
    try:
        return str((await redis.info("replication")).get("master_replid", ""))
    except RedisError as error:
        raise StoreAway(f"incarnation: {type(error).__name__}") from error


async def live_workers(redis: AsyncRedis) -> int:
    try:
        seconds, micros = await redis.time()
        return int(await redis.zcount(key("workers"), seconds * 1000 + micros // 1000, "+inf"))
    except RedisError as error:
        raise StoreAway(f"workers: {type(error).__name__}") from error


async def takes_writes(redis: AsyncRedis) -> bool:
    """False where Redis answers and refuses a write: a replica, one without memory; raises StoreAway."""
    try:
        return bool(await redis.set(key("probe"), 1, px=PROBE))
    except RedisError as error:
        if isinstance(error, (ResponseError, Condemned)):
            return False
        raise StoreAway(f"probe: {type(error).__name__}") from error
