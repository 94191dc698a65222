"""A fail-over behind one address: whoever is still connected to the demoted master dials again, and goes on."""

import asyncio
from collections.abc import Iterator

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.core.cache import caches
from redis._parsers.base import BaseParser
from redis.exceptions import ResponseError

from interconnections.store import address, leases
from interconnections.store.connection import connect, for_pages
from interconnections.store.redial import condemns
from tests.failover import TwoServers


@pytest.fixture
def servers(settings) -> Iterator[TwoServers]:  # type: ignore[no-untyped-def]
    with TwoServers() as servers:
        settings.REDIS_URL = servers.url
        settings.CACHES = {"default": settings.CACHES["default"] | address.cache(servers.url, None)}
        yield servers
        caches["default"].client.connection_factory.disconnect(for_pages())


async def test_a_script_on_a_demoted_master_is_done_on_the_new_one(servers: TwoServers) -> None:
    redis = connect()
    try:
        await asyncio.gather(*(redis.ping() for _ in range(10)))  # several connections, all to the first
        await leases.beat(redis, "w1", 60_000, 0, 10)
        await asyncio.to_thread(servers.fail_over)
        for _ in range(12):
            assert (await leases.beat(redis, "w1", 60_000, 0, 10)).was_alive
        assert (await redis.info("replication"))["role"] == "master"
    finally:
        await redis.aclose()


async def test_a_pipeline_on_a_demoted_master_is_done_on_the_new_one(servers: TwoServers) -> None:
    redis = connect()
    try:
        await redis.set("before", 1)
        await asyncio.to_thread(servers.fail_over)
        for transaction in (True, False):
            pipe = redis.pipeline(transaction=transaction)
            pipe.incr("number")
            pipe.get("before")
            assert (await pipe.execute())[1] == "1"
        assert await redis.get("number") == "2"
    finally:
        await redis.aclose()


def test_pages_commands_and_the_pulse_dial_again_as_well(servers: TwoServers) -> None:
    assert not leases.renew("w1", 60_000)
    for_pages().set("before", 1)
    servers.fail_over()
    assert not leases.renew("w1", 60_000)
    assert for_pages().incr("number") == 1
    pipe = for_pages().pipeline(transaction=False)
    pipe.incr("number")
    assert pipe.execute() == [2]
    assert caches["default"].add("count", 1)
    assert caches["default"].incr("count") == 2


async def test_bells_are_heard_by_those_who_listened_before(servers: TwoServers) -> None:
    """A replica takes PUBLISH and SUBSCRIBE without a word: only the others' refusals tell."""
    hears, rings = (RedisPubSubChannelLayer([address.channel_host(servers.url, None)]) for _ in range(2))
    redis = connect()
    try:
        await redis.set("anything", 0)
        heard = asyncio.ensure_future(hears.receive("w1"))
        while not heard.done():
            await rings.send("w1", {"type": "first"})
            await asyncio.wait([heard], timeout=0.05)
        await asyncio.to_thread(servers.fail_over)
        await redis.set("anything", 1)  # as every webhook and every heartbeat does
        async with asyncio.timeout(20):
            while not await redis.pubsub_channels():
                await asyncio.sleep(0.05)
        heard = asyncio.ensure_future(hears.receive("w1"))
        await asyncio.to_thread(servers.stop_first)
        async with asyncio.timeout(20):
            while not heard.done():
                await rings.send("w1", {"type": "second"})
                await asyncio.wait([heard], timeout=0.05)
    finally:
        await hears.flush()
        await rings.flush()
        await redis.aclose()


@pytest.mark.parametrize(
    ("words", "condemned"),
    [
        ("READONLY You can't write against a read only replica.", True),
        ("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", True),
        ("NOREPLICAS Not enough good replicas to write.", True),
        ("OOM command not allowed when used memory > 'maxmemory'.", False),
        ("BUSY Redis is busy running a script.", False),
        ("NOPERM this user has no permissions", False),
        ("ERR Error running script: the words READONLY inside it", False),
    ],
)
def test_which_answers_condemn_a_connection(words: str, condemned: bool) -> None:
    error = BaseParser.parse_error(words)
    assert isinstance(error, ResponseError)
    assert condemns(error) is condemned


async def test_a_master_without_its_replicas_is_not_clung_to(servers: TwoServers) -> None:
    """It may be an old master that was cut off: the address is asked again."""
    redis = connect()
    try:
        await redis.set("before", 1)
        await redis.config_set("min-replicas-to-write", 2)
        with pytest.raises(Exception, match="NOREPLICAS"):
            await redis.set("after", 1)
        await asyncio.to_thread(servers.fail_over)
        assert await redis.set("after", 1)
    finally:
        await redis.aclose()
