"""A start that is over is gone from memory with its last use, and waits for no collector."""

import asyncio
import gc
import weakref

import pytest

from interconnections.bridge.reservation import StartReservation
from interconnections.store import starts
from interconnections.store.connection import AsyncRedis


@pytest.mark.parametrize("turns", [0, 1, 2])  # of the loop, in which its task begins and then sleeps
async def test_nothing_is_left_of_a_start_that_is_over(store: AsyncRedis, turns: int) -> None:
    start = StartReservation(store, "tienda", "ana", "token", starts.Start("key", 0, "{}", {}))
    gc.disable()
    try:
        async with start:
            for _ in range(turns):
                await asyncio.sleep(0)
        gone = weakref.ref(start)
        del start
        assert gone() is None
    finally:
        gc.enable()
