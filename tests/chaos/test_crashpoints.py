"""Something happens at each sort of call that a process makes.  Every single call: `make chaos`."""

import pytest

from tests.chaos.arena import DESKS, Arena
from tests.chaos.crashpoints import enumerate_all, sample


@pytest.mark.timeout(900)  # a generous bound: on a busy machine it took five minutes
@pytest.mark.parametrize("desk", DESKS)
def test_wherever_a_process_dies_or_its_redis_fails_the_promise_is_kept(arena: Arena, desk: str) -> None:
    outcomes = enumerate_all(arena, sample, desks=[desk])
    assert [str(outcome) for outcome in outcomes if not outcome.sound] == []
    reached = [outcome for outcome in outcomes if outcome.point and outcome.reached]
    assert len(reached) > 15  # few are passed by: the order of some calls is the network's
