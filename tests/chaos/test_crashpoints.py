"""Something happens at each sort of call that a process makes.  Every single call: `make chaos`."""

import pytest

from tests.chaos.arena import Arena
from tests.chaos.crashpoints import enumerate_all, sample


@pytest.mark.timeout(900)  # a generous bound: on a busy machine it took five minutes
def test_wherever_a_process_dies_or_its_redis_fails_the_promise_is_kept(arena: Arena) -> None:
    outcomes = enumerate_all(arena, sample)
    assert [str(outcome) for outcome in outcomes if not outcome.sound] == []
    reached = [outcome for outcome in outcomes if outcome.point and outcome.reached]
    assert len(reached) > 30  # few are passed by: the order of some calls is the network's
