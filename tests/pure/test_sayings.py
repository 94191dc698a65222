"""Words into lane items."""

import pytest

from interconnections.bridge.sayings import KINDS, as_text, state, to_agent, to_user
from interconnections.items import Item, Kind, Origin
from interconnections.pieces import LIVE_AGENT_LIMIT
from interconnections.platforms.words import Message
from interconnections.platforms.yalo.reader import MEDIA
from tests.pure.bots import bot


def message(kind, **parts):
    return Message(user="1", id="1", by_bot=False, kind=kind, at=None, **parts)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (message("text", text="hola\n"), "hola\n"),
        (message("text", text=""), ""),
        (message("text", text=" \n\t "), ""),
        (message("image", url="https://x/1", caption="la caja"), "[imagen] la caja https://x/1"),
        (message("image", url="https://x/1"), "[imagen] https://x/1"),
        (message("image"), "[imagen]"),
        (message("voice", url="https://x/2", mime_type="audio/ogg"), "[nota de voz] https://x/2"),
        (message("document", url="https://x/3", caption="factura.pdf"), "[documento] factura.pdf https://x/3"),
        (message("location"), "[ubicación]"),
        (message("interactive"), "[interactive]"),
        (message("button", text="Sí"), "[button] Sí"),
    ],
)
def test_what_an_agent_reads_of_a_message(said, text):
    assert as_text(said) == text


def test_every_kind_of_media_has_a_word_for_the_agent():
    assert set(MEDIA) <= set(KINDS)


def test_nothing_that_a_user_sends_vanishes_but_blank_texts():
    """W20: voice, video, stickers and replies were dropped while a chat was active."""
    for kind in (*KINDS, "ephemeral", "unsupported", "order"):
        assert as_text(message(kind))


@pytest.mark.parametrize(("provider", "limit"), [("whatsapp", 4096), ("messenger", 2000)])
def test_a_long_text_for_a_user_is_cut_where_the_platform_stops_reading(provider, limit):
    text = "ñ" * (2 * limit + 1)
    items = to_user(text, Origin.AGENT, provider, "Luz")
    assert [len(item.text) for item in items] == [limit, limit, 1]
    assert {(item.kind, item.origin, item.name, item.delay) for item in items} == {
        (Kind.TEXT, Origin.AGENT, "Luz", 0)
    }


def test_a_long_text_for_an_agent_is_cut_too():
    assert [len(item.text) for item in to_agent("x" * 4001, Origin.USER)] == [LIVE_AGENT_LIMIT, 1]


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
