"""The scripts themselves: what Redis must be able to do, and what happens when it cannot."""

import asyncio

import pytest

from interconnections.errors import StoreAway
from interconnections.items import Change, Lane
from interconnections.store import hearing, lanes, polls
from interconnections.store.connection import AsyncRedis
from interconnections.store.keys import key
from interconnections.store.script_text import HERE, source
from interconnections.store.scripts import run
from tests.store.conftest import Desk, text

NAMES = sorted(path.stem for path in HERE.glob("*.lua"))


@pytest.mark.parametrize("name", NAMES)
async def test_every_script_is_understood(store: AsyncRedis, name: str) -> None:
    assert await store.script_load(source(name))


async def test_a_server_that_forgot_the_scripts_is_told_again(desk: Desk) -> None:
    hold = await desk.active()
    await desk.redis.script_flush()
    assert isinstance(await lanes.take(desk.redis, hold, Lane.SALESFORCE), lanes.Pause)


async def test_without_memory_a_script_does_nothing_rather_than_half(desk: Desk) -> None:
    hold = await desk.active()
    await desk.redis.config_set("maxmemory", "1")
    try:
        with pytest.raises(StoreAway):
            await desk.hear(hold, "hola", "WA.1")
    finally:
        await desk.redis.config_set("maxmemory", "0")
    assert (await desk.hear(hold, "hola", "WA.1")).heard is hearing.Heard.LANE  # not "seen before"


async def test_hearing_and_reading_at_once_keeps_every_number_unique(desk: Desk) -> None:
    hold = await desk.active()
    await asyncio.gather(
        *(desk.hear(hold, f"u{n}") for n in range(50)),
        *(polls.store_change(desk.redis, hold, Change(to_user=(text(f"a{n}"),))) for n in range(50)),
    )
    entries = [entry for _, entry in await desk.redis.xrange(key("messages", hold.id))]
    assert sorted(int(entry["number"]) for entry in entries) == list(range(1, 101))


async def test_a_server_that_is_not_there_is_said_to_be_away() -> None:
    from redis.asyncio import Redis

    with pytest.raises(StoreAway):
        await run(Redis(unix_socket_path="/nowhere/redis.sock"), "reserve", "b", "u", "t", 1)
