"""The lease of a worker whose event loop is busy, dead, or already given up on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from interconnections.store.connection import for_pages
from interconnections.store.keys import key
from interconnections.worker.pulse import Pulse

LEASE = 300  # ms
BEAT = 0.05  # seconds


@contextmanager
def pulse(stuck: float = 60.0) -> Iterator[Pulse]:
    found = Pulse("w1", LEASE, BEAT, stuck)
    found.start()
    try:
        yield found
    finally:
        found.stop()


def now() -> float:
    seconds, micros = for_pages().time()
    return float(seconds * 1000 + micros // 1000)


def lease() -> float | None:
    found: float | None = for_pages().zscore(key("workers"), "w1")
    return found


@pytest.fixture
def alive() -> None:
    for_pages().zadd(key("workers"), {"w1": now() + LEASE})


def busy(seconds: float) -> None:
    """As a loop is that has too much to do: it computes, and answers nobody."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(1000))


def test_it_outlives_a_loop_that_is_busy_for_longer(alive: None) -> None:
    with pulse():
        busy(4 * LEASE / 1000)
        assert (lease() or 0) > now()


def test_it_ends_with_a_loop_that_is_dead(alive: None) -> None:
    with pulse(stuck=0.1):
        deadline = time.monotonic() + 10
        while (lease() or 0) > now() and time.monotonic() < deadline:
            busy(0.01)
        assert (lease() or 0) <= now()


def test_a_worker_that_was_declared_dead_is_not_brought_back() -> None:
    with pulse() as found:
        before = found.renewed
        busy(4 * BEAT)
        assert lease() is None
        assert found.renewed == before
