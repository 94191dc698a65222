"""What an owner reads of an interconnection that it claims: all that the last one knew."""

from interconnections.bridge.conversation import claim_from
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
    claim = claim_from(Hold("u-s", "w2", "5"), KEPT, {"sessionKey": Secret("key"), "affinityToken": Secret("a")})
    assert (claim.ack, claim.offset, claim.epoch) == (7, 1234567890123, "2")
    assert (claim.window, claim.handover) == (90000, "data")
    assert claim.started
    assert (claim.access.key.reveal(), claim.access.affinity.reveal()) == ("key", "a")


def test_a_chat_that_nobody_polled_is_polled_from_the_beginning():
    new = {name: value for name, value in KEPT.items() if name not in ("ack", "offset", "handover")}
    claim = claim_from(Hold("u-s", "w2", "1"), new, {})
    assert (claim.ack, claim.offset, claim.handover) == (-1, 0, "")
