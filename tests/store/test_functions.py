"""Scripts as functions of Redis: loaded by whoever finds them missing, and left alone where they may not be."""

from collections.abc import Iterator

import pytest
from redis.asyncio import Redis

from interconnections.items import Lane
from interconnections.store import lanes, script_libraries
from interconnections.store.hearing import Heard
from interconnections.store.keys import key
from interconnections.store.script_text import digest, library_name
from interconnections.store.scripts import as_functions
from tests.store.conftest import Desk

OLD = "#!lua name=bridge_old\nredis.register_function('bridge_old_take', function() return 'old' end)"


@pytest.fixture(autouse=True)
def allowed() -> Iterator[None]:
    as_functions.allowed = True
    yield
    as_functions.allowed = True


async def libraries(redis: Redis) -> set[str]:
    return {row[1] for row in await redis.function_list("bridge_*")}


async def test_whoever_finds_them_missing_loads_them(desk: Desk) -> None:
    hold = await desk.active()
    await desk.redis.function_flush()
    assert isinstance(await lanes.take(desk.redis, hold, Lane.SALESFORCE), lanes.Pause)
    assert await libraries(desk.redis) == {library_name()}


async def test_another_releases_functions_stay(desk: Desk) -> None:
    await desk.redis.function_load(OLD, replace=True)
    await desk.redis.function_delete(library_name())
    await desk.active()
    assert await desk.redis.fcall("bridge_old_take", 0) == "old"


@pytest.mark.parametrize("missing", ["fcall", "function|load"])
async def test_without_the_right_to_functions_they_are_called_as_scripts(desk: Desk, missing: str) -> None:
    await desk.redis.function_flush()
    await desk.redis.acl_setuser("narrow", enabled=True, nopass=True, keys="*", channels="*", commands=["+@all"])
    await desk.redis.execute_command("ACL", "SETUSER", "narrow", f"-{missing}")
    pool = desk.redis.connection_pool
    narrow = Redis(
        unix_socket_path=pool.connection_kwargs["path"], username="narrow", password="", decode_responses=True
    )
    try:
        await Desk(narrow).active()
    finally:
        await narrow.aclose()
        await desk.redis.acl_deluser("narrow")
    assert not as_functions.allowed
    assert await libraries(desk.redis) == set()
    assert await desk.redis.script_exists(digest("open")) == [True]


async def test_a_full_redis_that_has_no_functions_goes_on_with_scripts(desk: Desk) -> None:
    hold = await desk.active()
    assert (await desk.hear(hold, "hola", "WA.1")).heard is Heard.LANE
    await desk.redis.function_flush()
    await desk.redis.config_set("maxmemory", "1")
    try:
        taken = await lanes.take(desk.redis, hold, Lane.SALESFORCE)
    finally:
        await desk.redis.config_set("maxmemory", "0")
    assert isinstance(taken, lanes.Taken)
    assert as_functions.allowed  # as soon as there is room they are loaded
    await lanes.take(desk.redis, hold, Lane.SALESFORCE, lanes.Settled(taken.number, "delivered"))
    assert await libraries(desk.redis) == {library_name()}


async def test_a_library_that_nobody_has_used_for_long_is_deleted(desk: Desk) -> None:
    await desk.active()
    await desk.redis.function_load(OLD, replace=True)
    await desk.redis.zadd(key("libraries"), {"bridge_old": 1, "bridge_gone": 1})
    assert sorted(await script_libraries.tidy(desk.redis)) == ["bridge_gone", "bridge_old"]
    assert await libraries(desk.redis) == {library_name()}
    assert await script_libraries.tidy(desk.redis) == []
