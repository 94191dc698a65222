"""One at a time, whatever process asks; tokens of orgs rest encrypted."""

import asyncio

import pytest

from interconnections.secret import Secret
from interconnections.store import locks, tokens
from interconnections.store.connection import AsyncRedis
from interconnections.store.keys import key


async def test_all_names_or_none(store: AsyncRedis) -> None:
    assert await locks.take(store, ["a", "b"], "one", 5000)
    assert not await locks.take(store, ["c", "b"], "two", 5000)
    assert await store.exists(key("lock", "c")) == 0
    assert await locks.take(store, ["b"], "one", 5000)  # its holder may take it again
    await locks.give(store, ["a", "b"], "two")
    assert await store.exists(key("lock", "a"), key("lock", "b")) == 2
    await locks.give(store, ["a", "b"], "one")
    assert await locks.take(store, ["c", "b"], "two", 5000)


async def test_who_waits_gets_it_when_it_is_given(store: AsyncRedis) -> None:
    order: list[str] = []

    async def one(name: str) -> None:
        async with locks.held(store, ["a"], name, 5000):
            order.append(name)
            await asyncio.sleep(0.01)
            order.append(name)

    await asyncio.gather(*(one(f"holder{n}") for n in range(5)))
    assert order[::2] == order[1::2]


async def test_who_takes_longer_than_a_lease_keeps_it_and_a_dead_one_does_not(store: AsyncRedis) -> None:
    async with locks.held(store, ["a"], "slow", 200):
        for _ in range(8):
            assert not await locks.take(store, ["a"], "other", 200)
            await asyncio.sleep(0.1)
    assert await locks.take(store, ["a"], "other", 200)  # and given at once
    async with asyncio.timeout(30), locks.held(store, ["a"], "third", 200):
        assert await store.get(key("lock", "a")) == "third"


async def test_a_lock_that_was_lost_is_not_taken_from_another(store: AsyncRedis) -> None:
    async with locks.held(store, ["a"], "slow", 200):
        await store.set(key("lock", "a"), "other", px=5000)
        await asyncio.sleep(0.3)
    assert await store.get(key("lock", "a")) == "other"


async def test_nobody_waits_for_ever(store: AsyncRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    await locks.take(store, ["a"], "frozen", 60_000)
    with pytest.raises(TimeoutError):
        async with locks.held(store, ["a"], "other", -1_900):  # its patience is its own lease and two seconds
            raise AssertionError("two at a time")


async def test_a_token_rests_encrypted_and_for_its_credentials_only(store: AsyncRedis) -> None:
    await tokens.keep(store, "Acme", "print1", Secret("00D!abc"), "https://acme.my.salesforce.com")
    assert "00D!abc" not in str(await store.hgetall(key("token", "Acme")))
    kept = await tokens.read(store, "Acme", "print1")
    assert kept == tokens.Kept(Secret("00D!abc"), "https://acme.my.salesforce.com", "")
    assert await tokens.read(store, "Acme", "print2") is None
    assert 0 < await store.ttl(key("token", "Acme")) <= tokens.KEPT


async def test_a_refusal_takes_the_tokens_place_for_a_minute(store: AsyncRedis) -> None:
    await tokens.keep(store, "Acme", "print1", Secret("00D!abc"), "https://acme.my.salesforce.com")
    await tokens.refuse(store, "Acme", "print1", "the consumer secret is wrong")
    assert await tokens.read(store, "Acme", "print1") == tokens.Kept(Secret(""), "", "the consumer secret is wrong")
    assert 0 < await store.ttl(key("token", "Acme")) <= tokens.REFUSED


async def test_a_token_that_no_key_opens_is_none(store: AsyncRedis) -> None:
    await tokens.keep(store, "Acme", "print1", Secret("00D!abc"), "https://acme.my.salesforce.com")
    await store.hset(key("token", "Acme"), "token", "garbage")
    assert await tokens.read(store, "Acme", "print1") is None
