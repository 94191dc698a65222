"""What an agent says is taken for delivery by the very call that stores it: once, in order, and given back unsent."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from interconnections.errors import StoreAway, StoreFault
from interconnections.items import Lane
from interconnections.platforms import PLATFORMS
from interconnections.store import lanes, polls
from interconnections.store.keys import key
from interconnections.worker import lane as lane_runner
from interconnections.worker.conversation_runner import ConversationRunner
from tests.store.conftest import Desk
from tests.store.hands import in_hands, until
from tests.store.test_calls import Salesforce

Store = Callable[[], Awaitable[polls.Stored]]
Storing = Callable[[Store, dict[str, Any]], Awaitable[polls.Stored]]


class Platform:
    """Takes what is said, when it may."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.heard: list[str] = []
        self.again: list[bool] = []
        self.open = asyncio.Event()
        self.open.set()
        monkeypatch.setattr(lane_runner, "delivered", self.deliver)

    async def deliver(self, bridge: Any, conversation: Any, lane: Lane, taken: lanes.Taken) -> lanes.Settled:
        self.heard.append(taken.item.text)
        self.again.append(taken.again)
        await self.open.wait()
        return lanes.Settled(taken.number, "delivered")


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    return Platform(monkeypatch)


def stored_by(monkeypatch: pytest.MonkeyPatch, storing: Storing) -> None:
    really = polls.store_news

    async def store_news(*arguments: Any, **named: Any) -> polls.Stored:
        return await storing(lambda: really(*arguments, **named), named)

    monkeypatch.setattr(polls, "store_news", store_news)


def stored_and_never_answered(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set when it is stored."""
    done = asyncio.Event()

    async def storing(store: Store, named: dict[str, Any]) -> polls.Stored:
        await store()
        done.set()
        await asyncio.Event().wait()
        raise AssertionError

    stored_by(monkeypatch, storing)
    return done


async def at_rest(runner: ConversationRunner) -> None:
    begun = [runner.lanes[each].task for each in (Lane.SALESFORCE, Lane.INTEGRATION)]
    await until(lambda: all(task is not None and task.done() for task in begun))


async def test_a_bell_during_the_storing_does_not_take_it_a_second_time(
    desk: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    salesforce = Salesforce()
    runner = await in_hands(desk, await desk.active(), salesforce, rests=())
    await at_rest(runner)

    async def storing(store: Store, named: dict[str, Any]) -> polls.Stored:
        runner.ring(Lane.INTEGRATION)
        stored = await store()
        runner.ring(Lane.INTEGRATION)
        await asyncio.sleep(0)
        return stored

    stored_by(monkeypatch, storing)
    for n in range(3):
        salesforce.agent_says.put_nowait(f"a{n}")
        await until(lambda n=n: len(platform.heard) > n and not runner.in_flight)
    runner.drop()
    assert platform.heard == ["a0", "a1", "a2"]


async def test_a_busy_lane_takes_for_itself(desk: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    salesforce, asked = Salesforce(), []
    runner = await in_hands(desk, await desk.active(), salesforce, rests=())
    await at_rest(runner)

    async def storing(store: Store, named: dict[str, Any]) -> polls.Stored:
        asked.append(named["take"] is not None)
        return await store()

    stored_by(monkeypatch, storing)
    platform.open.clear()
    for n in range(3):
        salesforce.agent_says.put_nowait(f"a{n}")
        await until(lambda n=n: len(asked) > n)
    await until(lambda: platform.heard == ["a0"])
    platform.open.set()
    await until(lambda: len(platform.heard) == 3 and not runner.in_flight)
    runner.drop()
    assert asked == [True, False, False]
    assert platform.heard == ["a0", "a1", "a2"]


async def test_it_is_taken_once_though_the_answer_of_the_storing_was_lost(
    desk: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold, salesforce = await desk.active(), Salesforce()
    runner = await in_hands(desk, hold, salesforce, rests=())
    await at_rest(runner)
    lost = []

    async def storing(store: Store, named: dict[str, Any]) -> polls.Stored:
        stored = await store()
        if not lost:
            lost.append(stored)
            raise StoreAway("the answer was lost")
        return stored

    stored_by(monkeypatch, storing)
    salesforce.agent_says.put_nowait("a0")
    await until(lambda: platform.heard and not runner.in_flight)
    runner.drop()
    assert platform.heard == ["a0"]
    assert await desk.redis.llen(key("lane", hold.id, Lane.INTEGRATION)) == 0


async def test_a_fault_of_the_store_in_the_taking_does_not_hold_up_the_poll(
    desk: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    salesforce, asked = Salesforce(), []
    runner = await in_hands(desk, await desk.active(), salesforce, rests=())
    await at_rest(runner)

    async def storing(store: Store, named: dict[str, Any]) -> polls.Stored:
        asked.append(named["take"] is not None)
        if named["take"]:
            raise StoreFault("news: a key of another type")
        return await store()

    stored_by(monkeypatch, storing)
    salesforce.agent_says.put_nowait("a0")
    await until(lambda: platform.heard == ["a0"] and not runner.in_flight)
    runner.drop()
    assert asked == [True, False]


async def test_a_head_that_nobody_can_read_is_its_lanes_trouble_and_not_the_polls(
    desk: Desk, platform: Platform
) -> None:
    """As a release stored it that was rolled back."""
    hold, salesforce = await desk.active(), Salesforce()
    runner = await in_hands(desk, hold, salesforce, rests=())
    await at_rest(runner)
    lane = runner.lanes[Lane.INTEGRATION]
    await desk.redis.rpush(key("lane", hold.id, lane.lane), '7 0 ["telepathy", "agent", "a0", ""]')
    salesforce.agent_says.put_nowait("a1")
    await until(lambda: lane.bridge.tally.totals["lanes stumbled"] == 1)
    salesforce.agent_says.put_nowait("a2")
    await until(lambda: runner.conversation.mark == "2")
    runner.drop()
    assert lane.bridge.tally.totals["polls stumbled"] == 0


async def test_what_was_taken_along_as_its_poll_was_stopped_goes_all_the_same(
    desk: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a delivery of ours ended the chat in that moment; and at once, where a platform shows what it took."""
    monkeypatch.setattr(PLATFORMS["yalo"], "shows_within", 20.0)
    salesforce = Salesforce()
    runner = await in_hands(desk, await desk.active(), salesforce, rests=())
    await at_rest(runner)
    done = stored_and_never_answered(monkeypatch)
    salesforce.agent_says.put_nowait("a0")
    await done.wait()
    assert runner.stop_polling()
    await until(lambda: platform.heard == ["a0"] and not runner.in_flight)
    runner.drop()
    assert platform.again == [False]


async def test_what_was_taken_along_as_its_worker_gave_the_chat_away_is_not_waited_for(
    desk: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a platform shows what it took, the next owner would wait for that before it sends."""
    monkeypatch.setattr(PLATFORMS["yalo"], "shows_within", 20.0)
    hold, salesforce = await desk.active(), Salesforce()
    runner = await in_hands(desk, hold, salesforce, rests=())
    await at_rest(runner)
    done = stored_and_never_answered(monkeypatch)
    salesforce.agent_says.put_nowait("a0")
    await done.wait()
    assert await desk.redis.hget(key("hash", hold.id), "inHand") == "1"
    poll = runner.stop_polling()
    runner.rest()
    assert poll
    await asyncio.gather(poll, return_exceptions=True)
    await asyncio.gather(*runner.in_flight)
    assert await desk.redis.hget(key("hash", hold.id), "inHand") is None
    assert platform.heard == []
    assert await desk.redis.llen(key("lane", hold.id, Lane.INTEGRATION)) == 1
