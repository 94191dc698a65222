"""A figure of the board leads to the list only where the list finds what it counts."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User

from interconnections.admin.board_leads import leads
from interconnections.models.rows.plan import MOST_CELLS


@pytest.mark.parametrize(("bots", "led"), [(None, True), (1, True), (MOST_CELLS, True), (MOST_CELLS + 1, False)])
def test_a_board_of_more_bots_than_the_list_finds_leads_nowhere(bots, led):
    chosen = None if bots is None else {f"bot-{n}" for n in range(bots)}
    found = leads(SimpleNamespace(user=User(is_superuser=True, is_active=True)), None, chosen)
    assert ("waiting" in found) is led
    assert "deadLetters" in found
