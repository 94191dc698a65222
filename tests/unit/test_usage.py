"""What Meta tells of an app's allowance beside its answers, and how calls are spaced by it."""

import json
from collections.abc import Iterator

import pytest

from interconnections.platforms.graph import Access, Graph
from interconnections.platforms.usage import HOLDS, PATIENCE, Usage, percents
from interconnections.secret import Secret
from interconnections.wire import Reply
from tests.unit.wires import ScriptedWire

TOKEN, OTHER = Secret("of-the-app"), Secret("of-another")


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def usage(percent: float, clock: Clock) -> Usage:
    found = Usage(clock)
    found.learn(TOKEN, {"X-App-Usage": json.dumps({"call_count": percent, "total_time": 3, "total_cputime": 1})})
    return found


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('{"call_count":28,"total_time":25,"total_cputime":24}', [28, 25, 24]),
        ('{"7001":[{"type":"messenger","call_count":95,"total_cputime":20,"total_time":10,'
         '"estimated_time_to_regain_access":0}]}', [95, 20, 10]),
        ("", []), ("nonsense", []), ("[1,2]", []), ('{"call_count":"much"}', []),
        ("[" * 100_000, []), ('{"call_count":NaN}', []), ('{"call_count":1' + "0" * 400 + "}", []),
    ],
    ids=["app", "use case", "nothing", "no JSON", "no object", "no figure", "too deep", "not a number", "too large"],
)  # fmt: skip
def test_all_figures_of_a_header_are_read(header: str, found: list[float]) -> None:
    assert list(percents(header)) == found


def test_below_four_fifths_nobody_waits() -> None:
    used = usage(80, Clock())
    assert [used.pause(TOKEN) for _ in range(3)] == [0, 0, 0]


@pytest.mark.parametrize(("percent", "pause"), [(90, 0.5), (100, 1.0), (140, 1.0)])
def test_above_it_calls_are_spaced_the_wider_the_nearer_the_limit(percent: float, pause: float) -> None:
    clock = Clock()
    used = usage(percent, clock)
    assert used.pause(TOKEN) == 0
    assert used.pause(TOKEN) == pause
    clock.now += pause
    assert used.pause(TOKEN) == 0


def test_another_token_has_its_own_allowance() -> None:
    used = usage(100, Clock())
    used.pause(TOKEN)
    assert used.pause(OTHER) == 0


def test_a_new_figure_sets_the_pace_and_keeps_the_turns() -> None:
    used = usage(100, Clock())
    used.pause(TOKEN)
    used.learn(TOKEN, {"X-App-Usage": '{"call_count":90}'})
    assert used.pause(TOKEN) == 1.0
    used.learn(TOKEN, {"X-App-Usage": '{"call_count":40}'})
    assert used.pause(TOKEN) == 0


def test_an_old_figure_is_not_believed() -> None:
    clock = Clock()
    used = usage(100, clock)
    used.pause(TOKEN)
    clock.now += HOLDS + 1
    assert used.pause(TOKEN) == 0


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """How long was slept, while the clock went on."""
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)
        Clock.now += seconds

    monkeypatch.setattr("interconnections.platforms.usage.asyncio.sleep", sleep)
    yield naps
    Clock.now = 100.0


async def test_every_exchange_learns_and_waits_its_turn(slept: list[float]) -> None:
    told = Reply(200, b"{}", headers={"X-App-Usage": '{"call_count":100}'})
    graph = Graph(ScriptedWire([told, told, told]), {})
    graph.usage = Usage(Clock())
    for _ in range(3):
        await graph.ask(Access("https://graph.example.org", "v25.0", TOKEN), "GET", "7001")
    assert slept == [1.0]


async def test_who_waits_goes_as_soon_as_there_is_room(slept: list[float]) -> None:
    used = usage(100, Clock())
    used.pause(TOKEN)
    used.learn(TOKEN, {"X-App-Usage": '{"call_count":3}'})
    await used.turn(TOKEN)
    assert slept == []


async def test_nobody_is_held_back_for_long(slept: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    used = usage(100, Clock())
    monkeypatch.setattr(used, "pause", lambda token: 1.0)  # others are always before
    await used.turn(TOKEN)
    assert sum(slept) == PATIENCE
