"""One connection to one host: an exchange at a time, then free for the next until it has been idle for too long.

Its times are watched by one timer, which looks when it fires whether they have moved: most answers come long before.
"""

import asyncio
from collections.abc import Callable
from typing import cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from interconnections import wire
from interconnections.http11.answer import LARGEST_HEAD, WITHOUT_BODY, Answer
from interconnections.http11.request import Origin
from interconnections.wire import Stream, Unreachable

IDLE = 60.0  # seconds after which a connection that nobody used is closed
MARGIN = 1.0  # seconds before the other side would close it, where it says when
NEVER = float("inf")


class Connection(asyncio.Protocol):
    __slots__ = (
        "_answer",
        "_body_at",
        "_drained",
        "_gone",
        "_head_bytes",
        "_heard",
        "_loop",
        "_parser",
        "_paused",
        "_quiet",
        "_quiet_at",
        "_timer",
        "_timer_at",
        "_transport",
        "_until",
        "_waiter",
        "origin",
        "stale",
        "used",
    )

    def __init__(self, origin: Origin, gone: Callable[["Connection"], None]) -> None:
        """`gone(connection)` is called once, when it is closed by whomever."""
        self.origin, self._gone = origin, gone
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parser = HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )
        self._answer: Answer | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = self._until = self._quiet_at = NEVER
        self._quiet = NEVER  # seconds of silence that are borne
        self._head_bytes = 0
        self._paused = False  # reading
        self._heard = False  # did a byte of this answer come
        self.used = self.stale = False  # was there an exchange before; was it found closed by the next

    # An exchange

    @property
    def usable(self) -> bool:
        return self._transport is not None and not self._transport.is_closing() and self._answer is None

    def ask(self, request: bytes, answer: Answer, look: Callable[[], None], *, quiet: float, until: float) -> None:
        """`look`, write it, and listen.

        `quiet`: seconds of silence that are borne; `until`: when all must be over, by the loop's clock.
        """
        assert self._transport
        self._answer, self._heard, self._head_bytes = answer, False, 0
        self._quiet, self._until = quiet, until
        self._quiet_at = at = self._loop.time() + quiet
        if self._timer is None or min(at, until) < self._timer_at:
            self._watch()
        look()
        self._transport.write(request)

    async def bring(self, body: Stream, answer: Answer, look: Callable[[], None]) -> None:
        """Write a long body, `look`ing before each piece; no more of it once there is an answer."""
        quiet, self._quiet = self._quiet, NEVER  # they listen, they need not speak
        self._hush()
        async for piece in body:
            while self._drained and not answer.over:
                await self._drained
            if answer.over or not self._transport:
                answer.stray = True  # what is left of the body would be read as another request
                break
            look()
            self._transport.write(piece)
        self._quiet = quiet
        self._hush()

    async def whole(self, answer: Answer) -> None:
        """Until the answer has ended; raises Unreachable."""
        while not (answer.ended or answer.wrong):
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if answer.wrong:
            raise answer.wrong

    async def headed(self, answer: Answer) -> None:
        """Until the head is there; raises Unreachable."""
        while not (answer.headed or answer.wrong):
            await self._wait()
        if answer.wrong and not answer.headed:
            raise answer.wrong
        self._quiet = self._until = NEVER
        self._hush()

    async def piece(self, answer: Answer, quiet: float) -> bytes:
        """What has come; b"" at the end.  After `quiet` seconds without raises Unreachable that is silent."""
        silent_at = self._loop.time() + quiet
        while not (answer.pieces or answer.over):
            if self._loop.time() >= silent_at:
                raise Unreachable("silence", silent=True)
            self._quiet_at = silent_at
            self._watch()
            await self._wait()
            self._quiet_at = NEVER
        if not answer.pieces and answer.wrong:
            raise answer.wrong
        piece = answer.take()
        if self._paused and self._transport and not self._transport.is_closing():
            self._paused = False
            self._transport.resume_reading()
        return piece

    def release(self) -> bool:
        """The exchange is over: may there be another?"""
        answer, self._answer = self._answer, None
        if (
            answer is None
            or not (answer.ended and answer.lasting)
            or answer.stray
            or answer.until_close
            or self._drained
            or not self.usable
        ):
            self.close()
            return False
        kept = IDLE if answer.keep_alive is None else min(IDLE, answer.keep_alive - MARGIN)
        self.used = True
        self._until, self._quiet, self._quiet_at = self._loop.time() + kept, NEVER, NEVER
        if self._timer is None or self._until < self._timer_at:
            self._watch()
        return True

    def close(self) -> None:
        """At once.  May be repeated."""
        self._lose(Unreachable("closed"))
        if self._transport:
            self._transport.abort()

    async def _wait(self) -> None:
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        for future in (self._waiter, self._drained):
            if future and not future.done():
                future.set_result(None)

    def _lose(self, why: Unreachable) -> None:
        """There will be no more of this answer."""
        answer, self._answer = self._answer, None
        if answer and not answer.over:
            answer.wrong = why
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._wake()

    # Time

    def _hush(self) -> None:
        """Silence is counted from now on."""
        self._quiet_at = self._loop.time() + self._quiet
        self._watch()

    def _watch(self) -> None:
        """The timer is set where it would fire too late; where it fires too early, it is set anew."""
        at = min(self._quiet_at, self._until)
        if at < self._timer_at or self._timer is None:
            if self._timer:
                self._timer.cancel()
                self._timer = None
            self._timer_at = at
            if at < NEVER:
                self._timer = self._loop.call_at(at, self._look)

    def _look(self) -> None:
        self._timer, self._timer_at = None, NEVER
        now = self._loop.time()
        if now >= self._until:
            self._lose(Unreachable("not over in time"))
            self.close()
        elif now < self._quiet_at:
            self._watch()
        elif self._answer and self._quiet == NEVER:  # a reader who may come again
            self._quiet_at = NEVER
            self._wake()
        else:
            self._lose(Unreachable("silence", silent=True))
            self.close()

    # What the transport calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        answer = self._answer
        if answer and answer.until_close and answer.headed and error is None and not answer.ended:
            answer.on_end()
        self.stale = self.used and not self._heard and answer is not None and not answer.over
        self._lose(Unreachable("the answer is cut" if self._heard else "closed before an answer"))
        self._gone(self)

    def data_received(self, data: bytes) -> None:
        answer = self._answer
        if answer is None:
            self.close()  # nobody asked
            return
        self._heard = True
        if self._quiet != NEVER:
            self._quiet_at = self._loop.time() + self._quiet
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            answer.stray = True
        except HttpParserError:
            if answer.ended and answer.status in WITHOUT_BODY:
                answer.stray = True  # a body all the same: it is none of the answer's
            else:
                answer.wrong = answer.wrong or Unreachable("the answer is no HTTP")
        if not answer.headed:
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD:
                answer.wrong = Unreachable("the answer's head is too large")
        if answer.wrong:
            self.close()
        elif answer.ended or not answer.bounded:
            if answer.waiting > wire.READ_AHEAD and not self._paused and not answer.bounded and self._transport:
                self._paused = True
                self._transport.pause_reading()
            if self._drained:
                self._wake()
            elif self._waiter and not self._waiter.done():
                self._waiter.set_result(None)

    def pause_writing(self) -> None:
        self._drained = self._loop.create_future()

    def resume_writing(self) -> None:
        if self._drained and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None

    # What the parser calls

    def on_message_begin(self) -> None:
        if self._answer and self._answer.ended:
            self._answer.stray = True

    def on_header(self, name: bytes, value: bytes) -> None:
        answer = self._answer
        if answer and not answer.ended:
            answer.headers.append((name, value))

    def on_headers_complete(self) -> None:
        answer = self._answer
        if answer and not answer.ended:
            answer.on_head(self._parser.get_status_code())

    def on_body(self, piece: bytes) -> None:
        answer = self._answer
        if answer and not answer.ended:
            answer.on_body(piece)

    def on_message_complete(self) -> None:
        answer = self._answer
        if answer and not answer.ended:
            answer.lasting = self._parser.should_keep_alive()  # later the parser has forgotten
            answer.on_end()
