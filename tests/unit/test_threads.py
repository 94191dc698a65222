"""Blocking work has threads by its purpose: none waits behind another's, and none for ever."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from django.db import Error as DatabaseTrouble

from interconnections import directory, threads
from interconnections.errors import Unavailable
from interconnections.threads import THREADS, Purpose, TooSlow, in_thread

pytestmark = pytest.mark.django_db  # threads that served other tests look after the connections that those left


@pytest.fixture
def hanging() -> Iterator[threading.Event]:
    """Work that waits for it ends with the test at the latest."""
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize("busy", Purpose)
async def test_what_hangs_for_one_purpose_holds_no_other(busy: Purpose, hanging: threading.Event) -> None:
    held = [asyncio.create_task(in_thread(busy, hanging.wait)) for _ in range(THREADS[busy] + 3)]
    async with asyncio.timeout(10):
        for other in set(Purpose) - {busy}:
            assert await in_thread(other, lambda: "done") == "done"
    assert not any(task.done() for task in held)
    hanging.set()
    async with asyncio.timeout(10):
        assert await asyncio.gather(*held) == [True] * len(held)


async def test_a_database_that_hangs_is_one_that_is_away(
    monkeypatch: pytest.MonkeyPatch, hanging: threading.Event
) -> None:
    monkeypatch.setattr(threads, "WITHIN", 0.05)
    with pytest.raises(TooSlow):
        await in_thread(Purpose.PROBES, hanging.wait)
    assert issubclass(TooSlow, DatabaseTrouble)  # and every door knows what to answer then


async def test_an_error_of_the_work_is_the_callers() -> None:
    with pytest.raises(ZeroDivisionError):
        await in_thread(Purpose.RIGHTS, lambda: 1 / 0)


async def test_the_last_configuration_serves_on_while_the_database_hangs(
    monkeypatch: pytest.MonkeyPatch, hanging: threading.Event
) -> None:
    def hang(*before: object) -> None:
        hanging.wait()

    known = directory.Directory()
    monkeypatch.setattr(directory, "snapshot", lambda *before: {"tienda": "its bot"})
    assert await known.bots() == {"tienda": "its bot"}
    monkeypatch.setattr(directory, "snapshot", hang)
    monkeypatch.setattr(directory, "WAITS", 0.05)
    known._read_at -= 60
    async with asyncio.timeout(10):
        assert await known.bots() == {"tienda": "its bot"}
        assert await known.bot("tienda") == "its bot"
        with pytest.raises(Unavailable):  # it may be new
            await known.bot("nobody")
