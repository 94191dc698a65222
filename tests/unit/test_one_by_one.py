"""After a deploy thousands want to begin at once: a few may, the rest one after the other."""

import asyncio

import pytest

from interconnections import one_by_one
from interconnections.one_by_one import OneByOne


class Clock:
    """Sleeping turns it."""

    def __init__(self) -> None:
        self.now, self.slept = 1000.0, []  # type: tuple[float, list[float]]

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    turned = Clock()
    monkeypatch.setattr(one_by_one, "time", turned)
    monkeypatch.setattr(one_by_one, "asyncio", turned)
    return turned


async def test_the_first_begin_at_once_and_the_rest_one_after_the_other(clock: Clock) -> None:
    beginnings = OneByOne(2, 0.5)
    for _ in range(6):
        await beginnings.turn()
    assert clock.slept == [0.5, 1.0, 1.5, 2.0]


async def test_after_a_quiet_time_some_may_begin_at_once_again(clock: Clock) -> None:
    beginnings = OneByOne(2, 0.5)
    for _ in range(9):
        await beginnings.turn()
    clock.now, clock.slept = 1100.0, []
    for _ in range(4):
        await beginnings.turn()
    assert clock.slept == [0.5, 1.0]


async def test_whoever_gives_up_holds_up_nobody() -> None:
    beginnings = OneByOne(1, 0.001)
    given_up = [asyncio.create_task(beginnings.turn()) for _ in range(5)]
    await asyncio.sleep(0)
    for each in given_up[1:]:
        each.cancel()
    await asyncio.wait_for(beginnings.turn(), 10)
