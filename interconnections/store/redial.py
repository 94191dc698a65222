"""Connections to Redis that close themselves when their server turns out to be the wrong one, and dial again.

After a fail-over behind one address the old master goes on answering, as a replica: every write on a connection to
it is refused with READONLY, for ever.  The same address, or the Sentinels, lead to the new master by now.  So an
answer that condemns the connection closes it and becomes a lost connection, which the client's retry repeats at
once: the command was not carried out, and scripts recognise a repeat anyway.  All connections of this process that
were dialled before are stale as well, and nobody tells those that carry bells (a replica takes PUBLISH, and nobody
hears it): so each looks, before it is used, whether it is older than the last such answer.
"""

import asyncio
import time
from dataclasses import dataclass
from functools import cache

from redis.asyncio.connection import AbstractConnection as AsyncConnection
from redis.asyncio.connection import RedisSSLContext, SSLConnection
from redis.asyncio.sentinel import Sentinel, SentinelManagedConnection
from redis.connection import AbstractConnection as PageConnection
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.sentinel import SentinelManagedConnection as PageSentinelManagedConnection

# READONLY: a replica.  MASTERDOWN: one that lost its master.  NOREPLICAS: a master cut off from its own.
# UNBLOCKED: it became a replica while we waited.  LOADING and NOAUTH are lost connections for redis-py already.
# BUSY, OOM, MISCONF and NOPERM are not here: the next connection is told the same, by the same server.
CONDEMNING = ("READONLY", "MASTERDOWN", "NOREPLICAS", "UNBLOCKED")

CONTEXT_FOR = 300.0  # seconds


class Condemned(RedisConnectionError):
    """The server at the other end is no longer the one to talk to; it did nothing."""


@dataclass
class Verdict:
    """When a server was last found to be the wrong one (monotonic seconds); of this process, threads included."""

    at: float = float("-inf")


verdict = Verdict()


def condemns(error: BaseException | None) -> bool:
    """Does this answer say that another server should be asked?  Sentinel's connections hide it in the context."""
    if error is None:
        return False
    code = getattr(error, "status_code", None) or str(error).partition(" ")[0]
    return code in CONDEMNING or (isinstance(error, RedisConnectionError) and condemns(error.__context__))


_contexts: dict[str, tuple[float, RedisSSLContext]] = {}


def shared_context(own: RedisSSLContext) -> RedisSSLContext:
    """One TLS context for all connections of a kind: reading the machine's authorities takes some 50 ms each time,
    in which the event loop would stand still.  It is made anew now and then, as certificates are renewed on disk."""
    kind = repr([(name, getattr(own, name)) for name in own.__slots__ if name != "context"])
    made, context = _contexts.get(kind, (float("-inf"), own))
    if time.monotonic() - made > CONTEXT_FOR:
        _contexts[kind] = time.monotonic(), own
        return own
    return context


class OneQuestion(Sentinel):
    """Sentinels that are asked once where the master is, however many connections are dialled meanwhile."""

    _asking: asyncio.Task[tuple[str, int]] | None = None

    async def discover_master(self, service_name: str) -> tuple[str, int]:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(super().discover_master(service_name))
            self._asking.add_done_callback(lambda asked: asked.cancelled() or asked.exception())
        return await asyncio.shield(self._asking)


class Redialled(AsyncConnection):
    """Asynchronous; goes before a class of redis-py.  Writes also end when their task is cancelled.

    redis-py waits for a write with asyncio.wait_for, which until Python 3.12 swallows a cancellation that comes as
    the write ends: a poll that was told to stop would go on.  A time-out around it does not, and costs no task.
    """

    socket_timeout: float | None
    dialled = float("-inf")

    def __init__(self, **kind: object) -> None:
        super().__init__(**kind)
        if isinstance(self, SSLConnection):
            self.ssl_context = shared_context(self.ssl_context)

    @property
    def stale(self) -> bool:
        return bool(self.is_connected) and self.dialled <= verdict.at

    async def connect(self) -> None:
        if self.stale:
            await self.disconnect(nowait=True)
        await super().connect()

    async def connect_check_health(self, *args: object, **more: object) -> None:
        if not self.is_connected:
            self.dialled = time.monotonic()
        await super().connect_check_health(*args, **more)

    async def send_packed_command(self, command: object, check_health: bool = True) -> None:
        timeout, self.socket_timeout = self.socket_timeout, None
        try:
            async with asyncio.timeout(timeout):
                if not self.is_connected and isinstance(self, SentinelManagedConnection):
                    await self._connect_retry()  # where the master is now, not where it was
                await super().send_packed_command(command, check_health)
        except TimeoutError:
            raise RedisTimeoutError("Timeout writing to socket") from None
        finally:
            self.socket_timeout = timeout

    async def read_response(self, *args: object, push_request: bool | None = False, **more: object) -> object:
        if push_request and self.stale:  # a subscription, which only listens
            await self.disconnect(nowait=True)
            raise Condemned("dialled before the last fail-over")
        try:
            return await super().read_response(*args, push_request=push_request, **more)
        except RedisError as error:
            if not condemns(error):
                raise
            verdict.at = time.monotonic()
            await self.disconnect(nowait=True)
            raise Condemned(str(error)) from error


class PageRedialled(PageConnection):
    """The same for pages, commands and the pulse's thread."""

    dialled = float("-inf")

    @property
    def stale(self) -> bool:
        return bool(self.is_connected) and self.dialled <= verdict.at

    def connect(self) -> None:
        if self.stale:
            self.disconnect()
        super().connect()

    def connect_check_health(self, *args: object, **more: object) -> None:
        if not self.is_connected:
            self.dialled = time.monotonic()
        super().connect_check_health(*args, **more)

    def send_packed_command(self, command: object, check_health: bool = True) -> None:
        if not self.is_connected and isinstance(self, PageSentinelManagedConnection):
            self._connect_retry()
        super().send_packed_command(command, check_health)

    def read_response(self, *args: object, **more: object) -> object:
        try:
            return super().read_response(*args, **more)
        except RedisError as error:
            if not condemns(error):
                raise
            verdict.at = time.monotonic()
            self.disconnect()
            raise Condemned(str(error)) from error


@cache
def redialled(kind: type) -> type:
    """This class of connections of redis-py, asynchronous or not, which dials again where it must."""
    first = Redialled if issubclass(kind, AsyncConnection) else PageRedialled
    return type(f"Redialled{kind.__name__}", (first, kind), {})
