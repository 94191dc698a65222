"""What a conversation takes of Redis' memory: measured on some that are there, in a bounded number of commands."""

from collections.abc import Sequence
from dataclasses import dataclass

from interconnections.items import Lane
from interconnections.lifecycle import FINAL, OPEN
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.index import ANY
from interconnections.store.keys import PREFIX, TEMPLATES, key
from interconnections.store.searching import ENDINGS, SEARCHED

SAMPLED = 25  # conversations of each status, the newest
CELLS = 8  # of the index, in which each conversation stands: with its status, provider and bot, or any of these
WEEK, DAYS = 604_800_000, 7  # ms; and days in it

_OWN = f"{PREFIX}interconnection:"


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes that one takes, 0 where there is none to measure."""

    open: int
    closed: int
    measured: int  # conversations
    ended_a_day: float  # over the last week


async def footprint(redis: AsyncRedis) -> Footprint | None:
    """None where the server does not tell what its keys take."""
    try:
        seconds, _ = await redis.time()
        pipe = redis.pipeline(transaction=False)
        for status in FINAL:
            pipe.zcount(key("index", status, ANY, ANY), seconds * 1000 - WEEK, "+inf")
        ended = sum(await pipe.execute())
        begun, over = await _newest(redis, OPEN), await _newest(redis, FINAL)
        listed = await _listed(redis) if begun or over else 0
        return Footprint(
            open=await _mean(redis, begun) + listed if begun else 0,
            closed=await _mean(redis, over) + listed if over else 0,
            measured=len(begun) + len(over),
            ended_a_day=ended / DAYS,
        )
    except RedisError:
        return None


async def _newest(redis: AsyncRedis, statuses: frozenset[str]) -> list[str]:
    pipe = redis.pipeline(transaction=False)
    for status in sorted(statuses):
        pipe.zrevrange(key("index", status, ANY, ANY), 0, SAMPLED - 1)
    return [id for found in await pipe.execute() for id in found]


async def _mean(redis: AsyncRedis, ids: Sequence[str]) -> int:
    """Of the keys that are the conversation's alone."""
    return await _bytes(redis, [name for id in ids for name in _own(id)]) // len(ids)


async def _listed(redis: AsyncRedis) -> int:
    """What one conversation takes of the keys that name them all."""
    everyone = key("index", ANY, ANY, ANY)
    known = await _bytes(redis, [key("ids"), *(key("search", field) for field in (*SEARCHED, ENDINGS))])
    size = known + CELLS * await _bytes(redis, [everyone])
    return size // max(1, int(await redis.zcard(everyone)))


async def _bytes(redis: AsyncRedis, names: list[str]) -> int:
    pipe = redis.pipeline(transaction=False)
    for name in names:
        pipe.memory_usage(name)
    return sum(int(size or 0) for size in await pipe.execute())


def _own(id: str) -> list[str]:
    names = [name for name, template in TEMPLATES.items() if (PREFIX + template).startswith(_OWN) and name != "lane"]
    return [*(key(name, id) for name in names), *(key("lane", id, lane) for lane in Lane)]
