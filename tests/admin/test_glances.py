"""The list's columns beside the fields: how long a user waits, who spoke last, what keeps a conversation."""

from datetime import UTC, datetime, timedelta

import pytest

from interconnections.admin import glances
from interconnections.lifecycle import Status
from interconnections.models import Interconnection
from interconnections.store.glance import Glance, LaneGlance
from interconnections.store.keys import key

URL = "/admin/interconnections/interconnection/"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
AT = int(NOW.timestamp() * 1000)


def ago(seconds):
    return AT - seconds * 1000


def row(**fields):
    return Interconnection(session_id="s", user_id="u", status=Status.ACTIVE, **fields)


def test_who_waits_is_told_for_how_long_and_whoever_was_accepted_how_long_it_took():
    assert glances.waiting(row(), Glance(at=AT, waits=ago(75))) == ("1 min 15 s", True)
    opened = NOW - timedelta(minutes=10)
    accepted = row(opened_at=opened, accepted_at=opened + timedelta(seconds=40))
    assert glances.waiting(accepted, Glance(at=AT)) == ("40 s", False)
    assert glances.waiting(row(opened_at=opened, ended_at=NOW), Glance(at=AT)) == ("10 min", False)
    assert glances.waiting(row(opened_at=opened), Glance(at=AT)) == ("", False)


def test_the_last_word_has_a_side_and_an_age():
    assert glances.last_word(Glance(at=AT)) is None
    users = glances.last_word(Glance(at=AT, user_said=ago(12), agent_said=ago(30)))
    assert (users.said_by, users.age) == ("user", "12 s")
    agents = glances.last_word(Glance(at=AT, user_said=ago(7200), agent_said=ago(3900)))
    assert (agents.said_by, agents.age) == ("agent", "1 h 5 min")


@pytest.mark.parametrize(
    ("glance", "told"),
    [
        (Glance(at=AT, unowned=ago(9)), []),
        (Glance(at=AT, unowned=ago(30)), ["no worker for 30 s"]),
        (Glance(at=AT, handover="reconnect"), ["Hand-over: Salesforce moves the chat"]),
        (Glance(at=AT, lanes=(LaneGlance("integration", 3, ago(9), 0, 0, ""),)), []),
        (Glance(at=AT, lanes=(LaneGlance("salesforce", 3, 0, 0, 0, ""),)), []),
        (Glance(at=AT, lanes=(LaneGlance("integration", 3, ago(20), 0, 0, ""),)), ["to the user: 3 undelivered"]),
        (
            Glance(at=AT, lanes=(LaneGlance("salesforce", 1, ago(20), ago(40), 0, "answered 500"),)),
            ["to the agent: tried again for 40 s (answered 500)"],
        ),
        (
            Glance(at=AT, lanes=(LaneGlance("bot", 1, ago(20), ago(40), AT + 5, "silent"),)),
            ["to the bot: paused (silent)"],
        ),
    ],
)
def test_a_trouble_is_told_once_it_lasts(glance, told):
    found = glances.troubles(glance)
    assert len(found) == len(told)
    assert all(words.startswith(wanted) for words, wanted in zip(found, told, strict=True)), found


def test_the_list_tells_who_spoke_last_what_is_stuck_and_names_nobody(viewer, tell, small):
    session = tell(texts=("hola", "adiós"))
    [id] = small.hmget(key("ids"), session)
    small.hset(key("hash", id.decode()), "failing:integration", 1)
    small.rpush(key("lane", id.decode(), "integration"), '9 1 ["text", "agent", "Sí", ""]')
    small.hset(key("shore", "integration", "tienda"), "refusedWhy", "answered 400 for 5215512345678")
    page = viewer.get(URL).content.decode()
    assert '<span class="word-user">user</span>' in page
    assert "to the user: tried again for" in page
    assert "(answered 400 for …)" in page


def test_one_whose_worker_is_gone_says_so(viewer, tell, small):
    tell()
    assert "no worker" not in viewer.get(URL).content.decode()
    small.zadd(key("workers"), {"night-shift": 1})
    assert "no worker for" in viewer.get(URL).content.decode()


def test_a_waiting_user_stands_out(viewer, full):
    page = viewer.get(f"{URL}?status__exact=OnHold").content.decode()
    assert page.count('<span class="waits">') == 50
