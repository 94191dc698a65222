"""What Meta tells of an app's allowance beside its answers, and how calls are spaced by it."""

import json

import pytest

from interconnections.platforms.graph import Access, Graph
from interconnections.platforms.usage import HOLDS, Usage, percents
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
        ("[" * 100_000, []), ('{"call_count":NaN}', []),
    ],
    ids=["app", "use case", "nothing", "no JSON", "no object", "no figure", "too deep", "not a number"],
)  # fmt: skip
def test_all_figures_of_a_header_are_read(header: str, found: list[float]) -> None:
    assert list(percents(header)) == found


def test_below_four_fifths_nobody_waits() -> None:
    used = usage(80, Clock())
    assert [used.pause(TOKEN) for _ in range(3)] == [0, 0, 0]


def test_above_it_calls_are_spaced_the_wider_the_nearer_the_limit() -> None:
    half_way = usage(90, Clock())
    assert [half_way.pause(TOKEN) for _ in range(3)] == [0, 0.5, 1.0]
    beyond = usage(140, Clock())
    assert [beyond.pause(TOKEN) for _ in range(3)] == [0, 1.0, 2.0]


def test_another_token_has_its_own_allowance() -> None:
    used = usage(100, Clock())
    used.pause(TOKEN)
    assert used.pause(OTHER) == 0


def test_a_new_figure_sets_the_pace_and_keeps_the_turns() -> None:
    clock = Clock()
    used = usage(100, clock)
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


async def test_every_exchange_learns_and_waits_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("interconnections.platforms.usage.asyncio.sleep", sleep)
    told = Reply(200, b"{}", headers={"X-App-Usage": '{"call_count":100}'})
    graph = Graph(ScriptedWire([told, told, told]), {})
    graph.usage = Usage(Clock())
    for _ in range(3):
        await graph.ask(Access("https://graph.example.org", "v25.0", TOKEN), "GET", "7001")
    assert waited == [1.0]
