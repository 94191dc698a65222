"""How often a worker asks Redis for each message: one that asks more often makes Redis the narrow place."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from interconnections.desks import news
from interconnections.items import Lane
from interconnections.store import lanes
from interconnections.store.script_table import SCRIPTS
from interconnections.store.script_text import function, library, source
from interconnections.worker import lane as lane_runner
from tests.store.conftest import Desk
from tests.store.hands import in_hands, until

MESSAGES = 5
WITHIN = "within scripts"
GREETINGS = ("HELLO", "CLIENT")  # of a new connection


class Salesforce:
    """Takes what users say; its polls are answered when the agent speaks."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.agent_says: asyncio.Queue[str] = asyncio.Queue()
        self._told = 0

    async def say(self, access: Any, words: str, sequence: int) -> None:
        self.heard.append(words)

    async def poll(self, *where: Any) -> news.Poll:
        said = news.AgentSaid(await self.agent_says.get(), "Luz")
        self._told += 1
        return news.Poll(self._told, 7, (news.Event("ChatMessage", "{}", said),))


@asynccontextmanager
async def watched(desk: Desk) -> AsyncIterator[Counter[str]]:
    """What the server is asked until the block ends, by script or command, and WITHIN scripts; filled then."""
    names = {function(name): name for name in SCRIPTS}
    await desk.redis.function_load(library(), replace=True)
    asked: Counter[str] = Counter()
    async with desk.redis.monitor() as monitor:
        yield asked
        await desk.redis.echo("enough")
        while (told := await monitor.next_command())["command"] != "ECHO enough":
            command, *rest = told["command"].split(" ", 2)
            if told["client_type"] == "lua":
                asked[WITHIN] += 1
            elif command not in GREETINGS:
                asked[names[rest[0]] if command == "FCALL" else command] += 1


async def test_a_users_message_costs_its_storing_and_two_takes(desk: Desk) -> None:
    hold, desk_of_agents = await desk.active(), Salesforce()
    runner = await in_hands(desk, hold, desk_of_agents)
    lane = runner.lanes[Lane.SALESFORCE]
    await until(lambda: lane.task is not None and lane.task.done())
    async with watched(desk) as asked:
        for n in range(MESSAGES):
            await desk.hear(hold, f"u{n}")
            lane.ring()
            await until(lambda: lane.task.done())
    runner.drop()
    assert desk_of_agents.heard == [f"u{n}" for n in range(MESSAGES)]
    of_the_test = asked.pop("HGETALL")
    assert of_the_test == MESSAGES
    assert asked.pop(WITHIN) <= 39 * MESSAGES
    assert asked == {"hear": MESSAGES, "take": 2 * MESSAGES}


async def test_an_agents_message_is_taken_as_it_is_stored(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    delivered: list[str] = []

    async def deliver(bridge: Any, conversation: Any, lane: Lane, taken: lanes.Taken) -> lanes.Settled:
        delivered.append(taken.item.text)
        return lanes.Settled(taken.number, "delivered")

    monkeypatch.setattr(lane_runner, "delivered", deliver)
    hold, desk_of_agents = await desk.active(), Salesforce()
    runner = await in_hands(desk, hold, desk_of_agents, rests=())
    lane = runner.lanes[Lane.INTEGRATION]
    begun = [runner.lanes[each].task for each in (Lane.SALESFORCE, Lane.INTEGRATION)]
    await until(lambda: all(task is not None and task.done() for task in begun))
    async with watched(desk) as asked:
        for n in range(MESSAGES):
            desk_of_agents.agent_says.put_nowait(f"a{n}")
            await until(lambda n=n: len(delivered) > n and lane.task.done())
    runner.drop()
    assert delivered == [f"a{n}" for n in range(MESSAGES)]
    assert asked.pop(WITHIN) <= 35 * MESSAGES
    assert asked == {"news": MESSAGES, "take": MESSAGES}


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_script_carries_nothing_that_it_does_not_call(name: str) -> None:
    """What it does not need would be made anew, and thrown away, at each of its calls."""
    text = source(name)
    for line in text.splitlines():
        if line.startswith("local function "):
            defined = line.removeprefix("local function ").partition("(")[0]
            assert text.count(defined) > 1, f"{defined} is in {name} and never called"
