"""HTTP/1.1 at its barest: a Door answers requests, a Line sends them.  No limits: both ends are ours."""

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

from httptools import HttpRequestParser, HttpResponseParser

IDLE = 3.0  # seconds after which a connection may be about to be closed at the other end (uvicorn: 5)
WORDS = {
    200: b"OK",
    201: b"Created",
    202: b"Accepted",
    204: b"No Content",
    401: b"Unauthorized",
    403: b"Forbidden",
    404: b"Not Found",
    409: b"Conflict",
}


class Door(asyncio.Protocol):
    """One connection of a client; `answer(door)` is called with each whole request, and may reply later.

    Header names are in lower case.  `gone()` is called when the connection ends before a reply.
    """

    def __init__(self, answer: Callable[["Door"], None]) -> None:
        self._answer = answer
        self._parser = HttpRequestParser(self)
        self._transport: asyncio.WriteTransport | None = None
        self.gone: Callable[[], None] | None = None
        self.path = self.query = self.body = b""
        self.headers: dict[bytes, bytes] = {}

    @property
    def open(self) -> bool:
        return self._transport is not None

    @property
    def method(self) -> bytes:
        return self._parser.get_method()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is none by name

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if self.gone:
            self.gone()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self.headers, self.path, self.body = {}, b"", b""

    def on_url(self, url: bytes) -> None:
        self.path += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.lower()] = value

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.path, _, self.query = self.path.partition(b"?")
        self._answer(self)

    def reply(self, status: int, body: bytes = b"", kind: bytes = b"application/json") -> None:
        self.gone = None
        if self._transport and status == 204:  # bare, as Salesforce says it
            self._transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        elif self._transport:
            self._transport.write(
                b"HTTP/1.1 %d %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b"
                % (status, WORDS[status], kind, len(body), body)
            )

    def begin(self, kind: bytes) -> None:
        """An answer without an end, of `piece`s; `gone()` is called when the client leaves it."""
        if self._transport:
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nTransfer-Encoding: chunked\r\n\r\n" % kind)

    def piece(self, body: bytes) -> None:
        if self._transport:
            self._transport.write(b"%x\r\n%b\r\n" % (len(body), body))


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


class Line(asyncio.Protocol):
    """One keep-alive connection to a server, one request at a time."""

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)
        self._transport: asyncio.WriteTransport | None = None
        self._awaited: asyncio.Future[Answer] | None = None
        self._body = b""

    @property
    def open(self) -> bool:
        return self._transport is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is none by name

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if self._awaited and not self._awaited.done():
            self._awaited.set_exception(ConnectionError("hung up before the answer"))

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._body = b""

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if self._awaited and not self._awaited.done():
            self._awaited.set_result(Answer(self._parser.get_status_code(), self._body))

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    async def send(self, request: bytes) -> Answer:
        assert self._transport
        self._awaited = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._awaited


class Stream(Line):
    """A connection whose answer never ends."""

    def listen(self, request: bytes, take: Callable[[bytes], None]) -> None:
        """`take(piece)` is called with each piece of the answer's body, as it comes."""
        assert self._transport
        self._take = take
        self._transport.write(request)

    def on_body(self, body: bytes) -> None:
        self._take(body)


Kind = TypeVar("Kind", bound=Line)


async def dial(kind: type[Kind], host: str, port: int, tls: ssl.SSLContext | None = None) -> Kind:
    _, line = await asyncio.get_running_loop().create_connection(kind, host, port, ssl=tls)
    return line


class Lines:
    """As many Lines to one server as there are requests at once."""

    def __init__(
        self, host: str, port: int, headers: Mapping[str, str] | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._where = host, port, tls
        shown = {"Host": f"{host}:{port}", "Content-Type": "application/json", **(headers or {})}
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in shown.items()).encode()
        self._free: list[tuple[float, Line]] = []  # and since when

    async def post(self, address: bytes, body: bytes, more: bytes = b"") -> Answer:
        """`more`: headers beside those of all, each with its line end."""
        line = await self._line()
        headers = self._headers + more
        answer = await line.send(
            b"POST %b HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n%b" % (address, headers, len(body), body)
        )
        self._free.append((time.monotonic(), line))
        return answer

    async def _line(self) -> Line:
        while self._free:
            since, line = self._free.pop()
            if line.open and time.monotonic() - since < IDLE:
                return line
        return await dial(Line, *self._where)

    def close(self) -> None:
        """Those that nobody uses."""
        while self._free:
            self._free.pop()[1].close()
