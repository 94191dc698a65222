"""A pool of connections to Redis in which callers wait in a queue.  First come, first served.

redis-py's own pools either fail when all connections are in use, or wake one waiter and let whoever runs first take
what came free: with more callers than connections a few go round and round, and the others starve until they give
up.  Both kinds of pool, plain and Sentinel's, wait in turn here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cached_property

from redis.asyncio import Connection, ConnectionPool
from redis.asyncio.sentinel import SentinelConnectionPool
from redis.exceptions import ConnectionError as RedisConnectionError

PATIENCE = 5.0  # seconds that a caller waits for its turn


class Queue:
    """What callers of a pool wait in; put in front of the pool's own class."""

    max_connections: int
    get_available_connection: Callable[[], Connection]
    ensure_connection: Callable[[Connection], Awaitable[None]]

    @cached_property
    def _turns(self) -> asyncio.Semaphore:
        """asyncio's semaphore is fair: who comes while others wait goes to the end."""
        return asyncio.Semaphore(self.max_connections)

    async def get_connection(self, command: object = None, *keys: object, **options: object) -> Connection:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._turns.acquire()
        except TimeoutError:
            raise RedisConnectionError("No connection came free in time.") from None
        try:
            connection = self.get_available_connection()
        except BaseException:
            self._turns.release()
            raise
        try:
            await self.ensure_connection(connection)
        except BaseException:
            await self.release(connection)
            raise
        return connection

    async def release(self, connection: Connection) -> None:
        try:
            await ConnectionPool.release(self, connection)
        finally:
            self._turns.release()


PoolInTurn: type[ConnectionPool] = type("PoolInTurn", (Queue, ConnectionPool), {})
SentinelPoolInTurn: type[ConnectionPool] = type("SentinelPoolInTurn", (Queue, SentinelConnectionPool), {})
