"""What the doctor asks of the Redis server itself: how it is set up, how fast it is, whose keys it holds."""

import re
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from interconnections.errors import StoreAway
from interconnections.store.connection import AsyncRedis, RedisError, connect
from interconnections.store.keys import PREFIX, TEMPLATES
from interconnections.store.script_text import library, source
from interconnections.store.trouble import told_by

PINGS = 20
KEYS_SEEN = 2000  # of the schema's sample


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
    functions: bool  # and it keeps them for us


@asynccontextmanager
async def asking() -> AsyncIterator[AsyncRedis]:
    """A connection; whatever breaks is a StoreAway that names the kind of trouble and no address."""
    redis = connect(max_connections=4)
    try:
        yield redis
    except RedisError as error:
        raise StoreAway(told_by(error)) from None
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
        functions=await _keeps_functions(redis),
    )


async def _understands(redis: AsyncRedis) -> bool:
    try:
        await redis.script_load(source("hear"))
    except RedisError:
        return False
    return True


async def _keeps_functions(redis: AsyncRedis) -> bool:
    try:
        await redis.function_load(library(), replace=True)
    except RedisError:
        return False
    return True


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
