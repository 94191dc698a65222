"""The two ways to Redis, both from REDIS_URL or the Sentinels: asynchronous here, django-redis for pages."""

import asyncio
from typing import TypeAlias
from weakref import WeakKeyDictionary

from django.conf import settings
from django_redis import get_redis_connection
from redis import Redis as SyncRedis
from redis.asyncio import Redis
from redis.exceptions import RedisError

from interconnections.store.address import pool
from interconnections.store.client import LineClient

AsyncRedis: TypeAlias = Redis
PageRedis: TypeAlias = SyncRedis
__all__ = ["AsyncRedis", "PageRedis", "RedisError", "connect", "for_pages", "shared"]

_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncRedis] = WeakKeyDictionary()


def connect(max_connections: int = 64) -> AsyncRedis:
    """A client of its own: one connection that all share, and beside it a pool in which callers wait in turn.

    Every script may be sent twice (scripts recognise a repeat), so lost connections are retried at once.
    """
    connections = pool(settings.REDIS_URL, settings.REDIS_SENTINELS, max_connections)
    return Redis(connection_pool=connections) if settings.REDIS_CLIENT == "pool" else LineClient(connections)


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
