"""How old our polls are: as a look at each would tell, without looking at each."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interconnections.worker import poll_ages
from interconnections.worker.poll_ages import AT_RISK, PollAges

WINDOWS = (40_000, 120_000)


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    turned = Clock()
    monkeypatch.setattr(poll_ages, "time", turned)
    return turned


@dataclass
class Runner:
    answered: float
    conversation: Any = field(default_factory=lambda: SimpleNamespace(window=WINDOWS[1]))
    looks: int = 0
    over: Any = None

    @property
    def heard_at(self) -> float:
        self.looks += 1
        return self.answered


ACTS = st.lists(
    st.tuples(st.sampled_from(["take", "answer", "end", "wait"]), st.integers(0, 9), st.floats(0, 70)),
    max_size=40,
)


@given(ACTS)
def test_whatever_happens_it_tells_what_a_look_at_all_would_tell(acts: list[tuple[str, int, float]]) -> None:
    clock, ages, runners = Clock(), PollAges(), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(poll_ages, "time", clock)
        for act, which, seconds in acts:
            chosen = runners[which % len(runners)] if runners else None
            if act == "take":
                runners.append(taken := Runner(clock.now, SimpleNamespace(window=WINDOWS[which % 2])))
                taken.over = ages.add(taken)
            elif act == "wait":
                clock.now += seconds
            elif chosen and act == "answer":
                chosen.answered = clock.now
            elif chosen and act == "end":
                runners.remove(chosen)
                chosen.over(None)
            told = ages.look()
            expected = {id(each): (clock.now - each.answered) * 1000 / each.conversation.window for each in runners}
            assert told.polls == len(runners)
            assert told.oldest == max(expected.values(), default=0.0)
            assert {id(each) for each in told.at_risk} == {one for one, age in expected.items() if age > AT_RISK}
            assert len(told.at_risk) == len({id(each) for each in told.at_risk})


def test_a_look_costs_what_was_answered_since_and_not_what_is_owned(clock: Clock) -> None:
    ages, runners = PollAges(), []
    for _ in range(10_000):
        runners.append(taken := Runner(clock.now))
        ages.add(taken)
        clock.now += 0.003
    ages.look()
    for runner in runners[:50]:
        runner.answered = clock.now
    before = sum(runner.looks for runner in runners)
    assert ages.look().oldest == (clock.now - runners[50].answered) * 1000 / WINDOWS[1]
    assert sum(runner.looks for runner in runners) - before < 200


def test_a_window_that_an_answer_names_counts_once_the_others_were_answered(clock: Clock) -> None:
    ages, other, named = PollAges(), Runner(clock.now), Runner(clock.now + 1)
    ages.add(other)
    ages.add(named)
    named.conversation.window = WINDOWS[0]
    clock.now += 31
    assert ages.look().oldest == 31 / 120
    other.answered = clock.now
    assert [ages.look().oldest, ages.look().oldest] == [0.0, 30 / 40]


async def test_a_poll_that_is_over_is_counted_no_more(clock: Clock) -> None:
    ages = PollAges()
    polls = [asyncio.create_task(asyncio.sleep(3600)) for _ in range(2)]
    for poll in polls:
        poll.add_done_callback(ages.add(Runner(clock.now)))
    polls[0].cancel()
    await asyncio.wait(polls[:1])
    assert ages.look().polls == 1
    polls[1].cancel()
    await asyncio.wait(polls)
    assert ages.look() == (0, 0.0, [])
