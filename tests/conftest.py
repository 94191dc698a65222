"""What all tests share: an empty Redis of their own, and the ways to it."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
import redis

from interconnections.store.connection import AsyncRedis, connect


@pytest.fixture(autouse=True)
def empty_redis() -> Iterator[None]:
    """The tests' own server (tests/environment.py), empty at each test's beginning."""
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    client.flushall()
    yield
    client.close()


@pytest.fixture
async def store() -> AsyncIterator[AsyncRedis]:
    client = connect()
    yield client
    await client.aclose()
