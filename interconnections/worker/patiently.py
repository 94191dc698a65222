"""A write that must not be given up: tried until Redis takes it.

What was delivered must not be delivered again, and what a poll brought must not be lost: so whoever holds such a
thing waits for Redis, however long it is away.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from interconnections.backoff import backoff
from interconnections.errors import StoreAway, StoreFault
from interconnections.tally import Tally

T = TypeVar("T")

log = structlog.get_logger("bridge.worker")


async def patiently(write: Callable[[], Awaitable[T]], tally: Tally, session: str) -> T:
    """What `write` gives in the end.  It may have been done unseen: it recognises its repeat (store.scripts).

    A fault will not pass by itself, so it is tried at longer and longer intervals, and told each time.
    """
    tries = 0
    while True:
        try:
            return await write()
        except StoreAway as trouble:
            if not tries:
                log.warning("store away", session=session, why=str(trouble))
            pause = backoff(tries, base=0.1, cap=1)
        except StoreFault as fault:
            tally.count("store faults")
            log.error("the store has a fault: this conversation stands still", session=session, why=str(fault))
            pause = backoff(tries, base=0.5, cap=30)
        tries += 1
        await asyncio.sleep(pause)
