"""Tries of passwords are counted before they are looked at, once each, and forgotten where they were no failures."""

import asyncio
from dataclasses import replace

import pytest

from interconnections.store import attempts
from interconnections.store.attempts import Attempt, Bound
from interconnections.store.connection import AsyncRedis
from interconnections.throttle import Counts, attempt_of

HOUR = 3_600_000


def attempt(token: str = "", name: str = "ana", address: str = "1.1.1.1", window: int = HOUR) -> Attempt:
    bounds = (f"{name}@{address}", 3), (name, 5), (address, 7)
    return Attempt(token, tuple(Bound(who, limit, window) for who, limit in bounds))


async def failed(store: AsyncRedis, times: int, **who: str) -> list[int]:
    each = (attempt(f"{who}{n}", **who) for n in range(times))
    return [await attempts.count(store, one) for one in each]


async def test_simultaneous_tries_are_counted_one_by_one(store: AsyncRedis) -> None:
    waits = await asyncio.gather(*(attempts.count(store, attempt(str(n))) for n in range(40)))
    assert sum(wait == 0 for wait in waits) == 3
    assert all(0 < wait <= HOUR for wait in waits if wait)


async def test_a_repeat_of_the_same_try_counts_once(store: AsyncRedis) -> None:
    for _ in range(10):
        assert await attempts.count(store, attempt("same")) == 0
    assert await attempts.look(store, attempt()) == 0
    await failed(store, 2)
    assert await attempts.count(store, attempt("same")) == 0  # it was let through before
    assert await attempts.count(store, attempt("another")) > 0


async def test_looking_counts_nothing(store: AsyncRedis) -> None:
    for _ in range(10):
        assert await attempts.look(store, attempt()) == 0
    await failed(store, 3)
    assert await attempts.look(store, attempt()) > 0


async def test_who_is_refused_does_not_wait_longer_for_asking_again(store: AsyncRedis) -> None:
    await failed(store, 3)
    first = await attempts.count(store, attempt("x"))
    for n in range(20):
        assert 0 < await attempts.count(store, attempt(f"y{n}")) <= first


async def test_a_failure_is_forgotten_when_its_window_ends(store: AsyncRedis) -> None:
    for n in range(3):
        assert await attempts.count(store, attempt(str(n), window=200)) == 0
    wait = await attempts.count(store, attempt("x", window=200))
    assert 0 < wait <= 200
    async with asyncio.timeout(10):
        while await attempts.count(store, attempt("x", window=200)):
            await asyncio.sleep(0.02)


async def test_success_forgets_this_name_at_this_address_and_not_what_others_did(store: AsyncRedis) -> None:
    await failed(store, 2)
    await attempts.count(store, attempt("right"))
    await attempts.succeeded(store, attempt("right"), HOUR)
    assert await failed(store, 3) == [0, 0, 0]
    sets = [await store.zcard("{bridge}:attempts:" + who) for who in ("ana", "1.1.1.1")]
    assert sets == [3, 3]  # the same two and one more, and not the one that was right


async def test_a_try_whose_password_was_not_looked_at_is_none(store: AsyncRedis) -> None:
    for n in range(10):
        await attempts.count(store, attempt(str(n)))
        await attempts.undone(store, attempt(str(n)))
    assert await attempts.look(store, attempt()) == 0
    assert not [name async for name in store.scan_iter("*login*")]


async def test_guesses_from_everywhere_keep_out_strangers_and_not_who_is_known(store: AsyncRedis) -> None:
    await attempts.count(store, attempt("right"))
    await attempts.succeeded(store, attempt("right"), HOUR)
    for n in range(2, 7):
        await failed(store, 1, address=f"{n}.2.2.2")
    assert await attempts.look(store, attempt(address="9.9.9.9")) > 0
    assert await attempts.look(store, attempt()) == 0
    assert await attempts.look(store, attempt(name="leo", address="9.9.9.9")) == 0


async def test_guesses_under_many_names_keep_their_address_out_and_not_who_is_known_there(store: AsyncRedis) -> None:
    await attempts.count(store, attempt("right"))
    await attempts.succeeded(store, attempt("right"), HOUR)
    for n in range(7):
        await failed(store, 1, name=f"guess{n}")
    assert await attempts.look(store, attempt(name="leo")) > 0
    assert await attempts.look(store, attempt()) == 0
    assert await failed(store, 4) == [0, 0, 0, pytest.approx(HOUR, rel=0.1)]  # but its own failures count


async def test_nothing_of_it_stays_for_ever_and_no_name_is_written(store: AsyncRedis) -> None:
    one = attempt_of("203.0.113.7", "ana@example.org")
    await attempts.count(store, one)
    await attempts.succeeded(store, one, HOUR)
    await attempts.count(store, replace(one, token="x"))
    names = [name async for name in store.scan_iter("*")]
    assert len(names) == 4
    for name in names:
        assert await store.pttl(name) > 0
        assert "ana" not in name
        assert "203.0" not in name


def test_a_process_counts_for_itself_as_redis_would() -> None:
    counts = Counts()
    assert [counts.count(attempt(str(n))) for n in range(3)] == [0, 0, 0]
    assert 0 < counts.count(attempt("x")) <= HOUR
    assert counts.count(attempt("y", address="2.2.2.2")) == 0
    counts.succeeded(attempt("y", address="2.2.2.2"))
    assert [bool(counts.count(attempt(str(n), address="2.2.2.2"))) for n in range(3)] == [False, False, True]


def test_a_process_does_not_remember_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interconnections.throttle.REMEMBERED", 10)
    counts = Counts()
    for n in range(100):
        counts.count(attempt("t", name=f"n{n}", address=f"10.0.0.{n}"))
    assert len(counts._tries) == 10
