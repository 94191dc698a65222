"""One at a time across all processes: a short lease on a name, which its holder may take again."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import structlog

from interconnections.errors import StoreAway
from interconnections.store.connection import AsyncRedis
from interconnections.store.scripts import run

LOOK = 0.1  # seconds between two looks

log = structlog.get_logger("bridge.locks")


async def take(redis: AsyncRedis, names: Sequence[str], holder: str, lease: int) -> bool:
    """All of `names`, for `lease` ms; False when somebody else has one."""
    return (await run(redis, "lock", holder, lease, *names))[0] == 1


async def give(redis: AsyncRedis, names: Sequence[str], holder: str) -> None:
    await run(redis, "unlock", holder, *names)


@asynccontextmanager
async def held(redis: AsyncRedis, names: Sequence[str], holder: str, lease: int) -> AsyncIterator[None]:
    """Wait for all of `names`, at most as long as a dead one's lease lasts; raises TimeoutError after that.

    The lease is renewed meanwhile: it bounds what a death costs, not what may be done under it.
    """
    deadline = time.monotonic() + lease / 1000 + 2
    while not await take(redis, names, holder, lease):
        if time.monotonic() > deadline:
            raise TimeoutError("somebody else does this for too long")
        await asyncio.sleep(LOOK)
    over = asyncio.Event()
    renewing = asyncio.get_running_loop().create_task(_renew(redis, names, holder, lease, over))
    try:
        yield
    finally:
        over.set()
        renewing.cancel()
        await asyncio.wait([renewing])
        if not renewing.cancelled() and (bug := renewing.exception()):
            log.error("a lock was not renewed", exc_info=bug)
        await give(redis, names, holder)


async def _renew(redis: AsyncRedis, names: Sequence[str], holder: str, lease: int, over: asyncio.Event) -> None:
    """Until it is over, which is told beside the cancellation: that can get lost inside a Redis call."""
    while not over.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), lease / 1000 / 3)
            return
        try:
            if not await take(redis, names, holder, lease):
                log.warning("a lock was lost", lease=lease)
                return
        except StoreAway as trouble:
            log.warning("a lock could not be renewed", why=str(trouble))
