"""How a bot's business stands at its platform, as that told last: to how many users of a day it may write first, how
it is rated there, and whether we are told what its users say.
"""

from dataclasses import dataclass

from interconnections.errors import StoreAway
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.scripts import run


@dataclass(frozen=True, slots=True)
class Reach:
    """`users`: -1 for any number; `account`: the platform, and the bot's id there, of which it was told."""

    users: int
    account: str


@dataclass(frozen=True, slots=True)
class Quality:
    """`rating`: the platform's word, as GREEN; `account`: as a Reach's."""

    rating: str
    account: str


@dataclass(frozen=True, slots=True)
class Subscribed:
    """`there`: the platform sends us what users say; `account`: as a Reach's."""

    there: bool
    account: str


async def note(redis: AsyncRedis, bot: str, told: Reach | Quality | Subscribed, at: int) -> None:
    """`at`: ms.  Platforms repeat what they told, and an older one changes nothing."""
    which, value = _written(told)
    await run(redis, "standing", which, bot, value, at, told.account)


async def forget_subscribed(redis: AsyncRedis, bot: str) -> None:
    """Its platform tells no more: what it told once is neither so nor otherwise."""
    try:
        await redis.hdel(key("subscribed"), bot)
    except RedisError as error:
        raise StoreAway(f"standing: {type(error).__name__}") from error


def _written(told: Reach | Quality | Subscribed) -> tuple[str, str | int]:
    match told:
        case Reach(users=users):
            return "reach", users
        case Quality(rating=rating):
            return "quality", rating
        case Subscribed(there=there):
            return "subscribed", int(there)


def reach(kept: str) -> Reach:
    users, account = _parts(kept)
    return Reach(int(users), account)


def quality(kept: str) -> Quality:
    return Quality(*_parts(kept))


def subscribed(kept: str) -> Subscribed:
    there, account = _parts(kept)
    return Subscribed(there == "1", account)


def _parts(kept: str) -> tuple[str, str]:
    value, _, more = kept.partition(" ")
    return value, more.partition(" ")[2]


async def turn(redis: AsyncRedis, bot: str, seconds: int) -> bool:
    """Is it ours to ask now?  Nobody else does for so long; an answer that got lost leaves that to the next time."""
    try:
        return bool(await redis.set(key("looked", bot), "1", nx=True, ex=seconds))
    except RedisError as error:
        raise StoreAway(f"standing: {type(error).__name__}") from error


async def ask_soon(redis: AsyncRedis, bot: str) -> None:
    """Something changed there."""
    try:
        await redis.delete(key("looked", bot))
    except RedisError as error:
        raise StoreAway(f"standing: {type(error).__name__}") from error
