"""The two ways to Redis, both from REDIS_URL or the Sentinels: asynchronous here, django-redis for pages."""

import asyncio
from typing import TypeAlias
from weakref import WeakKeyDictionary

from django.conf import settings
from django_redis import get_redis_connection
from redis import Redis as SyncRedis
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from interconnections.store.pool import PoolInTurn, SentinelPoolInTurn

AsyncRedis: TypeAlias = Redis
PageRedis: TypeAlias = SyncRedis
__all__ = ["AsyncRedis", "PageRedis", "RedisError", "connect", "for_pages", "shared"]

SOCKET_TIMEOUT = 5.0  # seconds
CONNECT_TIMEOUT = 2.0  # seconds


class Cancellable:
    """A connection whose writes end when their task is cancelled.

    redis-py waits for a write with asyncio.wait_for, which until Python 3.12 swallows a cancellation that comes as
    the write ends: a poll that was told to stop would go on.  A time-out around it does not, and costs no task.
    """

    socket_timeout: float | None

    async def send_packed_command(self, command: object, check_health: bool = True) -> None:
        timeout, self.socket_timeout = self.socket_timeout, None
        try:
            async with asyncio.timeout(timeout):
                await super().send_packed_command(command, check_health)  # type: ignore[misc]
        except TimeoutError:
            raise RedisTimeoutError("Timeout writing to socket") from None
        finally:
            self.socket_timeout = timeout


def _cancellable(pool: ConnectionPool) -> ConnectionPool:
    pool.connection_class = type("CancellableConnection", (Cancellable, pool.connection_class), {})
    return pool


_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncRedis] = WeakKeyDictionary()


def connect(max_connections: int = 64) -> AsyncRedis:
    """A client of its own, with a pool in which callers wait for a free connection in turn.

    Every script may be sent twice (scripts recognise a repeat), so lost connections are retried at once;
    a pool given by hand would get no retry at all.
    """
    retry = Retry(ExponentialWithJitterBackoff(base=0.05, cap=0.5), 2)
    kind = {
        "decode_responses": True,
        "socket_timeout": SOCKET_TIMEOUT,
        "socket_connect_timeout": CONNECT_TIMEOUT,
        "retry": retry,
        "retry_on_error": [RedisConnectionError, RedisTimeoutError],
        "health_check_interval": 0,
    }
    if settings.REDIS_SENTINELS:
        sentinel = Sentinel(settings.REDIS_SENTINELS, socket_connect_timeout=CONNECT_TIMEOUT)
        sentinel_pool = SentinelPoolInTurn(
            settings.REDIS_SENTINEL_SERVICE, sentinel, max_connections=max_connections, **kind
        )
        return Redis(connection_pool=_cancellable(sentinel_pool))
    pool = PoolInTurn.from_url(settings.REDIS_URL, max_connections=max_connections, **kind)
    return Redis(connection_pool=_cancellable(pool))


def shared() -> AsyncRedis:
    """The client of the running event loop: async views of one web process share its pool."""
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        client = _clients[loop] = connect()
    return client


def for_pages() -> PageRedis:
    """The synchronous connection, for admin pages and commands; answers are bytes."""
    connection: PageRedis = get_redis_connection("default")
    return connection
