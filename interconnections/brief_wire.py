"""Asking an address of the configuration how it is: five seconds, no more."""

import asyncio

from interconnections.wire import OpenReply, Reply, Stream, Unreachable, Wire

PATIENCE = 5.0  # seconds that any question to a network may take


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
        once: bool = False,
    ) -> Reply:
        self.status = None
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await self.wire.send(
                    method, url, headers=headers, body=body, timeout=min(timeout, PATIENCE), once=once
                )
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
