"""What the doctor asks Redis: a bounded number of commands, nothing written, nobody's data."""

import re
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from interconnections.errors import StoreAway
from interconnections.items import Lane
from interconnections.lifecycle import OPEN
from interconnections.store.connection import AsyncRedis, RedisError, connect
from interconnections.store.keys import PREFIX, TEMPLATES, key
from interconnections.store.scripts import source

PINGS = 20
LOOKED_AT = 2000  # open conversations, the oldest of each status
TOKENS_TRIED = 200
KEYS_SEEN = 2000  # of the schema's sample
DAY = 86_400_000  # ms
SILENCE = 60_000  # ms without news after which a conversation is quiet
LATE = 10_000  # ms after which what is due should have been tried


@dataclass(frozen=True, slots=True)
class Server:
    """How the server is set up; None where it did not tell."""

    version: str
    valkey: bool
    role: str
    appendonly: bool
    appended: bool  # the last write to the append-only file went well
    appendfsync: str | None
    policy: str
    used: int  # bytes
    limit: int  # bytes, 0: none
    machine: int  # bytes of the machine it runs on, 0: unknown
    replica_lags: tuple[int, ...]  # seconds
    latency: float  # ms, the median
    clock: float  # seconds that its clock is ahead of ours
    scripts: bool  # ours are understood


@dataclass(frozen=True, slots=True)
class Work:
    """How the work stands.  Ages are ms."""

    workers: int
    dead_workers: int  # their lease ended, and nobody took what they own
    owned: int
    open: int
    free: tuple[int, ...]  # ages of conversations that want an owner
    overdue_starts: tuple[int, ...]  # ages beyond the deadline
    orphans: int  # open, and owned by nobody who lives, nor free, nor starting
    unheard: int  # begun a minute ago, and no poll ever brought anything
    quiet: int  # the last news is older than a minute
    overdue: dict[str, tuple[int, ...]] = field(default_factory=dict)  # by lane: ages of what should have been sent
    looked_at: int = 0
    dead_letters: int = 0
    fresh_dead: Counter[tuple[str, str]] = field(default_factory=Counter)  # of the last day, by (lane, why)


@dataclass(frozen=True, slots=True)
class State:
    """Of one open conversation.  Moments are ms, 0 for never."""

    owner: str
    started: bool
    polled: int  # the last poll that brought something
    opened: int


@asynccontextmanager
async def asking() -> AsyncIterator[AsyncRedis]:
    """A connection; whatever breaks is a StoreAway that names the kind of trouble and no address."""
    redis = connect(max_connections=4)
    try:
        yield redis
    except RedisError as error:
        raise StoreAway(type(error).__name__) from None
    finally:
        await redis.aclose()


async def server(redis: AsyncRedis) -> Server:
    info = await redis.info("everything")
    try:
        fsync = (await redis.config_get("appendfsync")).get("appendfsync")
    except RedisError:
        fsync = None  # managed servers hide their configuration
    laps = []
    for _ in range(PINGS):
        start = time.perf_counter()
        await redis.ping()
        laps.append((time.perf_counter() - start) * 1000)
    before = time.time()
    seconds, micros = await redis.time()
    ours = (before + time.time()) / 2
    replicas = [value for name, value in info.items() if re.fullmatch(r"slave\d+", name) and isinstance(value, dict)]
    return Server(
        version=str(info.get("valkey_version") or info.get("redis_version", "0")),
        valkey=info.get("server_name") == "valkey",
        role=str(info.get("role", "")),
        appendonly=info.get("aof_enabled") == 1,
        appended=info.get("aof_last_write_status", "ok") == "ok",
        appendfsync=fsync,
        policy=str(info.get("maxmemory_policy", "")),
        used=int(info.get("used_memory", 0)),
        limit=int(info.get("maxmemory", 0)),
        machine=int(info.get("total_system_memory", 0)),
        replica_lags=tuple(int(replica.get("lag", 0)) for replica in replicas),
        latency=statistics.median(laps),
        clock=seconds + micros / 1e6 - ours,
        scripts=await _understands(redis),
    )


async def _understands(redis: AsyncRedis) -> bool:
    try:
        await redis.script_load(source("hear"))
    except RedisError:
        return False
    return True


async def work(redis: AsyncRedis) -> Work:
    seconds, micros = await redis.time()
    now = seconds * 1000 + micros // 1000
    pipe = redis.pipeline(transaction=False)
    pipe.zrange(key("workers"), 0, -1, withscores=True)
    pipe.zrange(key("free"), 0, LOOKED_AT - 1, withscores=True)
    pipe.zrange(key("starting"), 0, LOOKED_AT - 1, withscores=True)
    for status in sorted(OPEN):
        pipe.zrange(key("index", status, "*", "*"), 0, LOOKED_AT - 1)
        pipe.zcard(key("index", status, "*", "*"))
    pipe.xlen(key("dead"))
    pipe.xrange(key("dead"), min=now - DAY, count=LOOKED_AT)
    leases, free, starting, *listed, dead, fresh = await pipe.execute()
    ids = [id for found in listed[0::2] for id in found]
    live = [name for name, until in leases if until >= now]
    states = await _states(redis, ids)
    waiting = {id for id, _ in free} | {id for id, _ in starting}
    return Work(
        workers=len(live),
        dead_workers=len(leases) - len(live),
        owned=sum(bool(state.owner) for state in states),
        open=sum(listed[1::2]),
        free=tuple(int(now - since) for _, since in free),
        overdue_starts=tuple(int(now - until) for _, until in starting if until < now),
        orphans=sum(id not in waiting and state.owner not in live for id, state in zip(ids, states, strict=True)),
        unheard=sum(state.started and not state.polled and state.opened < now - SILENCE for state in states),
        quiet=sum(0 < state.polled < now - SILENCE for state in states),
        overdue={lane: await _overdue(redis, lane, live, now) for lane in Lane},
        looked_at=len(ids),
        dead_letters=dead,
        fresh_dead=Counter((letter.get("lane", "?"), letter.get("why", "?")) for _, letter in fresh),
    )


async def _states(redis: AsyncRedis, ids: list[str]) -> list[State]:
    pipe = redis.pipeline(transaction=False)
    for id in ids:
        pipe.hmget(key("hash", id), "owner", "started", "polledAt", "openedAt")
    return [
        State(owner or "", started == "1", int(polled or 0), int(opened or 0))
        for owner, started, polled, opened in await pipe.execute()
    ]


async def _overdue(redis: AsyncRedis, lane: Lane, workers: list[str], now: int) -> tuple[int, ...]:
    pipe = redis.pipeline(transaction=False)
    for worker in workers:
        pipe.zrangebyscore(key("due", lane, worker), "-inf", now - LATE, 0, LOOKED_AT, withscores=True)
    return tuple(int(now - due) for found in await pipe.execute() for _, due in found)


async def sealed_tokens(redis: AsyncRedis) -> list[str]:
    """Some tokens of open conversations, as they rest."""
    ids = [id for status in OPEN for id in await redis.zrange(key("index", status, "*", "*"), 0, TOKENS_TRIED - 1)]
    pipe = redis.pipeline(transaction=False)
    for id in ids:
        pipe.hget(key("tokens", id), "sessionKey")
    return [sealed for sealed in await pipe.execute() if sealed]


async def strangers(redis: AsyncRedis) -> list[str]:
    """Kinds of keys under our prefix that this release does not know, from a sample; never a whole key."""
    known = [re.compile(re.escape(PREFIX + template).replace("%s", ".+")) for template in TEMPLATES.values()]
    known.append(re.compile(re.escape(PREFIX + "cache") + ".*"))
    found: Counter[str] = Counter()
    cursor, seen = 0, 0
    while seen < KEYS_SEEN:
        cursor, names = await redis.scan(cursor, match=f"{PREFIX}*", count=500)
        seen += len(names)
        for name in names:
            if not any(pattern.fullmatch(name) for pattern in known):
                found[name.removeprefix(PREFIX).partition(":")[0][:40]] += 1
        if cursor == 0:
            break
    return sorted(found)
