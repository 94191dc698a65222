"""What a worker does with what it was given and cannot carry, and with what it gives away."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from interconnections.doctor.workload import work_findings
from interconnections.items import Lane
from interconnections.lifecycle import Reason, Status
from interconnections.secret import Secret, seal
from interconnections.store import lanes, leases, starts, work_info
from interconnections.store.figures import figures
from interconnections.store.keys import key
from interconnections.tally import Tally
from interconnections.worker.owned_conversations import OwnedConversations
from interconnections.worker.worker import Worker
from tests.desks import live_agent
from tests.store.conftest import Desk
from tests.unit.bots import bot

LOST = "se cortó"


class Silent:
    """An agents' side that nobody hears anything from."""

    async def poll(self, *where: Any) -> None:
        await asyncio.sleep(3600)


@pytest.fixture
def bridge(desk: Desk) -> Any:
    async def bots() -> dict[str, Any]:
        return {"tienda": bot(slug="tienda", words={"noAgent": LOST}, timeout_state="vuelve", success_state="sigue")}

    return SimpleNamespace(
        redis=desk.redis,
        desks=live_agent(Silent()),
        directory=SimpleNamespace(bots=bots),
        tally=Tally(),
    )


async def locked_away(desk: Desk, user: str = "eva") -> str:
    """A conversation whose tokens no key opens."""
    id = await desk.opened(user=user)
    await desk.redis.hset(key("tokens", id), "sessionKey", "sealed-with-a-key-that-is-gone")
    return id


async def claims(bridge: Any, worker: str) -> OwnedConversations:
    found = OwnedConversations(bridge, worker, asyncio.Event())
    await claims_more(found)
    return found


async def claims_more(conversations: OwnedConversations) -> None:
    beat = await leases.beat(conversations.bridge.redis, conversations.worker, 60_000, 100, 1000)
    await conversations.take(list(beat.claims))
    for runner in conversations.runners.values():
        for lane in runner.lanes.values():
            lane.rest()


async def due_again(desk: Desk, id: str) -> None:
    seconds, _ = await desk.redis.time()
    await desk.redis.zadd(key("free"), {id: seconds * 1000})


async def test_what_no_key_opens_is_given_back_and_tried_again_after_pauses_that_grow(
    desk: Desk, bridge: Any
) -> None:
    id = await locked_away(desk)
    pauses = []
    for _ in range(9):
        before = await desk.redis.time()
        assert len(await claims(bridge, "w1")) == 0
        assert (await desk.fields(id))["owner"] == ""
        pauses.append(await desk.redis.zscore(key("free"), id) - before[0] * 1000 - before[1] / 1000)
        await claims(bridge, "w1")
        assert not await desk.redis.smembers(key("owned", "w1"))  # not before its time
        await due_again(desk, id)
    assert 900 < pauses[0] < 30_000
    assert pauses[-1] > 59_000
    shown = await figures(desk.redis)
    assert (shown.unreadable, shown.free) == (1, 1)
    told = [finding.what for finding in work_findings(await work_info.work(desk.redis))]
    assert "workers cannot carry 1 conversations, and give them back" in told


async def test_who_could_not_carry_it_leaves_it_to_another_who_has_the_key(desk: Desk, bridge: Any) -> None:
    id = await locked_away(desk)
    await claims(bridge, "w1")
    await due_again(desk, id)
    await leases.beat(desk.redis, "w2", 60_000, 0, 0)
    await claims(bridge, "w1")
    assert (await desk.fields(id))["owner"] == ""
    await desk.redis.hset(key("tokens", id), "sessionKey", seal(Secret("key!1")))
    other = await claims(bridge, "w2")
    assert list(other.runners) == [id]
    other.drop_all()


async def test_a_supervisor_ends_what_nobody_can_carry_and_its_user_asks_again(desk: Desk, bridge: Any) -> None:
    id = await locked_away(desk)
    await claims(bridge, "w1")
    assert (await starts.reserve(desk.redis, "tienda", "eva", "t2")).state == "open"
    await lanes.hang_up(desk.redis, id, Reason.SUPERVISOR)
    await due_again(desk, id)
    carrier = await claims(bridge, "w1")
    [runner] = carrier.runners.values()
    fields = await desk.fields(id)
    assert (fields["status"], fields["reason"]) == (Status.CLOSED, Reason.SUPERVISOR)
    assert await desk.drain(runner.conversation.hold, Lane.INTEGRATION) == ["sigue"]  # the bot has its user back
    assert (await starts.reserve(desk.redis, "tienda", "eva", "t2")).state == "reserved"
    carrier.drop_all()


async def test_what_nobody_could_carry_for_longer_than_salesforce_waits_is_over_and_told(
    desk: Desk, bridge: Any
) -> None:
    id = await locked_away(desk)
    await claims(bridge, "w1")
    await desk.redis.hset(key("hash", id), "putOffSince", 1)
    await due_again(desk, id)
    carrier = await claims(bridge, "w1")
    [runner] = carrier.runners.values()
    assert (await desk.fields(id))["status"] == Status.CLOSED
    assert await desk.drain(runner.conversation.hold, Lane.INTEGRATION) == [LOST]
    assert await desk.redis.llen(key("lane", id, Lane.INTEGRATION)) == 1  # the bot's state, a moment later
    assert (await starts.reserve(desk.redis, "tienda", "eva", "t2")).state == "reserved"
    assert (await figures(desk.redis)).unreadable == 0
    carrier.drop_all()


async def test_rows_that_cannot_be_read_take_neither_their_neighbours_nor_the_worker_along(
    desk: Desk, bridge: Any
) -> None:
    nameless, numberless, sound = [await desk.opened() for _ in range(3)]
    await desk.redis.hdel(key("hash", nameless), "sessionId")
    await desk.redis.hset(key("hash", numberless), "ack", "x")
    conversations = await claims(bridge, "w1")
    assert list(conversations.runners) == [sound]
    conversations.drop_all()


async def test_an_end_whose_last_words_cannot_be_read_is_held_by_nobody(desk: Desk, bridge: Any) -> None:
    id = await desk.opened()
    await desk.redis.hdel(key("hash", id), "sessionId")
    await lanes.hang_up(desk.redis, id, "a reason that nobody knows")
    assert len(await claims(bridge, "w1")) == 0
    fields = await desk.fields(id)
    assert (fields["status"], fields["owner"]) == (Status.CLOSED, "")
    assert len(await claims(bridge, "w1")) == 0
    assert (
        await desk.redis.zscore(key("free"), id) > (await desk.redis.time())[0] * 1000
    )  # after a pause, from now on


async def test_a_key_of_another_type_stops_no_ones_heartbeat(desk: Desk, bridge: Any) -> None:
    broken, hollow, sound = [await desk.opened() for _ in range(3)]
    await desk.redis.delete(key("hash", broken))
    await desk.redis.set(key("hash", broken), "no hash")
    await desk.redis.delete(key("tokens", hollow))
    await desk.redis.set(key("tokens", hollow), "no hash")
    conversations = await claims(bridge, "w1")
    assert list(conversations.runners) == [sound]
    assert await desk.redis.hget(key("counters"), "not claimed") == "1"
    conversations.drop_all()


async def test_a_fault_in_the_figures_costs_no_lease(
    desk: Desk, bridge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.opened()
    worker = Worker(bridge, capacity=10, lease=400, beat=0.05)
    worker._orphans.look = lambda: None  # type: ignore[method-assign]
    stumbled: list[bool] = []

    def gauges() -> dict[str, float]:
        stumbled.append(True)
        raise ZeroDivisionError

    monkeypatch.setattr(worker.conversations, "gauges", gauges)
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(20):
        while len(stumbled) < 20:  # longer than a lease
            await asyncio.sleep(0.01)
        assert len(worker.conversations) == 1
        worker.stop()
        await running


async def test_a_second_giving_away_waits_for_no_first(desk: Desk, bridge: Any) -> None:
    """The first has a message on the wire; Redis fails over meanwhile, and all must be claimed anew."""
    for _ in range(3):
        await desk.opened()
    worker = Worker(bridge, capacity=10)
    worker.conversations = await claims(bridge, worker.name)
    [busy, *others] = worker.conversations.kept()
    on_the_wire = asyncio.Event()
    busy.lanes[Lane.SALESFORCE].task = asyncio.ensure_future(_waits_for(on_the_wire))
    worker._give("rebalancing", [busy])
    worker._give("Redis failed over", worker.conversations.kept())
    async with asyncio.timeout(20):
        while await desk.redis.zcard(key("free")) < 2:
            await asyncio.sleep(0.01)
    assert set(worker.conversations.runners) == {busy.conversation.id}
    on_the_wire.set()
    async with asyncio.timeout(20):
        while await desk.redis.zcard(key("free")) < 3:
            await asyncio.sleep(0.01)
    await asyncio.gather(*worker._givings)
    assert not worker.conversations.runners
    assert not worker.conversations._given


async def _waits_for(event: asyncio.Event) -> None:
    await event.wait()


async def test_a_swarm_of_bells_asks_for_a_few_claims_and_no_figures(
    desk: Desk, bridge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty a second for a while, as many chats as are opened: the figures are those of the beats."""
    worker = Worker(bridge, capacity=10, beat=0.5)
    asked: list[bool] = []
    shown = worker.conversations.gauges
    monkeypatch.setattr(worker.conversations, "gauges", lambda: asked.append(True) or shown())
    answered: list[Any] = []
    heartbeat = leases.beat

    async def beat(*args: Any, **kwargs: Any) -> leases.Beat:
        answered.append(args)
        return await heartbeat(*args, **kwargs)

    monkeypatch.setattr("interconnections.worker.worker.leases.beat", beat)
    loop = asyncio.get_running_loop()
    for number in range(50):
        loop.call_later(number / 50, worker._something_free.set)
    loop.call_later(1.2, worker.stop)
    worker._orphans.look = lambda: None  # type: ignore[method-assign]
    began = loop.time()
    await worker.run()
    took = loop.time() - began
    assert len(asked) <= took / 0.4 + 1
    assert len(asked) < len(answered) <= took / 0.1 + took / 0.4 + 2


async def test_a_worker_touches_its_file_from_its_first_lease_on(bridge: Any, tmp_path: Path) -> None:
    """There is no door to knock at: whoever watches the process looks at the file's age."""
    file = tmp_path / "alive"
    worker = Worker(bridge, capacity=10, beat=0.05, alive_file=file)
    worker._orphans.look = lambda: None  # type: ignore[method-assign]
    await worker._show_life()
    assert not file.exists()  # nobody has leased anything to it yet
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(20):
        while not file.exists():
            await asyncio.sleep(0.01)
        first = file.stat().st_mtime_ns
        while file.stat().st_mtime_ns == first:
            await asyncio.sleep(0.01)
    worker.stop()
    await running


async def test_the_gauges_follow_what_is_taken_and_let_go(desk: Desk, bridge: Any) -> None:
    for user in ("eva", "ana", "luz"):
        await desk.opened(user=user)
    conversations = await claims(bridge, "w1")
    told = conversations.gauges()
    assert (told["sessions:tienda"], told["polls"], told["at risk"]) == (3, 3, 0)
    first, *others = conversations.kept()
    await conversations.giving([first])
    assert (conversations.gauges()["sessions:tienda"], conversations.number_kept) == (2, 2)
    assert conversations.named({first.conversation.id, others[0].conversation.id}) == [others[0]]
    conversations.drop_all()
    await asyncio.wait([runner.poll for runner in others if runner.poll])
    told = conversations.gauges()
    assert (told["sessions:tienda"], told["polls"], conversations.number_kept) == (0, 0, 0)
