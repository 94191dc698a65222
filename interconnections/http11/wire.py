"""The wire itself: connections are kept for each host, and each serves one exchange after the other."""

import asyncio
import ssl
from collections.abc import Callable

from interconnections import wire
from interconnections.errors import LostOwnership
from interconnections.host_limits import HostLimits
from interconnections.http11.answer import Answer, Headers
from interconnections.http11.connection import NEVER, Connection
from interconnections.http11.dial import Dialler
from interconnections.http11.request import Origin, head_of, target_of
from interconnections.wire import OpenReply, Reply, Stream, Unreachable

REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})


class FastWire:
    """As many connections as there are polls, no cookies, no redirects, no proxies.  `limits`: of those that bring
    something.

    `lapsed()`: may what the caller owned be another's by now?  Asked in the very call that writes, where a process
    that was frozen wakes with something in its hands; raises LostOwnership.
    """

    def __init__(
        self,
        lapsed: Callable[[], bool] | None = None,
        tls: ssl.SSLContext | None = None,
        limits: HostLimits | None = None,
    ) -> None:
        self._lapsed, self._limits = lapsed, limits or HostLimits()
        self._dialler = Dialler(tls)
        self._open: set[Connection] = set()
        self._free: dict[Origin, dict[Connection, None]] = {}  # the one that was used last is taken first

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | Stream | None = None,
        timeout: float = 30.0,
        once: bool = False,
    ) -> Reply:
        if body is None:
            origin, request = _written(method, url, headers, None)
            return await self._exchanged(method, origin, request, None, timeout, fresh=once)
        if isinstance(body, bytes):
            origin, head = _written(method, url, headers, len(body))
            request, stream = head + body, None
        else:
            origin, request = _written(method, url, headers, body.size)
            stream = body
        if not self._limits.enter(origin):
            await wire.place(self._limits, origin)
        try:
            return await self._exchanged(method, origin, request, stream, timeout, fresh=once)
        finally:
            self._limits.leave(origin)

    async def _exchanged(
        self, method: str, origin: Origin, request: bytes, stream: Stream | None, timeout: float, *, fresh: bool
    ) -> Reply:
        """`fresh`: over a connection of its own, which cannot be found closed."""
        until = asyncio.get_running_loop().time() + timeout + wire.CONNECT_TIMEOUT + 5
        if stream:
            until += stream.size / wire.SLOWEST
        while True:
            connection = (None if fresh else self._idle(origin)) or await self._dialled(origin)
            answer = Answer(bounded=True, bodyless=method == "HEAD")
            try:
                connection.ask(request, answer, self._look, quiet=timeout, until=until)
                if stream:
                    await _brought(connection, stream, answer, self._look)
                await connection.whole(answer)
            except Unreachable:
                connection.close()
                if not connection.stale or method not in REPEATABLE or stream:
                    raise
                fresh = True  # it was closed while nobody used it, and is asked anew, as aiohttp does
            except BaseException:
                connection.close()
                raise
            else:
                if connection.release():
                    self._free.setdefault(origin, {})[connection] = None
                return Reply(answer.status, answer.take(), answer.retry_after, Headers(answer.headers))

    async def open(self, method: str, url: str, *, headers: dict[str, str]) -> OpenReply:
        until = asyncio.get_running_loop().time() + wire.CONNECT_TIMEOUT + wire.HEAD_TIMEOUT
        origin, request = _written(method, url, headers, None)
        connection = await self._dialled(origin)
        answer = Answer(bounded=False)
        try:
            connection.ask(request, answer, self._look, quiet=NEVER, until=until)
            await connection.headed(answer)
        except BaseException:
            connection.close()
            raise
        return _OpenAnswer(connection, answer)

    async def close(self) -> None:
        for connection in list(self._open):
            connection.close()
        await asyncio.sleep(0)  # let the transports close

    def _look(self) -> None:
        if self._lapsed and self._lapsed():
            raise LostOwnership("nothing said for too long that we live: not sent")

    def _idle(self, origin: Origin) -> Connection | None:
        free = self._free.get(origin)
        while free:
            connection, _ = free.popitem()
            if connection.usable:
                return connection
            connection.close()
        return None

    async def _dialled(self, origin: Origin) -> Connection:
        connection = Connection(origin, self._gone)
        try:
            await self._dialler.dial(connection)
        except BaseException:
            connection.close()
            raise
        self._open.add(connection)
        return connection

    def _gone(self, connection: Connection) -> None:
        self._open.discard(connection)
        if free := self._free.get(connection.origin):
            free.pop(connection, None)
            if not free:
                del self._free[connection.origin]


def _written(method: str, url: str, headers: dict[str, str], length: int | None) -> tuple[Origin, bytes]:
    try:
        target = target_of(url)
        return target.origin, head_of(method, target, headers, length)
    except (ValueError, TypeError) as error:
        raise Unreachable(f"not asked: {error}") from None


async def _brought(connection: Connection, body: Stream, answer: Answer, look: Callable[[], None]) -> None:
    try:
        await connection.bring(body, answer, look)
    except LostOwnership:
        raise
    except Exception as error:
        raise Unreachable(f"its body could not be read: {type(error).__name__}") from None


class _OpenAnswer:
    """An answer that goes on arriving."""

    __slots__ = ("_answer", "_connection", "_shut", "retry_after", "status")

    def __init__(self, connection: Connection, answer: Answer) -> None:
        self._connection, self._answer, self._shut = connection, answer, False
        self.status, self.retry_after = answer.status, answer.retry_after

    async def read(self, timeout: float) -> bytes:
        if self._shut:
            raise Unreachable("closed")
        try:
            return await self._connection.piece(self._answer, timeout)
        except Unreachable as trouble:
            if not trouble.silent:
                self.close()
            raise
        except asyncio.CancelledError:
            self.close()
            raise

    def close(self) -> None:
        self._shut = True
        self._connection.close()
