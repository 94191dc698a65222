"""What an owner reads of an interconnection that it claims: all that the last one knew."""

from typing import Any

import pytest

from interconnections.bridge.conversation import WINDOW
from interconnections.secret import Secret
from interconnections.store.leases import Hold
from tests.desks import in_hand

KEPT = {
    "sessionId": "s",
    "userId": "u",
    "botSlug": "b",
    "provider": "whatsapp",
    "status": "Active",
    "started": "1",
    "ack": "7",
    "offset": "1234567890123",
    "epoch": "2",
    "window": "90000",
    "handover": "data",
    "chatUrl": "https://d.la1-c1.salesforceliveagent.com/chat",
}


def test_another_worker_polls_on_where_the_last_one_stopped():
    conversation = in_hand(Hold("u-s", "w2", "5"), KEPT, {"sessionKey": Secret("key"), "affinityToken": Secret("a")})
    chat: Any = conversation.chat
    assert (conversation.mark, conversation.epoch, conversation.window) == ("7", "2", 90000)
    assert (chat.ack, chat.offset, chat.epoch, chat.handover) == (7, 1234567890123, "2", "data")
    assert conversation.started and chat.started and chat.moving
    assert (chat.access.key.reveal(), chat.access.affinity.reveal()) == ("key", "a")


def test_a_chat_that_nobody_polled_is_polled_from_the_beginning():
    new = {name: value for name, value in KEPT.items() if name not in ("ack", "offset", "handover")}
    conversation = in_hand(Hold("u-s", "w2", "1"), new, {})
    chat: Any = conversation.chat
    assert (conversation.mark, chat.ack, chat.offset, chat.moving) == ("-1", -1, 0, False)


@pytest.mark.parametrize("stored", ["", "0", "-1"])
def test_a_window_that_is_none_is_as_long_as_usual(stored: str) -> None:
    """Ages are told as shares of it."""
    assert in_hand(Hold("u-s", "w2", "1"), KEPT | {"window": stored}, {}).window == WINDOW
