"""Moving bytes over HTTP: the thin part of both shores.

Nothing here reads a body.  No error of ours names an address: some hold a session key or a token.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import Protocol

import aiohttp

LARGEST_ANSWER = 4 * 1024 * 1024  # bytes; more is garbage
CONNECT_TIMEOUT = 10.0  # seconds
SLOWEST = 250_000  # bytes a second at which a long body may go out
# How large an answer's head may be.  aiohttp's own 8 KiB a line and 128 lines are fewer than CDNs and policies send.
MOST_IN_A_LINE, MOST_LINES = 65_536, 1024


class Unreachable(Exception):
    """No whole answer: the network, a time-out, a cut body.  `silent`: connected, but nothing came in time; `unmet`:
    never connected, so that nothing was asked.
    """

    def __init__(self, why: str, *, silent: bool = False, unmet: bool = False) -> None:
        super().__init__(why)
        self.silent, self.unmet = silent, unmet


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
    ) -> Reply:
        """One exchange; `timeout`: seconds of silence; raises Unreachable."""
        ...


class HttpWire:
    """aiohttp, with as many sockets as there are polls, no cookies and no redirects."""

    def __init__(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=60, keepalive_timeout=60),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "bridge/1"},
            max_line_size=MOST_IN_A_LINE,
            max_field_size=MOST_IN_A_LINE,
            max_headers=MOST_LINES,
        )

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | Stream | None = None,
        timeout: float = 30.0,
    ) -> Reply:
        total = timeout + CONNECT_TIMEOUT + 5
        if body is not None and not isinstance(body, bytes):
            total += body.size / SLOWEST
            headers = headers | {"Content-Length": str(body.size)}
        limits = aiohttp.ClientTimeout(total=total, sock_connect=CONNECT_TIMEOUT, sock_read=timeout)
        try:
            async with self._session.request(
                method, url, headers=headers, data=body, timeout=limits, allow_redirects=False
            ) as response:
                content = await self._read(response)
                pause = retry_after(response.headers.get("Retry-After", ""))
                return Reply(response.status, content, pause, response.headers)
        except aiohttp.ServerTimeoutError as error:
            silent = isinstance(error, aiohttp.SocketTimeoutError)
            raise Unreachable(type(error).__name__, silent=silent, unmet=not silent) from None
        except aiohttp.ClientConnectorError as error:
            raise Unreachable(type(error).__name__, unmet=True) from None
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise Unreachable(type(error).__name__) from None

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
    ) -> Reply:
        try:
            reply = await self._wire.send(method, url, headers=headers, body=body, timeout=timeout)
        except Unreachable as trouble:
            if not trouble.silent:
                self._count(f"errors:{self._shore}:silence")
            raise
        if reply.status >= 400:
            self._count(f"errors:{self._shore}:{reply.status}")
        return reply


def retry_after(header: str) -> float | None:
    """Seconds, bounded by an hour; None when there is no number (dates are not used by our platforms)."""
    try:
        seconds = float(header)
    except ValueError:
        return None
    return None if isnan(seconds) else min(max(seconds, 0.0), 3600.0)
