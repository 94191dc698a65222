"""redis-py's client, whose quick commands share one line; whatever blocks, and pipelines, go over its pool.

A command whose connection was lost is asked again, as the pool does it: scripts recognise a repeat.
"""

import asyncio

from redis.asyncio import ConnectionPool, Redis

from interconnections.store.address import BACKOFF, LOST, REPEATS
from interconnections.store.line import Argument, Line

# Those of ours that Redis answers at once.  A name that is not here is no mistake, only dearer.
QUICK = frozenset({
    "EVAL", "EVALSHA", "EXISTS", "EXPIRE", "FCALL", "GET", "HGET", "HGETALL", "HMGET", "HSET", "MGET", "PEXPIRE",
    "PING", "SET", "SMEMBERS", "SMISMEMBER", "TIME", "XADD", "XDEL", "XRANGE", "XREVRANGE", "ZCOUNT", "ZLEXCOUNT",
    "ZRANGE", "ZRANGEBYSCORE",
})  # fmt: skip


class LineClient(Redis):
    def __init__(self, pool: ConnectionPool) -> None:
        super().__init__(connection_pool=pool)
        self.line = Line(pool.make_connection)

    async def execute_command(self, *command: Argument, **options: object) -> object:
        if command[0] not in QUICK or (options and options.keys() != {"keys"}):
            return await super().execute_command(*command, **options)
        tried = 0
        while True:
            try:
                return await self.parse_response(_Heard(await self.line.ask(*command)), command[0], **options)
            except LOST:
                tried += 1
                if tried > REPEATS:
                    raise
                await asyncio.sleep(BACKOFF.compute(tried))

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        await self.line.close()
        await super().aclose(close_connection_pool)


class _Heard:
    """An answer that is there already, where redis-py reads it from a connection."""

    __slots__ = ("_answer",)

    def __init__(self, answer: object) -> None:
        self._answer = answer

    async def read_response(self) -> object:
        return self._answer
