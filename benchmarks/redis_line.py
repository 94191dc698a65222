"""Redis at its barest: one connection, and what is asked within a turn of the loop leaves in one write.

RESP is hiredis' work.  No reconnect, no scripts, no Sentinel: the floor's Redis is there, or the floor ends.
"""

import asyncio
from collections import deque
from typing import TypeAlias, cast
from urllib.parse import urlsplit

import hiredis

Command: TypeAlias = tuple[str | bytes | int, ...]


class RedisLine(asyncio.Protocol):
    def __init__(self) -> None:
        self._reader = hiredis.Reader()
        self._transport: asyncio.WriteTransport | None = None
        self._unsent: list[bytes] = []
        self._awaited: deque[asyncio.Future[object] | None] = deque()  # one a reply; None: nobody reads it

    @classmethod
    async def dial(cls, url: str) -> "RedisLine":
        """`url`: unix://path, of a server that lets anybody do anything."""
        _, line = await asyncio.get_running_loop().create_unix_connection(cls, urlsplit(url).path)
        return line

    async def transaction(self, *commands: Command) -> object:
        """All of them or none, between MULTI and EXEC; gives what EXEC answered."""
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self._flush)
        for command in (("MULTI",), *commands, ("EXEC",)):
            self._unsent.append(hiredis.pack_command(command))  # type: ignore[arg-type]  # its stub has one item
            self._awaited.append(None)
        self._awaited[-1] = answer = asyncio.get_running_loop().create_future()
        found = await answer
        if isinstance(found, hiredis.ReplyError):
            raise found
        return found

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is none by name

    def connection_lost(self, error: Exception | None) -> None:
        for answer in self._awaited:
            if answer and not answer.done():
                answer.set_exception(error or ConnectionError("Redis hung up"))

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        while (reply := self._reader.gets()) is not False:
            if (answer := self._awaited.popleft()) and not answer.done():
                answer.set_result(reply)

    def _flush(self) -> None:
        assert self._transport
        self._transport.write(b"".join(self._unsent))
        self._unsent.clear()
