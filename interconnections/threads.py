"""Where coroutines have blocking work done: a few threads for each purpose, so that none waits behind another's.

Outside Django's own handler `database_sync_to_async` has one thread for everybody: eight log-ins a second, each
0.2 s of hashing, held every webhook that wanted the configuration for seconds.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import ParamSpec, TypeVar

import structlog
from channels.db import database_sync_to_async
from django.db import OperationalError

WITHIN = 20.0  # seconds

P = ParamSpec("P")
Result = TypeVar("Result")


log = structlog.get_logger("bridge.threads")


class Purpose(StrEnum):
    CONFIGURATION = "configuration"
    RIGHTS = "rights"
    PROBES = "probes"
    PASSWORDS = "passwords"


THREADS = {
    Purpose.CONFIGURATION: 1,
    Purpose.RIGHTS: 4,
    Purpose.PROBES: 1,
    Purpose.PASSWORDS: max(1, (os.cpu_count() or 1) // 2),  # hashing only computes: half of the processors are left
}
_pools = {purpose: ThreadPoolExecutor(count, thread_name_prefix=purpose) for purpose, count in THREADS.items()}


class TooSlow(OperationalError):
    """The work goes on in its thread, and nobody waits for it any more: a database that hangs is one that is away."""


async def in_thread(purpose: Purpose, work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """`work` in a thread of its purpose, with a database connection that is closed when it is old.

    Raises what the work raises, and TooSlow after WITHIN seconds, the wait for a thread included.
    """
    call = database_sync_to_async(work, thread_sensitive=False, executor=_pools[purpose])
    task: asyncio.Task[Result] = asyncio.get_running_loop().create_task(call(*args, **kwargs))
    done, _ = await asyncio.wait([task], timeout=WITHIN)
    if not done:
        task.add_done_callback(_forget)
        raise TooSlow(f"{purpose}: no answer within {WITHIN:.0f} s")
    return task.result()


def _forget(late: "asyncio.Task[Result]") -> None:
    if not late.cancelled() and (error := late.exception()):
        log.warning("late and in vain", error=type(error).__name__)
