"""Moving bytes over HTTP: the thin part of both shores.

Nothing here reads a body.  No error of ours names an address: some hold a session key or a token.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import Protocol
from urllib.parse import urlsplit

import aiohttp

from interconnections.errors import LostOwnership
from interconnections.host_limits import HostLimits

LARGEST_ANSWER = 4 * 1024 * 1024  # bytes; more is garbage
CONNECT_TIMEOUT = 10.0  # seconds
CROWDED = 3.0  # seconds that a message in hand may wait for its place among those to its host
SLOWEST = 250_000  # bytes a second at which a long body may go out
HEAD_TIMEOUT = 20.0  # seconds for the head of an answer that is then read as it comes
READ_AHEAD = 4096  # bytes that wait for the reader of such an answer before the sender has to
# How large an answer's head may be.  aiohttp's own 8 KiB a line and 128 lines are fewer than CDNs and policies send.
MOST_IN_A_LINE, MOST_LINES = 65_536, 1024


class Unreachable(Exception):
    """No whole answer: the network, a time-out, a cut body.  `silent`: connected, but nothing came in time; `unmet`:
    never connected, so that nothing was asked; `crowded`: as too much of ours is under way to this host.
    """

    def __init__(self, why: str, *, silent: bool = False, unmet: bool = False, crowded: bool = False) -> None:
        super().__init__(why)
        self.silent, self.unmet, self.crowded = silent, unmet, crowded


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    content: bytes
    retry_after: float | None = None  # seconds, where the other side asked for a pause
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)  # found whatever their case, on the wire


class Stream(Protocol):
    """A body too long to be held: `size` bytes in pieces, from the beginning whenever it is iterated."""

    size: int

    def __aiter__(self) -> AsyncIterator[bytes]: ...


class OpenReply(Protocol):
    """An answer that goes on arriving.  Whoever has one closes it: its socket serves nothing else."""

    status: int
    retry_after: float | None

    async def read(self, timeout: float) -> bytes:
        """What has come, at least a byte; b"" at the end.

        `timeout`: seconds of silence; raises Unreachable: `silent` after them, and more may still come; the stream
        is over after any other.  When the reader is cancelled, the socket is closed.
        """
        ...

    def close(self) -> None:
        """At once; the other side is told nothing.  May be repeated."""
        ...


class Wire(Protocol):
    """What the shores are handed; tests may hand them something else."""

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
        """One exchange; `timeout`: seconds of silence; raises Unreachable.

        `once`: never written again, whatever its method; else a question that found its connection closed may be.
        """
        ...

    async def open(self, method: str, url: str, *, headers: dict[str, str]) -> OpenReply:
        """A request whose answer has no end, and no time-out but the reader's; raises Unreachable."""
        ...


class HttpWire:
    """aiohttp, with as many sockets as there are polls, no cookies and no redirects.  `limits`: of the exchanges that
    bring something.

    `lapsed()`: may what the caller owned be another's by now?  Asked when the connection stands and before the first
    byte is written, where a process that was frozen wakes with something in its hands; raises LostOwnership.
    """

    def __init__(self, lapsed: Callable[[], bool] | None = None, limits: HostLimits | None = None) -> None:
        self._limits = limits or HostLimits()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=60, keepalive_timeout=60),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "bridge/1"},
            max_line_size=MOST_IN_A_LINE,
            max_field_size=MOST_IN_A_LINE,
            max_headers=MOST_LINES,
            trace_configs=[_before_writing(lapsed)] if lapsed else None,
        )

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
            return await self._exchanged(method, url, headers, None, timeout, once)
        host = host_of(url)
        if not self._limits.enter(host):
            await place(self._limits, host)
        try:
            return await self._exchanged(method, url, headers, body, timeout, once)
        finally:
            self._limits.leave(host)

    async def _exchanged(
        self, method: str, url: str, headers: dict[str, str], body: bytes | Stream | None, timeout: float, once: bool
    ) -> Reply:
        total = timeout + CONNECT_TIMEOUT + 5
        if body is not None and not isinstance(body, bytes):
            total += body.size / SLOWEST
            headers = headers | {"Content-Length": str(body.size)}
        limits = aiohttp.ClientTimeout(total=total, sock_connect=CONNECT_TIMEOUT, sock_read=timeout)
        try:
            async with self._session.request(
                method,
                url,
                headers=headers,
                data=body,
                timeout=limits,
                allow_redirects=False,
                middlewares=WRITTEN_ONCE if once else None,
            ) as response:
                content = await self._read(response)
                pause = retry_after(response.headers.get("Retry-After", ""))
                return Reply(response.status, content, pause, response.headers)
        except TROUBLES as error:
            if isinstance(error.__cause__, LostOwnership):  # met where aiohttp writes the body
                raise error.__cause__ from None
            raise _unreachable(error) from None

    async def open(self, method: str, url: str, *, headers: dict[str, str]) -> OpenReply:
        limits = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT)
        headers = {"Accept-Encoding": "identity"} | headers  # what is packed waits for more
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT + HEAD_TIMEOUT):
                response = await self._session.request(
                    method, url, headers=headers, timeout=limits, allow_redirects=False, read_bufsize=READ_AHEAD
                )
        except TROUBLES as error:
            raise _unreachable(error) from None
        return _HttpReply(response)

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        content = b""
        while piece := await response.content.read(LARGEST_ANSWER + 1 - len(content)):
            content += piece
            if len(content) > LARGEST_ANSWER:
                raise Unreachable("the answer is too large")
        return content

    async def close(self) -> None:
        await self._session.close()
        await asyncio.sleep(0)  # let the transports close


class _HttpReply:
    """aiohttp's response, which goes on arriving."""

    __slots__ = ("_response", "_shut", "retry_after", "status")

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response, self._shut = response, False
        self.status = response.status
        self.retry_after = retry_after(response.headers.get("Retry-After", ""))

    async def read(self, timeout: float) -> bytes:
        if self._shut:
            raise Unreachable("closed")
        try:
            async with asyncio.timeout(timeout):
                return await self._response.content.readany()
        except TimeoutError:
            raise Unreachable("silence", silent=True) from None
        except TROUBLES as error:
            self.close()
            raise _unreachable(error) from None
        except asyncio.CancelledError:
            self.close()
            raise

    def close(self) -> None:
        self._shut = True
        self._response.close()


class ConnectionBroken(aiohttp.ClientError):
    """One of aiohttp's own would have it ask again."""


async def _written_once(request: aiohttp.ClientRequest, ask: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    try:
        return await ask(request)
    except aiohttp.ClientConnectorError:
        raise  # nothing was written
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ConnectionBroken from error.__cause__


WRITTEN_ONCE = (_written_once,)
TROUBLES = (TimeoutError, aiohttp.ClientError, OSError, ValueError)


def _unreachable(error: Exception) -> Unreachable:
    name = type(error).__name__
    if isinstance(error, aiohttp.ServerTimeoutError):
        silent = isinstance(error, aiohttp.SocketTimeoutError)
        return Unreachable(name, silent=silent, unmet=not silent)
    return Unreachable(name, unmet=isinstance(error, aiohttp.ClientConnectorError))


def _before_writing(lapsed: Callable[[], bool]) -> aiohttp.TraceConfig:
    async def look(*told: object) -> None:
        if lapsed():
            raise LostOwnership("nothing said for too long that we live: not sent")

    found = aiohttp.TraceConfig()
    found.on_request_headers_sent.append(look)  # called with the head in its hands, before it is written
    found.on_request_chunk_sent.append(
        look
    )  # likewise with a body, which a task of its own writes: later than the head
    return found


class Counted:
    """A wire that counts what went wrong on it: `errors:<shore>:<status>`; `silence` where no whole answer came."""

    def __init__(self, wire: Wire, shore: str, count: Callable[[str], None]) -> None:
        self._wire, self._shore, self._count = wire, shore, count

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
        try:
            reply = await self._wire.send(method, url, headers=headers, body=body, timeout=timeout, once=once)
        except Unreachable as trouble:
            if not trouble.silent:
                self._count(f"errors:{self._shore}:silence")
            raise
        self._count_status(reply.status)
        return reply

    async def open(self, method: str, url: str, *, headers: dict[str, str]) -> OpenReply:
        try:
            reply = await self._wire.open(method, url, headers=headers)
        except Unreachable:
            self._count(f"errors:{self._shore}:silence")
            raise
        self._count_status(reply.status)
        return reply

    def _count_status(self, status: int) -> None:
        if status >= 400:
            self._count(f"errors:{self._shore}:{status}")


async def place(limits: HostLimits, host: Hashable) -> None:
    """Among the exchanges that bring something; raises Unreachable where none becomes free in time."""
    try:
        await limits.wait(host, CROWDED)
    except TimeoutError:
        raise Unreachable("too much is under way to this host", unmet=True, crowded=True) from None


def retry_after(header: str) -> float | None:
    """Seconds, bounded by an hour; None when there is no number (dates are not used by our platforms)."""
    try:
        seconds = float(header)
    except ValueError:
        return None
    return None if isnan(seconds) else min(max(seconds, 0.0), 3600.0)


def host_of(url: str) -> str:
    """An address may hold a password or a token; its host does not."""
    try:
        parts = urlsplit(url)
        return parts.netloc.rpartition("@")[2] or "(no host)"
    except ValueError:
        return "(not an address)"
