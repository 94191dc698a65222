"""The store's scripts against a model: whatever users, agents, workers and time do, both say the same.

`machine/model.py` is what the store should be, `machine/real.py` the store.  A rule is a deed, done to both;
after each the whole of Redis is read and must be the picture that the model draws, and keep the laws.
MACHINE_EXAMPLES=2000 makes it a long run, which also takes the time to make a failure small.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from interconnections.store import starts
from tests.store.machine.keys import HOUR
from tests.store.machine.laws import Laws
from tests.store.machine.rules_of_lanes import Sending
from tests.store.machine.rules_of_people import Talking
from tests.store.machine.rules_of_starts import Connecting
from tests.store.machine.rules_of_troubles import Troubled
from tests.store.machine.rules_of_workers import Working

LONG_RUN = int(os.environ.get("MACHINE_EXAMPLES", "0"))


class Store(Connecting, Talking, Working, Sending, Troubled, Laws):
    """All rules and all laws."""


@pytest.mark.timeout(900)  # making a failure small takes a while
def test_whatever_happens_the_store_does_what_its_model_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starts, "RESERVED_FOR", HOUR)  # no reservation ends by itself, however slow the machine
    run_state_machine_as_test(
        Store,
        settings=settings(
            max_examples=LONG_RUN or 25,
            stateful_step_count=50,
            phases=[Phase.reuse, Phase.generate, *([Phase.shrink] if LONG_RUN else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )
