"""Sentinels: whoever asks waits instead of failing, and user, password, TLS and database count on every way."""

import asyncio
from collections.abc import Iterator

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.core.cache import caches
from redis.exceptions import RedisError

from interconnections.store import address, leases, pool, sentinel_info
from interconnections.store.connection import connect, for_pages
from tests.story.redis_sentinel import DATABASE, SERVICE, WATCHERS, Sentinels

GUARDS = {"open": {}, "users": {"users": True}, "users and TLS": {"users": True, "tls": True}}


@pytest.fixture(params=GUARDS)
def sentinels(request: pytest.FixtureRequest, settings) -> Iterator[Sentinels]:  # type: ignore[no-untyped-def]
    with Sentinels(**GUARDS[request.param]) as sentinels:
        look_at(settings, sentinels)
        yield sentinels
        caches["default"].client.connection_factory.disconnect(for_pages())
        caches["default"].client.connection_factory._pools.pop(sentinels.url, None)


def look_at(settings, sentinels: Sentinels, password: str = WATCHERS[1]) -> None:  # type: ignore[no-untyped-def]
    """As the settings do with the environment."""
    own = address.sentinels_own(
        sentinels.url,
        WATCHERS[0] if sentinels.users else "",
        password if sentinels.users else "",
        sentinels.tls,
    )
    settings.REDIS_URL = sentinels.url
    settings.REDIS_SENTINELS = address.Sentinels([("127.0.0.1", sentinels.watch)], SERVICE, own)
    settings.CACHES = {"default": settings.CACHES["default"] | address.cache(sentinels.url, settings.REDIS_SENTINELS)}


async def test_hundreds_who_ask_at_once_wait_for_a_connection(
    sentinels: Sentinels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "PATIENCE", 60.0)  # on a busy machine their turns take longer
    redis = connect()
    try:
        answers = await asyncio.gather(*(leases.load(redis, f"id {n}") for n in range(250)))
        assert answers == [({}, {})] * 250
    finally:
        await redis.aclose()


async def test_every_way_leads_into_the_database_that_redis_url_names(sentinels: Sentinels, settings) -> None:  # type: ignore[no-untyped-def]
    redis = connect()
    layer = RedisPubSubChannelLayer([address.channel_host(sentinels.url, settings.REDIS_SENTINELS)])
    try:
        assert await redis.set("asynchronous", 1)
        assert await leases.beat(redis, "w1", 60_000, 0, 10)
        assert await asyncio.to_thread(lambda: for_pages().set("page", 1))
        assert await asyncio.to_thread(lambda: caches["default"].set("cached", 1))
        assert await asyncio.to_thread(leases.renew, "w1", 60_000)
        heard = asyncio.ensure_future(layer.receive("w1"))
        while not heard.done():
            await layer.send("w1", {"type": "ring"})
            await asyncio.wait([heard], timeout=0.05)
        with sentinels.client(sentinels.first, database=DATABASE) as master:
            names = master.keys()
            assert {b"asynchronous", b"page"} <= set(names)
            assert any(b"cached" in name for name in names)
        with sentinels.client(sentinels.first) as master:
            assert master.keys() == []
    finally:
        await layer.flush()
        await redis.aclose()


async def test_a_fail_over_is_followed_on_every_way(sentinels: Sentinels) -> None:
    redis = connect()
    try:
        await asyncio.gather(*(redis.ping() for _ in range(10)))
        await asyncio.to_thread(lambda: for_pages().set("before", 1))
        await asyncio.to_thread(sentinels.fail)
        assert await redis.set("after", 1)
        assert await asyncio.to_thread(lambda: for_pages().get("after")) == b"1"
    finally:
        await redis.aclose()


async def test_each_sentinel_says_what_it_knows(sentinels: Sentinels, settings) -> None:  # type: ignore[no-untyped-def]
    there, nobody = ("127.0.0.1", sentinels.watch), ("127.0.0.1", 1)
    own = settings.REDIS_SENTINELS.own
    settings.REDIS_SENTINELS = address.Sentinels([there, nobody], SERVICE, own)
    told, away = await sentinel_info.asked() or []
    assert told == sentinel_info.Told(
        f"127.0.0.1:{sentinels.watch}", "", (SERVICE,), f"127.0.0.1:{sentinels.first}", False, 1
    )
    assert (away.trouble, away.master) == ("ConnectionError", "")
    settings.REDIS_SENTINELS = address.Sentinels([there], "another", own)
    assert await sentinel_info.asked() == [sentinel_info.Told(told.address, "", (SERVICE,))]


async def test_sentinels_that_refuse_our_password_are_no_master(settings) -> None:  # type: ignore[no-untyped-def]
    with Sentinels(users=True) as sentinels:
        look_at(settings, sentinels, "wrong")
        redis = connect()
        try:
            with pytest.raises(RedisError):
                await redis.ping()
            [told] = await sentinel_info.asked() or []
            assert told.trouble == sentinel_info.REFUSED
        finally:
            await redis.aclose()
