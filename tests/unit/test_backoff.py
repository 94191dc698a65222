"""How long to wait before trying again."""

import pytest

from interconnections.backoff import backoff


@pytest.mark.parametrize(("tries", "most"), [(0, 0.5), (1, 1.0), (2, 2.0), (5, 15.0), (50, 15.0), (10**9, 15.0)])
def test_a_pause_doubles_up_to_its_cap_and_is_never_less_than_half(tries, most):
    pauses = [backoff(tries, base=0.5, cap=15) for _ in range(200)]
    assert most / 2 <= min(pauses)
    assert max(pauses) <= most


def test_many_do_not_come_back_as_one():
    assert len({backoff(3, base=0.5, cap=15) for _ in range(50)}) > 40
