"""An agent who types: shown at once or not at all."""

import asyncio
from types import SimpleNamespace

import pytest

from interconnections.bridge import typing
from interconnections.bridge.typing import show, types
from interconnections.desks import news
from interconnections.errors import PlatformUnwell
from interconnections.platforms.platform import Recipient
from tests.unit.bots import bot

ON, OFF, SAID = news.AgentTyping(True), news.AgentTyping(False), news.AgentSaid("Lo reviso", "Luz")
CONVERSATION = SimpleNamespace(user_id="5215512345678", session_id="s")


def bridge_with(indicate, shows_typing=True):
    platform = SimpleNamespace(shows_typing=shows_typing, wants_recipient=False, typing=indicate)
    return SimpleNamespace(platforms={bot().platform: platform})


@pytest.mark.parametrize(
    ("items", "on"),
    [
        ((ON,), True),
        ((OFF,), False),
        ((OFF, ON), False),
        ((ON, OFF), False),
        ((ON, SAID), None),
        ((ON, SAID, OFF), None),
        ((news.Other(),), None),
        ((), None),
    ],
)
def test_what_one_answer_says_of_typing(items, on):
    assert types([news.Event("x", "{}", item) for item in items]) is on


@pytest.mark.parametrize("shows", [True, False])
async def test_a_platform_with_an_indicator_is_told_who_and_what(shows):
    told = []

    async def indicate(*words):
        told.append(words)

    await show(bridge_with(indicate, shows), CONVERSATION, bot(), True)
    assert told == ([(bot().settings, Recipient("5215512345678"), True)] if shows else [])


async def test_an_indicator_that_fails_or_hangs_is_missed_by_nobody(monkeypatch):
    async def fails(*_):
        raise PlatformUnwell("answered 500")

    async def hangs(*_):
        await asyncio.Event().wait()

    monkeypatch.setattr(typing, "PATIENCE", 0.01)
    for indicate in (fails, hangs):
        assert await show(bridge_with(indicate), CONVERSATION, bot(), True) is None
