"""What an owner reads of an interconnection that it claims: all that the last one knew."""

from interconnections.bridge.conversation import conversation_from
from interconnections.secret import Secret
from interconnections.store.leases import Hold

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
    conversation = conversation_from(
        Hold("u-s", "w2", "5"), KEPT, {"sessionKey": Secret("key"), "affinityToken": Secret("a")}
    )
    assert (conversation.ack, conversation.offset, conversation.epoch) == (7, 1234567890123, "2")
    assert (conversation.window, conversation.handover) == (90000, "data")
    assert conversation.started
    assert (conversation.access.key.reveal(), conversation.access.affinity.reveal()) == ("key", "a")


def test_a_chat_that_nobody_polled_is_polled_from_the_beginning():
    new = {name: value for name, value in KEPT.items() if name not in ("ack", "offset", "handover")}
    conversation = conversation_from(Hold("u-s", "w2", "1"), new, {})
    assert (conversation.ack, conversation.offset, conversation.handover) == (-1, 0, "")
