"""An org's token for the data API, shared by all processes: encrypted, or the sentence why none is given.

Each is kept with a fingerprint of the credentials that it was given for: changed credentials are tried at once.
"""

from dataclasses import dataclass

from interconnections.errors import StoreAway, Undecipherable
from interconnections.secret import Secret, seal, unseal
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key

KEPT = 86_400  # seconds; Salesforce says by a 401 when it is over, at the latest after 24 hours without use
DOUBTED = 60  # seconds without another login because of an address where nobody is
REFUSED = 60  # seconds without another try after a refused login: a user can be locked by knocking on


@dataclass(frozen=True, slots=True)
class Kept:
    """`refused`: the sentence, where the login was refused a moment ago."""

    token: Secret
    instance_url: str
    refused: str


async def read(redis: AsyncRedis, org: str, fingerprint: str) -> Kept | None:
    """None when nothing is known for these credentials."""
    try:
        stored = await redis.hgetall(key("token", org))
    except RedisError as error:
        raise StoreAway(f"token: {type(error).__name__}") from error
    if not stored or stored.get("fingerprint") != fingerprint:
        return None
    try:
        token = unseal(stored["token"]) if stored.get("token") else Secret("")
    except Undecipherable:  # the key was rotated away: log in anew
        return None
    return Kept(token, stored.get("instance", ""), stored.get("refused", ""))


async def keep(redis: AsyncRedis, org: str, fingerprint: str, token: Secret, instance_url: str) -> None:
    await _write(
        redis, org, {"fingerprint": fingerprint, "token": seal(token), "instance": instance_url}, seconds=KEPT
    )


async def doubt(redis: AsyncRedis, org: str) -> bool:
    """Where this org lives is in doubt; False when somebody has asked for it less than a minute ago."""
    try:
        return bool(await redis.set(key("doubt", org), "1", nx=True, ex=DOUBTED))
    except RedisError as error:
        raise StoreAway(f"token: {type(error).__name__}") from error


async def refuse(redis: AsyncRedis, org: str, fingerprint: str, sentence: str) -> None:
    await _write(redis, org, {"fingerprint": fingerprint, "refused": sentence}, seconds=REFUSED)


async def _write(redis: AsyncRedis, org: str, fields: dict[str, str], *, seconds: int) -> None:
    name = key("token", org)
    try:
        pipe = redis.pipeline(transaction=True)
        pipe.delete(name)
        pipe.hset(name, mapping=fields)
        pipe.expire(name, seconds)
        await pipe.execute()
    except RedisError as error:
        raise StoreAway(f"token: {type(error).__name__}") from error


async def note_usage(redis: AsyncRedis, org: str, used: int, allowed: int) -> None:
    """API calls in 24 hours, as Salesforce told them last."""
    try:
        await redis.hset(key("usage"), org, f"{used}/{allowed}")
    except RedisError as error:
        raise StoreAway(f"usage: {type(error).__name__}") from error
