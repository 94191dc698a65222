"""What a process without a heartbeat counted reaches the store once, however long Redis is away."""

import asyncio

import pytest
from redis.asyncio import Redis

from interconnections.errors import StoreAway
from interconnections.store import figures
from interconnections.store.keys import key
from interconnections.tally import Tally
from tests.store.conftest import Desk

COUNTED = {"webhooks unread": 2, "tolerated:no id": 7}


@pytest.fixture
def tally() -> Tally:
    found = Tally()
    found.give_back(COUNTED)
    return found


async def stored(desk: Desk) -> dict[str, int]:
    return {name: int(n) for name, n in (await desk.redis.hgetall(key("counters"))).items()}


async def test_what_was_counted_is_stored_once(desk: Desk, tally: Tally) -> None:
    await figures.add(desk.redis, tally)
    await figures.add(desk.redis, tally)
    assert await stored(desk) == COUNTED


async def test_nothing_counted_is_lost_while_redis_is_away(desk: Desk, tally: Tally) -> None:
    with pytest.raises(StoreAway):
        await figures.add(Redis(port=1), tally)
    tally.count("webhooks unread")
    await figures.add(desk.redis, tally)
    assert await stored(desk) == COUNTED | {"webhooks unread": 3}


async def test_nothing_counted_is_lost_in_a_full_redis_nor_half_of_it_stored(desk: Desk, tally: Tally) -> None:
    await desk.redis.config_set("maxmemory", "1")
    try:
        with pytest.raises(StoreAway):
            await figures.add(desk.redis, tally)
    finally:
        await desk.redis.config_set("maxmemory", "0")
    assert await stored(desk) == {}
    await figures.add(desk.redis, tally)
    assert await stored(desk) == COUNTED


async def test_who_hangs_up_takes_no_count_along(desk: Desk, tally: Tally) -> None:
    asked = asyncio.get_running_loop().create_task(figures.add(desk.redis, tally))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert tally.totals == COUNTED
