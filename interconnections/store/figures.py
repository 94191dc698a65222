"""The figures that a board and monitoring show: kept by the scripts, read here without any scan."""

import asyncio
from dataclasses import dataclass, field

from interconnections.errors import StoreAway
from interconnections.items import Lane
from interconnections.lifecycle import Status
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.leases import LONGEST_PUT_OFF
from interconnections.store.standing import Quality, Reach, Subscribed
from interconnections.store.standing import quality as read_quality
from interconnections.store.standing import reach as read_reach
from interconnections.store.standing import subscribed as read_subscribed
from interconnections.tally import Tally


@dataclass(frozen=True, slots=True)
class Figures:
    """`by_status`: interconnections stored; `owned`: by worker; `totals`: since the store began, by name.

    `depth`: items in the lanes of a direction; `oldest`: seconds since the longest waiting item could have gone;
    `paused`: bots whose shore is spared; `reports`: what each worker said of itself.
    """

    workers: int
    by_status: dict[str, int]
    owned: dict[str, int]
    free: int
    starting: int
    dead_letters: int
    schema: int
    totals: dict[str, int]
    depth: dict[str, int] = field(default_factory=dict)
    oldest: dict[str, float] = field(default_factory=dict)
    paused: dict[str, int] = field(default_factory=dict)
    reports: dict[str, dict[str, float]] = field(default_factory=dict)
    unreadable: int = 0  # that no worker could carry at its last try
    reach: dict[str, Reach] = field(default_factory=dict)  # by bot, also by those that are gone
    quality: dict[str, Quality] = field(default_factory=dict)  # likewise
    subscribed: dict[str, Subscribed] = field(default_factory=dict)  # likewise
    api_calls: dict[str, tuple[int, int]] = field(default_factory=dict)  # by org: used and allowed in 24 hours


async def figures(redis: AsyncRedis) -> Figures:
    """Three round trips, whatever the number of interconnections."""
    try:
        seconds, micros = await redis.time()
        now = seconds * 1000 + micros // 1000
        pipe = redis.pipeline(transaction=False)
        pipe.zrangebyscore(key("workers"), now, "+inf")
        pipe.smembers(key("bots"))
        for status in Status:
            pipe.zcard(key("index", status, "*", "*"))
        pipe.zcount(key("free"), "-inf", now)
        pipe.zcount(key("unreadable"), now - 3 * LONGEST_PUT_OFF, "+inf")
        pipe.zcard(key("starting"))
        pipe.xlen(key("dead"))
        pipe.get(key("schema"))
        pipe.hgetall(key("counters"))
        pipe.hgetall(key("depth"))
        pipe.hgetall(key("usage"))
        pipe.hgetall(key("reach"))
        pipe.hgetall(key("quality"))
        pipe.hgetall(key("subscribed"))
        workers, bots, *answers = await pipe.execute()
        found = iter(answers)
        by_status = {str(status): int(next(found)) for status in Status}
        free, unreadable, starting, dead, schema, totals, depth, usage, reach, quality, subscribed = (
            next(found) for _ in range(11)
        )
        pipe = redis.pipeline(transaction=False)
        for worker in workers:
            pipe.scard(key("owned", worker))
            pipe.hgetall(key("report", worker))
        for lane in Lane:
            for bot in bots:
                pipe.hget(key("shore", lane, bot), "pausedUntil")
                pipe.zrange(key("waiting", lane, bot), 0, 0, withscores=True)
        found = iter(await pipe.execute())
        owned, reports = {}, {}
        for worker in workers:
            owned[worker] = next(found)
            reports[worker] = {name: float(value) for name, value in next(found).items()}
        paused, oldest = {}, {}
        for lane in Lane:
            shores = [(int(next(found) or 0), next(found)) for _ in bots]
            paused[str(lane)] = sum(until > now for until, _ in shores)
            oldest[str(lane)] = max([0.0, *((now - first[0][1]) / 1000 for _, first in shores if first)])
    except RedisError as error:
        raise StoreAway(f"figures: {type(error).__name__}") from error
    return Figures(
        workers=len(workers),
        by_status=by_status,
        owned=owned,
        free=free,
        unreadable=unreadable,
        starting=starting,
        dead_letters=dead,
        schema=int(schema or 0),
        totals={name: int(value) for name, value in totals.items()},
        depth={lane: max(0, int(depth.get(lane, 0))) for lane in Lane},
        oldest=oldest,
        paused=paused,
        reports=reports,
        reach={bot: read_reach(told) for bot, told in reach.items()},
        quality={bot: read_quality(told) for bot, told in quality.items()},
        subscribed={bot: read_subscribed(told) for bot, told in subscribed.items()},
        api_calls={org: _pair(told) for org, told in usage.items()},
    )


def _pair(told: str) -> tuple[int, int]:
    used, _, allowed = told.partition("/")
    return int(used), int(allowed)


async def add(redis: AsyncRedis, tally: Tally) -> None:
    """What a process without a heartbeat counted; it stays in its tally where it could not be stored."""
    totals = tally.taken()
    try:
        pipe = redis.pipeline(transaction=True)  # all of them or none
        for name, n in totals.items():
            pipe.hincrby(key("counters"), name, n)
        await pipe.execute()
    except RedisError as error:
        tally.give_back(totals)
        raise StoreAway(f"totals: {type(error).__name__}") from error
    except asyncio.CancelledError:  # who asked for the figures hung up
        tally.give_back(totals)
        raise
