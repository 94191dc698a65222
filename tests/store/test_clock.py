"""The worker's own clock is wrong by an hour: moments are Redis', and so is what they are compared with."""

import asyncio
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from interconnections import clock
from interconnections.bridge.transitions import now
from interconnections.store import leases
from interconnections.tally import Tally
from interconnections.worker.conversation_runner import ConversationRunner
from interconnections.worker.limits import seconds_left
from tests.desks import live_agent
from tests.store.conftest import Desk
from tests.unit.bots import bot

HOUR = 3_600_000.0


@pytest.fixture(params=[-HOUR, HOUR], ids=["an hour behind", "an hour ahead"])
def wrong(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "here", lambda: time.time() * 1000 + request.param)
    monkeypatch.setattr(clock, "_offset", clock.Offset())
    yield


async def theirs(desk: Desk) -> float:
    seconds, micros = await desk.redis.time()
    return float(seconds) * 1000 + float(micros) / 1000


async def test_a_heartbeat_tells_what_time_it_is(desk: Desk, wrong: None) -> None:
    await leases.beat(desk.redis, "w1", 4000, 0, 10)
    assert abs(clock.now() - await theirs(desk)) < 30_000
    assert abs(float(now()) - await theirs(desk)) < 30_000


async def test_a_limit_ends_no_chat_early_or_late_by_it(desk: Desk, wrong: None) -> None:
    hold = await desk.active()
    await desk.hear(hold, "hola")

    async def bots() -> dict[str, Any]:
        return {"tienda": bot(slug="tienda", agent_limit=600)}

    bridge: Any = SimpleNamespace(
        redis=desk.redis, desks=live_agent(None), directory=SimpleNamespace(bots=bots), tally=Tally()
    )
    fields, tokens = await leases.load(desk.redis, hold.id)
    runner = ConversationRunner(bridge, hold, fields, tokens, lambda runner: None, asyncio.Event())
    left = await seconds_left(runner._follower.keeper)
    assert left is not None
    assert 570 < left <= 601
    assert "leaving" not in await desk.fields(hold.id)


def test_a_slow_answer_does_not_move_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_offset", clock.Offset())
    clock.learn(theirs=5_000, asked=1_000, answered=1_002)
    assert 3_998 <= clock._offset.ms <= 4_000
    known = clock._offset.ms
    clock.learn(theirs=9_000, asked=4_000, answered=9_000)
    assert clock._offset.ms == known
    clock.learn(theirs=9_000, asked=8_000, answered=8_001)  # our clock was set
    assert 999 <= clock._offset.ms <= 1_000
