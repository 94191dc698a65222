"""In which version the store is written, so that an old release and the next may work on it together.

A release writes version SCHEMA and reads every version from OLDEST on.  A change of what keys hold is made in two
releases: the first reads both ways and writes the old, the next writes the new.  So a release finds at most one
version above its own, written by the release that will follow it, and still understands it.
"""

from interconnections.errors import StoreAway
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key

# 2: lanes are counted and timed, shores are spared together, dead letters can be sent again, files are items
SCHEMA = 2
OLDEST = 1  # 1 had no number


class WrongSchema(RuntimeError):
    """This release cannot work on that store; the sentence says which can."""


async def agree(redis: AsyncRedis) -> int:
    """Note that SCHEMA is written here from now on; gives what the store was written in.

    Raises WrongSchema where it is too old or too new for us.
    """
    try:
        stored = await redis.get(key("schema"))
        used = stored is not None or await redis.exists(key("bots"))
        version = int(stored) if stored is not None else OLDEST if used else SCHEMA
        if version > SCHEMA + 1:
            raise WrongSchema(
                f"Redis is written in version {version}, this release knows {SCHEMA}: run the newer release"
            )
        if version < OLDEST:
            raise WrongSchema(
                f"Redis is written in version {version}, this release reads from {OLDEST} on: "
                "run the release between them first"
            )
        if version < SCHEMA or stored is None:
            await redis.set(key("schema"), SCHEMA)
    except RedisError as error:
        raise StoreAway(f"schema: {type(error).__name__}") from error
    return version
