"""Looking at passwords: counted first, a few at a time, in threads of their own, and never a line without end."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from weakref import WeakKeyDictionary

from django.contrib.auth import authenticate

from interconnections.errors import TooMany
from interconnections.store import attempts
from interconnections.store.connection import AsyncRedis
from interconnections.threads import THREADS, Purpose, in_thread
from interconnections.throttle import KNOWN_FOR, TOO_MANY, attempt_of, minutes

LINE, OF_ONE = 64, 32  # log-ins that wait for a thread: of all, of one address
LONGEST_NAME, LONGEST_PASSWORD = 150, 4096  # characters; a longer name is nobody's


class User(Protocol):
    def get_username(self) -> str: ...

    def get_session_auth_hash(self) -> str: ...


class Line:
    """Those of one process whose password is being looked at, or waits for it."""

    def __init__(self) -> None:
        self.threads = asyncio.Semaphore(THREADS[Purpose.PASSWORDS])
        self._waiting: Counter[str] = Counter()

    @contextmanager
    def place(self, address: str) -> Iterator[None]:
        if self._waiting.total() >= LINE or self._waiting[address] >= OF_ONE:
            raise TooMany("too many log-ins at once; try again in a moment", wait=2)
        self._waiting[address] += 1
        try:
            yield
        finally:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address]


_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, Line] = WeakKeyDictionary()


async def user_of(redis: AsyncRedis, address: str, username: str, password: str) -> User | None:
    """Whose name and password these are, None when they are nobody's; raises TooMany, and StoreAway uncounted."""
    attempt = attempt_of(address, username)
    _raise_if(await attempts.look(redis, attempt))
    line = _lines.setdefault(asyncio.get_running_loop(), Line())
    with line.place(address):
        async with line.threads:
            _raise_if(await attempts.count(redis, attempt))
            try:
                user: User | None = await in_thread(Purpose.PASSWORDS, _look, username, password)
            except BaseException:
                await attempts.undone(redis, attempt)
                raise
            if user is not None:
                await attempts.succeeded(redis, attempt, KNOWN_FOR)
            return user


def _look(username: str, password: str) -> User | None:
    if "\0" in username or len(username) > LONGEST_NAME or len(password) > LONGEST_PASSWORD:
        return None  # which no name can hold, and PostgreSQL refuses to be asked for
    user: User | None = authenticate(username=username, password=password)
    return user


def _raise_if(wait: int) -> None:
    if wait:
        raise TooMany(TOO_MANY % minutes(wait), wait=-(-wait // 1000))
