"""The Lua scripts, by name: loaded from files, sent once, called by their digest."""

import hashlib
from functools import lru_cache
from pathlib import Path

from redis.exceptions import NoScriptError, RedisError

from interconnections.errors import StoreAway
from interconnections.store.connection import AsyncRedis, PageRedis
from interconnections.store.keys import as_lua

HERE = Path(__file__).parent / "scripts"
SHARED = ("common", "lane", "shore", "life")  # in this order; each builds on those before

Argument = str | int | float
# A script answers with a list of words and numbers; each caller knows its script's shapes.
Answer = list[str | int | list[str]]


@lru_cache(maxsize=64)
def source(name: str) -> str:
    """The whole text of a script.

    The first line makes it a script with flags: while Redis is out of memory it is refused before it
    begins, where a plain one would fail at its first write and leave the half before.
    """
    files = [*(HERE / "shared" / f"{part}.lua" for part in SHARED), HERE / f"{name}.lua"]
    return "\n".join(["#!lua", as_lua(), *(path.read_text() for path in files)])


@lru_cache(maxsize=64)
def digest(name: str) -> str:
    return hashlib.sha1(source(name).encode(), usedforsecurity=False).hexdigest()


async def run(redis: AsyncRedis, name: str, *arguments: Argument) -> Answer:
    """Run a script; raises StoreAway when Redis does not answer or refuses the write."""
    try:
        try:
            answer = await redis.evalsha(digest(name), 0, *arguments)
        except NoScriptError:
            answer = await redis.eval(source(name), 0, *arguments)
    except RedisError as error:
        raise StoreAway(f"{name}: {type(error).__name__}: {error}") from error
    return answer if isinstance(answer, list) else [answer]


def run_for_page(redis: PageRedis, name: str, *arguments: Argument) -> Answer:
    """The same from synchronous code; answers are decoded here."""
    try:
        try:
            answer = redis.evalsha(digest(name), 0, *arguments)
        except NoScriptError:
            answer = redis.eval(source(name), 0, *arguments)
    except RedisError as error:
        raise StoreAway(f"{name}: {type(error).__name__}: {error}") from error
    parts = answer if isinstance(answer, list) else [answer]
    return [part.decode() if isinstance(part, bytes) else part for part in parts]
