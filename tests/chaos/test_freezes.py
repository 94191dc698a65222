"""A worker that is frozen (SIGSTOP) with a text in its hands sends nothing when it wakes (SIGCONT)."""

import pytest

from tests.chaos.arena import Arena
from tests.chaos.crashpoints import play_one
from tests.chaos.points import Point


@pytest.mark.timeout(300)
async def test_what_another_has_sent_meanwhile_is_not_sent_on_waking(arena: Arena) -> None:
    """To Messenger, where nothing recognises a repeat: the user would read it twice."""
    arena.clean()
    arena.world.ask("PUT", "/rules", {"second_poll": "only_409"})  # no client can save a poll that froze open
    outcome = await play_one(arena, Point("worker", "POST messages#2", "frozen", provider="messenger"))
    assert outcome.reached
    assert outcome.sound, str(outcome)
