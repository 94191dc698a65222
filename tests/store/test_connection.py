"""The way to Redis: whoever is told to stop stops, wherever in a command they are."""

import asyncio

from interconnections.store.connection import AsyncRedis


async def test_a_task_that_is_cancelled_within_a_command_ends(store: AsyncRedis) -> None:
    """At every step of the loop that a command takes; its connection then serves the next."""
    went_on = []
    for steps in range(40):
        stop = asyncio.Event()

        async def ask(stop: asyncio.Event) -> None:
            while not stop.is_set():
                await store.get("anything")

        await store.get("anything")
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
