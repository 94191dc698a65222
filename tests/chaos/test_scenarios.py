"""The short form of the proof: every scenario once, with few people.  The long form: `make chaos`."""

import pytest

from tests.chaos.arena import DESKS, META, Arena
from tests.chaos.ledger import Verdict
from tests.chaos.scenarios import SCENARIOS, Scenario, Size, run

SEED = 1
TAKEN_OVER = {"workers killed": 18.0, "rolling restart": 4.5}  # s; three times what docs/reliability.md promises


@pytest.mark.parametrize("name", SCENARIOS)
def test_nothing_is_lost_misplaced_or_said_twice_when(name: str, arena: Arena) -> None:
    scenario = SCENARIOS[name]
    verdict = played(scenario, arena)
    assert verdict.desks == sorted(DESKS)
    assert set(META) <= set(verdict.ways)
    assert verdict.kills_in_flight == verdict.kills
    assert scenario.freezes or verdict.double_polls == 0
    if name == "Redis full":
        assert set(verdict.webhooks_refused) == {503}  # "later", in the platform's words
    if name == "hand-over heard by both sides":
        assert verdict.heard_by_both > 0
    if name in TAKEN_OVER:
        assert verdict.median_take_over is not None
        assert verdict.median_take_over < TAKEN_OVER[name]


def played(scenario: Scenario, arena: Arena) -> Verdict:
    """Once; again where a kill happened to find nothing on its way."""
    for attempt in range(3):
        verdict = run(arena, scenario, Size(), SEED + attempt)
        assert verdict.sound, (verdict.evidence, verdict)
        if verdict.kills_in_flight == verdict.kills:
            break
    return verdict
