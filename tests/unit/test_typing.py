"""An agent who types: shown at once or not at all."""

import asyncio
from types import SimpleNamespace

import pytest

from interconnections.bridge import typing
from interconnections.bridge.typing import read_until, show, show_read, types
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


def test_the_latest_moment_until_which_an_agent_read_counts():
    told = [news.AgentRead(5), news.AgentRead(9), news.Other(), news.AgentRead(7)]
    assert read_until([news.Event("x", "{}", item) for item in told]) == 9
    assert read_until([]) == 0


@pytest.mark.parametrize(("said_at", "marked"), [(6, True), (7, True), (8, False), (None, False)])
async def test_what_was_said_after_the_agent_read_is_not_marked(monkeypatch, said_at, marked):
    person, seen = Recipient("5215512345678", last="wamid.1", said_at=said_at), []

    async def recipient(*_):
        return person

    async def mark(settings, to):
        seen.append(to)

    monkeypatch.setattr(typing, "recipient_of", recipient)
    platform = SimpleNamespace(wants_recipient=True, seen=mark)
    await show_read(SimpleNamespace(platforms={bot().platform: platform}), CONVERSATION, bot(), 7)
    assert seen == ([person] if marked else [])
