"""REDIS_URL and the Sentinels, in the words of the three libraries that dial: redis-py, django-redis, channels-redis.

Of REDIS_URL count the user, the password, the database, TLS (rediss://) and redis-py's options in the query, like
ssl_ca_certs; with Sentinels they are those of the servers that the Sentinels name, and its host counts for nothing.
This module is read by the settings: it knows neither Django nor them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

from redis import BlockingConnectionPool as PagePool
from redis.asyncio import ConnectionPool
from redis.asyncio import connection as asynchronous
from redis.asyncio import sentinel as asynchronous_sentinel
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.connection import Connection as PageConnection
from redis.connection import SSLConnection as PageSSLConnection
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry as PageRetry
from redis.sentinel import SentinelConnectionPool as PageSentinelPool
from redis.sentinel import SentinelManagedConnection as PageManaged
from redis.sentinel import SentinelManagedSSLConnection as PageManagedSSL

from interconnections.store.pool import PoolInTurn, SentinelPoolInTurn
from interconnections.store.redial import OneQuestion, redialled

Options: TypeAlias = dict[str, object]  # arguments of a library's
SOCKET_TIMEOUT = 5.0  # seconds
CONNECT_TIMEOUT = 2.0  # seconds
REPEATS = 2  # of a command whose connection was lost: scripts recognise a repeat
BACKOFF = ExponentialWithJitterBackoff(base=0.05, cap=0.5)  # seconds
LOST = (RedisConnectionError, RedisTimeoutError)


@dataclass(frozen=True)
class Sentinels:
    """Who is asked where the master is.  `own`: redis-py's arguments for the connections to them."""

    addresses: Sequence[tuple[str, int]]
    service: str
    own: Options = field(default_factory=dict)


def sentinels_own(url: str, username: str, password: str, tls: bool) -> Options:
    """How the Sentinels are dialled: under a name of their own, over TLS with the certificates of REDIS_URL."""
    certificates = {name: value for name, value in options(url).items() if name.startswith("ssl_")} if tls else {}
    who = {name: value for name, value in (("username", username), ("password", password)) if value}
    return certificates | who | {
        "ssl": tls, "socket_timeout": CONNECT_TIMEOUT, "socket_connect_timeout": CONNECT_TIMEOUT,
    }  # fmt: skip


def options(url: str) -> Options:
    """What REDIS_URL says, as redis-py's arguments; raises ValueError with redis-py's sentence."""
    return dict(asynchronous.parse_url(url)) if url else {}


def mistake(url: str, sentinels: bool) -> str:
    """What is wrong with REDIS_URL, in a sentence; empty when nothing."""
    if not url:
        return "" if sentinels else "REDIS_URL is not set. Point it at your server: redis://127.0.0.1:6379/0"
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss", "unix"):
        return "REDIS_URL must begin with redis://, rediss:// or unix://"
    if sentinels and parts.scheme == "unix":
        return "REDIS_URL is a unix socket, but REDIS_SENTINELS is set: take one of the two."
    database = parts.path.strip("/")
    if parts.scheme != "unix" and database and not database.isdecimal():
        return f"REDIS_URL ends in /{database}; the database is a number, like /0"
    try:
        options(url)
    except ValueError as fault:
        return f"REDIS_URL cannot be read: {fault}"
    return ""


# Asynchronous


def pool(url: str, sentinels: Sentinels | None, max_connections: int) -> ConnectionPool:
    """A pool in which callers wait for a free connection in turn; a lost one is dialled again at once."""
    kind = {
        "decode_responses": True,
        "retry": Retry(BACKOFF, REPEATS),
        "retry_on_error": list(LOST),
        "health_check_interval": 0,
        "max_connections": max_connections,
        **_asynchronous(url, sentinels),
    }
    if sentinels is None:
        return PoolInTurn(**kind)
    asked = OneQuestion(list(sentinels.addresses), sentinel_kwargs=asked_once(sentinels.own))
    return SentinelPoolInTurn(sentinels.service, asked, **kind)


def channel_host(url: str, sentinels: Sentinels | None) -> Options:
    """The layer's only host.  Its subscription lives on a connection that only listens."""
    kind = {"retry": Retry(BACKOFF, REPEATS), "retry_on_error": list(LOST), **_asynchronous(url, sentinels)}
    if sentinels is None:
        return kind
    asked = {"sentinels": list(sentinels.addresses), "sentinel_kwargs": asked_once(sentinels.own)}
    return kind | asked | {"master_name": sentinels.service}


def _asynchronous(url: str, sentinels: Sentinels | None) -> Options:
    found: Options = {"socket_timeout": SOCKET_TIMEOUT, "socket_connect_timeout": CONNECT_TIMEOUT, **options(url)}
    kind = asynchronous.parse_url(url or "redis://").get("connection_class", asynchronous.Connection)
    if sentinels:
        found.pop("host", None)
        found.pop("port", None)
        tls = issubclass(kind, asynchronous.SSLConnection)
        managed = asynchronous_sentinel
        kind = managed.SentinelManagedSSLConnection if tls else managed.SentinelManagedConnection
    return found | {"connection_class": redialled(kind)}


def asked_once(own: Options) -> Options:
    """A Sentinel that does not answer is asked once: the next one is asked then."""
    return own | {"retry": Retry(NoBackoff(), 0)}


# For pages: django-redis makes the pool, and names it by its class


class DjangoPool(PagePool):
    """Every address but Sentinels'; whoever finds no connection free waits for one."""

    def __init__(self, connection_class: type = PageConnection, **kind: object) -> None:
        super().__init__(connection_class=redialled(connection_class), **kind)


class DjangoSentinelPool(PagePool, PageSentinelPool):
    """The master's.  django-redis' address names a class of connections that would not ask the Sentinels."""

    def __init__(self, connection_class: type = PageConnection, **kind: object) -> None:
        tls = issubclass(connection_class, PageSSLConnection)
        kind = {name: value for name, value in kind.items() if name not in ("host", "port")}
        super().__init__(connection_class=redialled(PageManagedSSL if tls else PageManaged), **kind)


def cache(url: str, sentinels: Sentinels | None, **more: object) -> Options:
    """LOCATION and OPTIONS for django-redis: those that dial, and more."""
    kind: Options = {
        "retry": PageRetry(BACKOFF, REPEATS), "retry_on_error": list(LOST), "timeout": SOCKET_TIMEOUT,
    }  # fmt: skip
    dialling = {"SOCKET_CONNECT_TIMEOUT": CONNECT_TIMEOUT, "SOCKET_TIMEOUT": SOCKET_TIMEOUT}
    here = f"{__name__}.{{}}"
    if sentinels is None:
        pool = {"CONNECTION_POOL_CLASS": here.format("DjangoPool"), "CONNECTION_POOL_KWARGS": kind}
        return {"LOCATION": url, "OPTIONS": more | dialling | pool}
    # The service's name beside the address: a host in an address loses its capitals.
    return {
        "LOCATION": url or "redis://sentinels/0",
        "OPTIONS": more | dialling | {
            "CONNECTION_FACTORY": "django_redis.pool.SentinelConnectionFactory",
            "CONNECTION_POOL_CLASS": here.format("DjangoSentinelPool"),
            "CONNECTION_POOL_KWARGS": kind | {"service_name": sentinels.service},
            "SENTINELS": list(sentinels.addresses),
            "SENTINEL_KWARGS": sentinels.own | {"retry": PageRetry(NoBackoff(), 0)},
        },
    }  # fmt: skip
