"""What is under way at once: bounded for each host and in all, in order, and nobody waits behind another's host."""

import asyncio
from typing import Any

import pytest

from interconnections import wire
from interconnections.host_limits import HostLimits
from interconnections.http11.wire import FastWire
from interconnections.wire import HttpWire, Unreachable

WIRES: list[Any] = [FastWire, HttpWire]


async def entered(limits: HostLimits, host: str, order: list[str], name: str) -> None:
    if not limits.enter(host):
        await limits.wait(host, 5)
    order.append(name)


async def all_wait(limits: HostLimits, *names: str) -> tuple[list[str], list[asyncio.Task[None]]]:
    """Each by the host of its first letter."""
    order: list[str] = []
    tasks = [asyncio.create_task(entered(limits, name[0], order, name)) for name in names]
    await asyncio.sleep(0)
    return order, tasks


async def leave(limits: HostLimits, host: str) -> None:
    limits.leave(host)
    await asyncio.sleep(0)


async def test_who_came_first_enters_first_and_a_full_host_holds_up_no_other() -> None:
    limits = HostLimits(each=1, all=10)
    order, _ = await all_wait(limits, "a1", "a2", "a3", "b1")
    assert order == ["a1", "b1"]
    await leave(limits, "a")
    await leave(limits, "a")
    assert order == ["a1", "b1", "a2", "a3"]


async def test_where_all_are_full_hosts_take_turns() -> None:
    limits = HostLimits(each=2, all=2)
    order, _ = await all_wait(limits, "a1", "a2", "a3", "a4", "b1", "b2")
    for _ in range(4):
        await leave(limits, order[-1][0] if len(order) > 2 else "a")
    assert order == ["a1", "a2", "a3", "b1", "a4", "b2"]


async def test_who_comes_while_others_wait_does_not_overtake_them() -> None:
    limits = HostLimits(each=1)
    order, _ = await all_wait(limits, "a1", "a2")
    limits.leave("a")
    assert not limits.enter("a")
    await asyncio.sleep(0)
    assert order == ["a1", "a2"]


async def test_who_stops_waiting_takes_nobodys_place() -> None:
    limits = HostLimits(each=1)
    order, tasks = await all_wait(limits, "a1", "a2", "a3", "a4")
    tasks[1].cancel()  # before its turn
    await asyncio.sleep(0)
    limits.leave("a")
    tasks[2].cancel()  # as it is let in
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert order == ["a1", "a4"]
    await leave(limits, "a")
    assert limits.enter("a")


async def test_a_wait_ends_in_time() -> None:
    limits = HostLimits(each=1)
    assert limits.enter("a")
    with pytest.raises(TimeoutError):
        await limits.wait("a", 0.001)
    limits.leave("a")
    assert limits.enter("a")


class Slow:
    """A server that answers when it is told to; `most`: what was under way at once."""

    def __init__(self) -> None:
        self.go, self.under_way, self.most = asyncio.Event(), 0, 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            while (await reader.readline()).strip():
                pass
            await self.go.wait()
            self.under_way -= 1
            writer.write(b"HTTP/1.1 204 OK\r\n\r\n")
        writer.close()


@pytest.fixture
async def slow() -> Any:
    told = Slow()
    server = await asyncio.start_server(told, "127.0.0.1", 0)
    yield told, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    server.close()


async def until(reached: Any) -> None:
    async with asyncio.timeout(10):
        while not reached():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("made", WIRES)
async def test_polls_are_not_counted_and_what_is_brought_is(made: Any, slow: Any) -> None:
    told, url = slow
    one = made(limits=HostLimits(each=2))
    try:
        polls = [asyncio.create_task(one.send("GET", url, headers={})) for _ in range(4)]
        await until(lambda: told.under_way == 4)
        brought = [asyncio.create_task(one.send("POST", url, headers={}, body=b"")) for _ in range(5)]
        await until(lambda: told.under_way == 6)
        told.go.set()
        assert {reply.status for reply in await asyncio.gather(*polls, *brought)} == {204}
        assert told.most == 6
    finally:
        await one.close()


@pytest.mark.parametrize("made", WIRES)
async def test_a_place_that_never_comes_is_a_host_that_was_never_met(
    made: Any, slow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, url = slow
    one = made(limits=HostLimits(each=1))
    try:
        first = asyncio.create_task(one.send("POST", url, headers={}, body=b""))
        await until(lambda: told.under_way == 1)
        monkeypatch.setattr(wire, "CONNECT_TIMEOUT", 0.01)
        with pytest.raises(Unreachable) as met:
            await one.send("POST", url, headers={}, body=b"")
        assert met.value.unmet
        monkeypatch.undo()
        told.go.set()
        assert (await first).status == 204
        assert (await one.send("POST", url, headers={}, body=b"")).status == 204
    finally:
        await one.close()


async def test_whoever_is_stopped_as_another_leaves_takes_nobodys_place_either() -> None:
    """In one turn of the loop: the stopped has not run yet to say that it waits no more."""
    limits = HostLimits(each=2, all=2)
    order, tasks = await all_wait(limits, "a1", "a2", "a3", "a4", "b1", "b2")
    for task in (tasks[2], tasks[3], tasks[4]):
        task.cancel()
    limits.leave("a")
    limits.leave("a")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert order == ["a1", "a2", "b2"]
    limits.leave("b")
    assert [limits.enter("a"), limits.enter("b"), limits.enter("a")] == [True, True, False]
