"""Where coroutines have blocking work done: a few threads for each purpose, so that none waits behind another's.

Outside Django's own handler `database_sync_to_async` has one thread for everybody: eight log-ins a second, each
0.2 s of hashing, held every webhook that wanted the configuration for seconds.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

P = ParamSpec("P")
Result = TypeVar("Result")


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


async def in_thread(purpose: Purpose, work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """`work` in a thread of its purpose, with a database connection that is closed when it is old."""
    done: Result = await database_sync_to_async(work, thread_sensitive=False, executor=_pools[purpose])(
        *args, **kwargs
    )
    return done
