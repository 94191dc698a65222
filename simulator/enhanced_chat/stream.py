"""Writing one stream: events in their order, pings, and the troubles that a stream can meet (EC §5)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from aiohttp import web

from ..protocol_options import Rules
from .end_user import EndUser, Stream
from .event_log import Logged
from .tokens.access_tokens import Grant

EXPIRED = b"Jwt is expired"
LONG = 3600.0  # s that a stalled stream sleeps before it looks around


class Over(Exception):
    """The stream ends here; the message is how, for the ledger."""


@dataclass
class Writer:
    """One open stream of one token."""

    user: EndUser
    grant: Grant
    stream: Stream
    rules: Rules
    response: web.StreamResponse
    request: web.Request
    stalled: bool = False

    async def run(self, last_event_id: int) -> None:
        """Replay, then tell what comes, until the stream ends; raises Over."""
        last, log = last_event_id - self.grant.event_offset, self.user.log
        seen = log.newest
        for logged in log.after(last):
            if not logged.transient and logged.id <= seen:
                await self._tell(logged)
        while True:
            await self._obey()
            news = [] if self.stalled else log.after(seen)
            for logged in news:
                seen = logged.id
                await self._tell(logged)
                if self.stalled or self.stream.orders or self.user.closing:
                    break
            if news or await self._something(seen) or self.stalled or self._time_is_up():
                continue
            await self._write(b"event: ping\ndata: 0\n\n")

    async def _something(self, seen: int) -> bool:
        """Wait for an event, an order or an end; False when it is time for a ping, or the token's time is up."""
        user, wait = self.user, LONG if self.stalled else self.rules.ping_seconds
        if self.rules.expired_on_stream != "goes_on" and not self.stalled:
            wait = min(wait, max(0.0, self.grant.expires - time.time()) + 0.005)

        def so() -> bool:
            ended = user.closing or bool(self.stream.orders) or (self.grant.ended and not self.stalled)
            return ended or (not self.stalled and user.log.newest > seen)

        return await user.bell.until(so, wait)

    def _time_is_up(self) -> bool:
        return self.grant.over() and (self.rules.expired_on_stream != "goes_on" or self.grant.ended)

    async def _obey(self) -> None:
        """What ends a stream, and what the director wants of it."""
        if self.user.closing:
            raise Over("ended")
        while self.stream.orders:
            await self._suffer(self.stream.orders.popleft(), self.user.log.last())
        if not self.stalled and self._time_is_up():
            if self.rules.expired_on_stream != "end":
                await self._write(EXPIRED)
            raise Over("expired")

    async def _tell(self, logged: Logged) -> None:
        trouble, logged.trouble = logged.trouble, None
        if trouble is not None:
            await self._suffer(trouble, logged)
        if not self.stalled:
            await self._write(self._frame(logged))
            self.stream.written += 1

    async def _suffer(self, trouble: str, logged: Logged | None) -> None:
        """A trouble, at this event; `unknown` and `foreign` stand in the log already."""
        frame = self._frame(logged) if logged is not None else b"event: ping\n"
        if trouble == "drop":
            await self._write(frame[: len(frame) // 2])
            self._hang_up()
        elif trouble == "stall":
            self.stalled, self.stream.how = True, "stalled"
        elif trouble in ("expired", "401"):
            self.grant.ended = True
            if trouble == "401":
                self._hang_up()
            await self._write(EXPIRED)
            raise Over("expired")
        elif trouble == "duplicate" and logged is not None:
            await self._write(frame)
        elif trouble == "forget":
            self.user.log.forget()
            self._hang_up()

    def _hang_up(self) -> None:
        if self.request.transport is not None:
            self.request.transport.close()
        raise Over("dropped")

    def _frame(self, logged: Logged) -> bytes:
        id = "" if logged.transient else f"id: {logged.id + self.grant.event_offset}\n"
        return f"{id}event: {logged.name}\ndata: {logged.data}\n\n".encode()

    async def _write(self, raw: bytes) -> None:
        try:
            await self.response.write(raw)
        except ConnectionError as gone:
            raise Over("left") from gone
