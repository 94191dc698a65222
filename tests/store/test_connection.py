"""The way to Redis: whoever is told to stop stops, wherever in a command they are."""

import asyncio

import pytest

from interconnections.store.connection import AsyncRedis, connect


@pytest.fixture(params=["line", "pool"])
async def redis(request, settings):  # type: ignore[no-untyped-def]
    settings.REDIS_CLIENT = request.param
    made = connect()
    yield made
    await made.aclose()


async def test_a_task_that_is_cancelled_within_a_command_ends(redis: AsyncRedis) -> None:
    """At every step of the loop that a command takes; its connection then serves the next."""
    went_on = []
    for steps in range(40):
        stop = asyncio.Event()

        async def ask(stop: asyncio.Event) -> None:
            while not stop.is_set():
                await redis.get("anything")

        await redis.get("anything")
        task = asyncio.ensure_future(ask(stop))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task], timeout=0.2)
        if not task.cancelled():
            went_on.append(steps)
        stop.set()
        await asyncio.wait([task])
    assert went_on == []


async def test_callers_wait_for_a_connection_in_turn(settings) -> None:  # type: ignore[no-untyped-def]
    """With many more callers than connections nobody is served twice while another waits for the first time."""
    settings.REDIS_CLIENT = "pool"
    redis, callers, rounds = connect(max_connections=2), 50, 20
    served = [0] * callers
    behind = 0

    async def call(number: int) -> None:
        nonlocal behind
        for _ in range(rounds):
            await redis.ping()
            served[number] += 1
            behind = max(behind, served[number] - min(served))

    await asyncio.gather(*(call(number) for number in range(callers)))
    await redis.aclose()
    assert behind <= 2


async def test_a_caller_that_gives_up_its_wait_takes_nobodys_turn(settings) -> None:  # type: ignore[no-untyped-def]
    settings.REDIS_CLIENT = "pool"
    redis = connect(max_connections=1)
    busy = asyncio.ensure_future(redis.blpop("nothing", timeout=1))
    while not redis.connection_pool._in_use_connections:
        await asyncio.sleep(0)
    waiting = [asyncio.ensure_future(redis.ping()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await busy
    assert await asyncio.gather(*waiting[1:]) == [True, True]
    assert await redis.ping()
    await redis.aclose()
