"""What is known of a bot's user beside their chats: their ids, when they spoke, until when we may write to them.

A person may have several ids at a platform (a number, an id of its own); whichever is asked for, all are found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interconnections.errors import StoreAway
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.scripts import run

REMEMBERED = 30 * 86_400  # seconds after their last word; the same as in people.lua
MOST_IDS = 12  # of one person; the same as there


@dataclass(frozen=True, slots=True)
class Person:
    """`ids`: all that are known, the one that was asked for first; `last`: the platform's id of their last words.

    `said_at`, `window_until`: ms, None where unknown; `held_by`: the other app that has their talk, "" for none;
    `held_at`: when that was last so (ms).
    """

    ids: tuple[str, ...]
    last: str = ""
    said_at: int | None = None
    window_until: int | None = None
    held_by: str = ""
    held_at: int = 0


async def ids_of(redis: AsyncRedis, bot: str, user: str) -> tuple[str, ...]:
    """All ids of this person, the given one first, the others in a steady order."""
    try:
        return _in_order(user, await redis.smembers(key("aliases", bot, user)))
    except RedisError as error:
        raise StoreAway(f"people: {type(error).__name__}") from error


async def ids_with(redis: AsyncRedis, user: str, bots: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """The same with each of these bots: (bot, ids)."""
    try:
        pipe = redis.pipeline(transaction=False)
        for bot in bots:
            pipe.smembers(key("aliases", bot, user))
        found = await pipe.execute()
    except RedisError as error:
        raise StoreAway(f"people: {type(error).__name__}") from error
    return [(bot, _in_order(user, ids)) for bot, ids in zip(bots, found, strict=True)]


def _in_order(user: str, ids: Iterable[str]) -> tuple[str, ...]:
    return (user, *sorted(set(ids) - {user}))


async def same(redis: AsyncRedis, bot: str, ids: Sequence[str]) -> None:
    """All of these are one person, and so are those that each of them was known with; the first dozen of them."""
    named = list(dict.fromkeys(id for id in ids if id))[:MOST_IDS]
    if len(named) > 1:
        await run(redis, "same", bot, *named)


async def known(redis: AsyncRedis, bot: str, user: str) -> Person:
    ids = await ids_of(redis, bot, user)
    try:
        rows = [await redis.hgetall(key("person", bot, id)) for id in ids]  # most have one id, few have three
    except RedisError as error:
        raise StoreAway(f"people: {type(error).__name__}") from error
    newest = max(rows, key=lambda row: int(row.get("saidAt") or 0))
    windows = [int(row["windowUntil"]) for row in rows if row.get("windowUntil")]
    held = max(rows, key=lambda row: int(row.get("heldAt") or 0))
    return Person(
        ids,
        last=newest.get("last", ""),
        said_at=int(newest["saidAt"]) if newest.get("saidAt") else None,
        window_until=max(windows, default=None),
        held_by=held.get("heldBy", ""),
        held_at=int(held.get("heldAt") or 0),
    )


async def taken(redis: AsyncRedis, bot: str, user: str, at: int) -> None:
    """The talk with this user is ours since `at` (ms), as the platform answered us."""
    try:
        await redis.hset(key("person", bot, user), mapping={"heldBy": "", "heldAt": at})
        await redis.expire(key("person", bot, user), REMEMBERED)
    except RedisError as error:
        raise StoreAway(f"people: {type(error).__name__}") from error
