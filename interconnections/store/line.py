"""One connection to Redis that all coroutines of a loop share: what is asked in one turn is written at once, or in
a few pieces where it is much.

Answers come in the order of the questions.  Whoever stops waiting leaves a place, at which an answer passes unheard.
When the connection is lost, everybody who waits learns of it and may ask again; it is dialled anew for who asks next.
redis-py dials, with all that it knows of TLS, Sentinels and passwords; then its streams are left aside.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import cast

from hiredis import PushNotification, pack_command
from redis._parsers.hiredis import NOT_ENOUGH_DATA
from redis.asyncio import Connection
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import DataError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from interconnections.store.pool import PATIENCE
from interconnections.store.redial import Condemned, condemns, verdict

ODD = (RedisError, PushNotification, UnicodeDecodeError)
AT_ONCE = 16  # questions for which the turn's end is not awaited: Redis begins with them while others are thought of
MOST = 4096  # questions without an answer; who comes then waits in turn

Argument = str | bytes | int | float
# hiredis' own type has it that a command is one word.
pack = cast("Callable[[tuple[Argument, ...]], bytes]", pack_command)


class Line:
    def __init__(self, dial: Callable[[], Connection]) -> None:
        """`dial()`: a connection of redis-py's, not connected yet."""
        self._dial = dial
        self._call: _Call | None = None
        self._asked: list[tuple[bytes, asyncio.Future[object]]] = []  # not written yet
        self._places = MOST  # for questions without an answer
        self._queue: deque[asyncio.Future[None]] = deque()  # of those who wait for a place
        self._dialling: asyncio.Task[None] | None = None
        self._flushing = self._closed = False

    async def ask(self, *command: Argument) -> object:
        """One question, one answer; raises what redis-py raises."""
        try:
            packed = pack(command)
        except TypeError as error:
            raise DataError(str(error)) from None
        if self._places:
            self._places -= 1
        else:
            await self._place()
        loop = asyncio.get_running_loop()
        answered = loop.create_future()
        self._asked.append((packed, answered))
        if not self._flushing:
            self._flushing = True
            loop.call_soon(self._flush)
        elif len(self._asked) >= AT_ONCE and self._call and not self._call.over:
            self._write(self._call)
        try:
            return await answered
        finally:
            self._leave()

    async def close(self) -> None:
        self._closed = True
        if self._dialling:
            self._dialling.cancel()
            await asyncio.wait([self._dialling])
        if self._call:
            self._call.hang_up(RedisConnectionError("closed"))
        self._refuse(RedisConnectionError("closed"))

    async def _place(self) -> None:
        """The next that becomes free, in the order of coming."""
        handed = asyncio.get_running_loop().create_future()
        self._queue.append(handed)
        try:
            async with asyncio.timeout(PATIENCE):
                await handed
        except BaseException as stopped:
            if handed.done() and not handed.cancelled():
                self._leave()  # it was handed over as we stopped waiting
            if isinstance(stopped, TimeoutError):
                raise RedisConnectionError("Too many questions wait for an answer.") from None
            raise

    def _leave(self) -> None:
        while self._queue:
            if not (waiting := self._queue.popleft()).done():
                waiting.set_result(None)
                return
        self._places += 1

    def _flush(self) -> None:
        """At the end of the turn in which somebody asked."""
        self._flushing = False
        if self._call and self._call.over:
            self._call = None
        if self._call:
            self._write(self._call)
        elif self._closed:
            self._refuse(RedisConnectionError("closed"))
        elif self._dialling is None:
            self._dialling = asyncio.get_running_loop().create_task(self._connect())

    def _write(self, call: "_Call") -> None:
        asked = [each for each in self._asked if not each[1].done()]  # of whoever gave up nothing is written
        self._asked.clear()
        if asked:
            call.write(asked)

    async def _connect(self) -> None:
        connection = self._dial()
        try:
            await connection.connect()
            self._call = _Call(connection)
            self._write(self._call)
        except Exception as error:
            connection._close()
            self._refuse(error if isinstance(error, RedisError) else RedisConnectionError(type(error).__name__))
        except BaseException:
            connection._close()
            raise
        finally:
            self._dialling = None

    def _refuse(self, why: Exception) -> None:
        asked, self._asked = self._asked, []
        for _, answered in asked:
            if not answered.done():
                answered.set_exception(_same(why))


class _Call(asyncio.Protocol):
    """The line while it stands: from a connection's being dialled to its loss."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._transport = connection._writer.transport
        self._reader = connection._parser._reader  # hiredis', which knows redis-py's words for errors
        self._patience: float | None = connection.socket_timeout
        self._waiting: deque[tuple[float, asyncio.Future[object]]] = deque()  # since when; in the answers' order
        self._timer: asyncio.TimerHandle | None = None
        self._over = False
        self._transport.set_protocol(self)
        if connection._reader._buffer:  # it said more than was asked while it was dialled
            self.data_received(bytes(connection._reader._buffer))

    @property
    def over(self) -> bool:
        """It is lost, or was dialled before the last fail-over."""
        if not self._over and self._connection.stale:
            self.hang_up(Condemned("dialled before the last fail-over"))
        return self._over

    def write(self, asked: list[tuple[bytes, asyncio.Future[object]]]) -> None:
        now = time.monotonic()
        self._waiting.extend([(now, answered) for _, answered in asked])
        self._transport.write(b"".join([packed for packed, _ in asked]))
        if self._timer is None:
            self._watch()

    def hang_up(self, why: Exception) -> None:
        """Whoever waits learns why there will be no answer.  May be repeated."""
        if self._over:
            return
        self._over = True
        if self._timer:
            self._timer.cancel()
        self._transport.abort()
        self._connection._close()
        waiting, self._waiting = self._waiting, deque()
        for _, answered in waiting:
            if not answered.done():
                answered.set_exception(_same(why))

    # What the transport calls

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        try:
            while not self._over:
                try:
                    answer = self._reader.gets()
                except UnicodeDecodeError as no_text:  # its asker's trouble alone: what follows can be read
                    answer = no_text
                if answer is NOT_ENOUGH_DATA:
                    break
                if isinstance(answer, ODD) or not self._waiting:
                    self._hear(answer)
                elif not (answered := self._waiting.popleft()[1]).done():
                    answered.set_result(answer)
        except RedisError as error:  # this is no Redis
            self.hang_up(error)

    def connection_lost(self, error: Exception | None) -> None:
        self.hang_up(RedisConnectionError("Connection closed by server."))

    def _hear(self, answer: object) -> None:
        """A refusal, or what belongs to no question."""
        if isinstance(answer, PushNotification):
            return
        if not self._waiting or not isinstance(answer, Exception):
            self.hang_up(RedisConnectionError("an answer that nobody asked for"))
            return
        answered = self._waiting.popleft()[1]
        if condemns(answer):
            verdict.at = time.monotonic()
            answer = Condemned(str(answer))
        if not answered.done():
            answered.set_exception(answer)
        if isinstance(answer, RedisConnectionError):  # another connection may fare better: redis-py thinks so too
            self.hang_up(answer)

    # Time

    def _watch(self) -> None:
        """For the oldest question; it looks when it fires whether that was answered."""
        self._timer = None
        if not self._waiting or self._patience is None:
            return
        left = self._waiting[0][0] + self._patience - time.monotonic()
        if left <= 0:
            self.hang_up(RedisTimeoutError("Timeout reading from socket"))
        else:
            self._timer = asyncio.get_running_loop().call_later(left, self._watch)


def _same(why: Exception) -> Exception:
    """One for each who waits: an exception that is raised in many places at once would carry all their traces."""
    return type(why)(*why.args)
