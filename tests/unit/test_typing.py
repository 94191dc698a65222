"""An agent who types: shown at once or not at all."""

import asyncio

import pytest

from interconnections.bridge import typing
from interconnections.bridge.typing import show, types
from interconnections.desks import news
from interconnections.errors import PlatformUnwell
from tests.unit.bots import bot

ON, OFF, SAID = news.AgentTyping(True), news.AgentTyping(False), news.AgentSaid("Lo reviso", "Luz")


@pytest.mark.parametrize(
    ("items", "on"),
    [
        ((ON,), True),
        ((OFF,), False),
        ((OFF, ON), False),
        ((ON, OFF), False),
        ((ON, SAID, OFF), None),
        ((ON, SAID), None),
        ((news.Other(),), None),
        ((), None),
    ],
)
def test_what_one_answer_says_of_typing(items, on):
    assert types([news.Event("x", "{}", item) for item in items]) is on


async def test_an_indicator_is_told_who_and_what():
    told = []

    async def indicator(*words):
        told.append(words)

    await show(indicator, bot(), "5215512345678", True, "s")
    assert told == [(bot(), "5215512345678", True)]


async def test_an_indicator_that_fails_or_hangs_is_missed_by_nobody(monkeypatch):
    async def fails(*_):
        raise PlatformUnwell("answered 500")

    async def hangs(*_):
        await asyncio.Event().wait()

    monkeypatch.setattr(typing, "PATIENCE", 0.01)
    for indicator in (fails, hangs):
        assert await show(indicator, bot(), "u", True, "s") is None
