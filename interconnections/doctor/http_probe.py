"""Asking an address of the configuration: five seconds, and only its host is ever named."""

import asyncio

from interconnections.doctor.findings import PATIENCE
from interconnections.wire import OpenReply, Reply, Stream, Unreachable, Wire
from interconnections.wire import host_of as host

__all__ = ["BriefWire", "host"]


class BriefWire:
    """A wire that waits five seconds in all, and remembers the last status, and when that was by their clock."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.status: int | None = None
        self.date = ""

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | Stream | None = None,
        timeout: float = PATIENCE,
    ) -> Reply:
        self.status = None
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await self.wire.send(method, url, headers=headers, body=body, timeout=min(timeout, PATIENCE))
        except TimeoutError:
            raise Unreachable(f"nothing within {PATIENCE:.0f} s") from None
        self.status, self.date = reply.status, reply.headers.get("Date", "")
        return reply

    async def open(self, method: str, url: str, *, headers: dict[str, str]) -> OpenReply:
        self.status = None
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await self.wire.open(method, url, headers=headers)
        except TimeoutError:
            raise Unreachable(f"nothing within {PATIENCE:.0f} s") from None
        self.status = reply.status
        return reply
