"""Words into lane items."""

from dataclasses import replace

import pytest

from interconnections.bridge.outgoing import state, to_agent, to_user, user_limit
from interconnections.items import Item, Kind, Origin
from interconnections.pieces import LONGEST_TEXT
from interconnections.platforms import PLATFORMS
from tests.unit.bots import bot


@pytest.mark.parametrize(("provider", "limit"), [("whatsapp", 4096), ("messenger", 2000)])
def test_a_long_text_for_a_user_is_cut_where_the_platform_stops_reading(provider, limit):
    text = "ñ" * (2 * limit + 1)
    items = to_user(text, Origin.AGENT, user_limit(bot(provider=provider)), "Luz")
    assert [len(item.text) for item in items] == [limit, limit, 1]
    assert {(item.kind, item.origin, item.name, item.delay) for item in items} == {
        (Kind.TEXT, Origin.AGENT, "Luz", 0)
    }


def test_an_emoji_counts_as_two_for_a_user_as_in_utf_16():
    """Nobody knows in which unit WhatsApp counts (whatsapp-cloud-api.md section 7, U)."""
    text = "😊" * 2048 + "👩‍🔬" + "ñ" * 10
    assert [len(item.text) for item in to_user(text, Origin.AGENT, 4096)] == [2048, 13]
    assert [item.text for item in to_user("a" + "😊" * 3, Origin.AGENT, 4)] == ["a😊", "😊😊"]
    assert len(to_agent("😊" * 4000, Origin.USER)) == 1


class Narrow:
    """A platform that takes less than the others of its provider."""

    providers = ("whatsapp",)

    @staticmethod
    def text_limit(provider: str) -> int:
        return 40


def test_a_text_is_cut_for_the_platform_of_its_bot_alone(monkeypatch):
    monkeypatch.setitem(PLATFORMS, "narrow", Narrow)
    assert user_limit(bot()) == 4096
    assert user_limit(replace(bot(), platform="narrow")) == 40
    assert user_limit(None, "whatsapp") == 40  # the bot is gone: whichever was its platform takes that
    assert user_limit(None, "messenger") == 2000
    assert user_limit(None, "telegram") == user_limit(None, "") == 40  # whatever it is


def test_a_long_text_for_an_agent_is_cut_too():
    assert [len(item.text) for item in to_agent("x" * 4001, Origin.USER)] == [LONGEST_TEXT, 1]


def test_a_piece_that_shows_nothing_is_not_said():
    assert [item.text for item in to_user("x" * 4096 + "\n\n", Origin.AGENT, 4096)] == ["x" * 4096]
    items = to_agent("x" * 4000 + "\n" * 9000 + "y \u200b", Origin.USER)
    assert [item.text.strip() for item in items] == ["x" * 4000, "y"]
    assert to_agent("\u3164\n", Origin.USER) == to_user(" ", Origin.AGENT, 2000) == ()


def test_a_text_that_fits_is_one_item():
    assert to_agent("hola", Origin.USER) == (Item(Kind.TEXT, Origin.USER, "hola"),)


def test_the_bot_takes_its_user_back_at_a_state():
    assert state(bot(), "from-sf-success", delayed=False) == (Item(Kind.STATE, Origin.BRIDGE, "from-sf-success"),)
    assert state(bot(), "from-sf-timeout", delayed=True) == (
        Item(Kind.STATE, Origin.BRIDGE, "from-sf-timeout", delay=4000),
    )
    assert state(bot(state_delay=0.25), "s", delayed=True)[0].delay == 250


@pytest.mark.parametrize("whose", [None, bot(state_api="")])
def test_a_bot_that_is_not_told_is_not_told(whose):
    assert state(whose, "from-sf-success", delayed=False) == ()


def test_a_state_without_a_name_is_none():
    assert state(bot(), "", delayed=False) == ()


def test_an_item_is_read_as_it_was_written():
    item = Item(Kind.TEXT, Origin.AGENT, 'a "b"\n\0 ñ 👩‍🔬', name="Luz")
    assert Item.decoded(item.encoded()) == item
