"""One at a time across all processes: a short lease on a name, which its holder may take again."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from interconnections.store.connection import AsyncRedis
from interconnections.store.scripts import run

LOOK = 0.1  # seconds between two looks


async def take(redis: AsyncRedis, names: Sequence[str], holder: str, lease: int) -> bool:
    """All of `names`, for `lease` ms; False when somebody else has one."""
    return (await run(redis, "lock", holder, lease, *names))[0] == 1


async def give(redis: AsyncRedis, names: Sequence[str], holder: str) -> None:
    await run(redis, "unlock", holder, *names)


@asynccontextmanager
async def held(redis: AsyncRedis, names: Sequence[str], holder: str, lease: int) -> AsyncIterator[None]:
    """Wait for all of `names`, at most as long as another's lease lasts; raises TimeoutError after that."""
    deadline = time.monotonic() + lease / 1000 + 2
    while not await take(redis, names, holder, lease):
        if time.monotonic() > deadline:
            raise TimeoutError("somebody else does this for too long")
        await asyncio.sleep(LOOK)
    try:
        yield
    finally:
        await give(redis, names, holder)
