"""Forgetting what is past its retention: row, streams and index entries in one step; and old dead letters."""

import json

from interconnections.errors import StoreAway
from interconnections.store.changes import retention
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.scripts import run
from interconnections.store.searching import SEARCHED, search_entries

AT_ONCE = 100


async def purge_some(redis: AsyncRedis) -> int:
    """Purge at most AT_ONCE; gives how many went."""
    try:
        seconds, _ = await redis.time()
        await redis.xtrim(key("dead"), minid=seconds * 1000 - retention(), approximate=True)
        ids = await redis.zrangebyscore(key("over"), "-inf", seconds * 1000, start=0, num=AT_ONCE)
        gone = 0
        for id in ids:
            values = await redis.hmget(key("hash", id), list(SEARCHED))
            fields = {name: value or "" for name, value in zip(SEARCHED, values, strict=True)}
            gone += int(str((await run(redis, "purge", id, json.dumps(search_entries(fields))))[0]))
        return gone
    except RedisError as error:
        raise StoreAway(f"purge: {type(error).__name__}") from error
