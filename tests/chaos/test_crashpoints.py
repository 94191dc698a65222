"""A process dies at each sort of call that it makes.  Every single call: `make chaos`."""

import pytest

from tests.chaos.arena import Arena
from tests.chaos.crashpoints import enumerate_all, sample


@pytest.mark.timeout(300)
def test_wherever_a_process_dies_the_promise_is_kept(arena: Arena) -> None:
    outcomes = enumerate_all(arena, sample)
    assert [str(outcome) for outcome in outcomes if not outcome.sound] == []
    died = [outcome for outcome in outcomes if outcome.died]
    assert len(died) > 15  # few are passed by: the order of some calls is the network's
