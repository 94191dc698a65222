"""What of a webhook is the bot's own, and when nothing goes on to it."""

from interconnections.bridge.forwarding import MARK, Sorted, goes_on
from interconnections.platforms.messages import Message, Place, Skipped
from tests.unit.bots import bot

FRONT = bot(forward_url="https://bot.example.org/webhook")
ONE, OTHER, ABOVE = ("entry", 0, "messaging", 0), ("entry", 0, "messaging", 1), ("entry", 0)


def said(place: Place) -> Message:
    return Message("u", "m", False, "text", None, place=place)


def test_a_bot_without_a_webhook_of_its_own_is_told_nothing():
    assert goes_on(FRONT, ["Content-Type"])
    assert not goes_on(bot(), ["Content-Type"])


def test_what_was_passed_on_once_is_passed_on_no_further():
    assert not goes_on(FRONT, ["Content-Type", MARK])
    assert not goes_on(FRONT, [MARK.lower()])


def test_what_belongs_to_a_chat_is_not_the_bots():
    parts = Sorted()
    parts.sort(said(ONE), "m1", of_a_chat=True)
    parts.sort(said(OTHER), "m2", of_a_chat=False)
    assert parts.of_the_bot() == [OTHER]


def test_a_part_that_says_two_things_is_the_bots_only_if_both_are():
    parts = Sorted()
    parts.sort(said(ONE), "m1", of_a_chat=False)
    parts.sort(Skipped("x", ONE), "", of_a_chat=True)
    assert parts.of_the_bot() == []


def test_a_part_that_holds_one_of_a_chat_is_not_the_bots():
    parts = Sorted()
    parts.sort(Skipped("x", ABOVE), "", of_a_chat=False)
    parts.sort(said(ONE), "m1", of_a_chat=True)
    assert parts.of_the_bot() == []
