"""Small questions of the doors: what is open for this user, what was the last."""

from dataclasses import dataclass

from interconnections.errors import StoreAway
from interconnections.lifecycle import OPEN
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.people import ids_with


@dataclass(frozen=True, slots=True)
class Place:
    """A user's place with one bot: the id of the open interconnection and of the latest, "" where none."""

    bot: str
    open_id: str
    last_id: str


async def places(redis: AsyncRedis, user: str, bots: list[str]) -> list[Place]:
    """Under whichever of their ids a chat of theirs runs."""
    if not bots:
        return []
    people = await ids_with(redis, user, bots)
    names = [key(kind, bot, id) for bot, ids in people for id in ids for kind in ("user", "last")]
    try:
        found = iter(await redis.mget(names))
    except RedisError as error:
        raise StoreAway(f"places: {type(error).__name__}") from error
    places = []
    for bot, ids in people:
        pairs = [(next(found) or "", next(found) or "") for _ in ids]
        places.append(Place(bot, *(next((id for id in column if id), "") for column in zip(*pairs, strict=True))))
    return places


async def is_open(redis: AsyncRedis, session_id: str) -> bool:
    """Is there an interconnection with this session that is not over?"""
    try:
        id = await redis.hget(key("ids"), session_id)
        status = await redis.hget(key("hash", id), "status") if id else None
    except RedisError as error:
        raise StoreAway(f"is open: {type(error).__name__}") from error
    return status is not None and status in OPEN


async def users_with_context(redis: AsyncRedis, user: str, bots: list[str]) -> list[str]:
    """Those of `bots` that keep something this user said."""
    people = await ids_with(redis, user, bots)
    try:
        pipe = redis.pipeline(transaction=False)
        for bot, ids in people:
            pipe.exists(*(key("context", bot, id) for id in ids))
        return [bot for bot, there in zip(bots, await pipe.execute(), strict=True) if there]
    except RedisError as error:
        raise StoreAway(f"context: {type(error).__name__}") from error


async def is_known_case(redis: AsyncRedis, case_id: str) -> bool:
    """Does any interconnection, open or over, have this case?"""
    start = case_id.casefold() + "\0"
    try:
        return int(await redis.zlexcount(key("search", "caseId"), f"[{start}", f"[{start}\U0010ffff")) > 0
    except RedisError as error:
        raise StoreAway(f"cases: {type(error).__name__}") from error
