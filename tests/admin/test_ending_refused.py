"""Ending conversations: who may not, what Redis' absence does to it, and whose bell is rung."""

import pytest
from channels.layers import get_channel_layer
from django.contrib.admin.models import LogEntry

from interconnections.admin.audited import PERHAPS
from interconnections.store.keys import key
from tests.admin.conftest import person
from tests.admin.test_ending import URL, WHY, lane_of, one


@pytest.mark.parametrize("rights", [("view_interconnection",), ("close_interconnection",), ()])
def test_without_the_right_there_is_no_button_and_a_forged_post_does_nothing(rights, client, db, tell, small):
    session = tell()
    client.force_login(person("eve", *rights))
    assert client.get(f"{URL}{session}/end/").status_code == 403
    assert client.post(f"{URL}{session}/end/", {"reason": WHY}).status_code == 403
    page = client.get(f"{URL}{session}/change/").content.decode() + client.get(URL).content.decode()
    assert "/end/" not in page
    assert "end_conversations" not in page
    for more in ({"index": "0"}, {}, {"post": "yes"}):
        data = {"action": "end_conversations", "_selected_action": [session], "select_across": "1", "reason": WHY}
        assert client.post(URL, data | more).status_code in (200, 302, 403)
    assert lane_of(small, session) == []
    assert LogEntry.objects.count() == 0


def test_an_unknown_session_goes_the_admins_way(closer, small):
    assert "doesn’t exist" in closer.get(f"{URL}nobody/end/", follow=True).content.decode()


def test_redis_away_is_the_calm_page(closer, away):
    for answer in (
        closer.get(f"{URL}5701a/end/"),
        closer.post(f"{URL}5701a/end/", {"reason": WHY}),
        closer.post(URL, {"action": "end_conversations", "_selected_action": ["5701a"], "reason": WHY}),
    ):
        assert answer.status_code == 503
        assert "Redis does not answer" in answer.content.decode()


def test_what_was_ordered_before_redis_went_away_is_in_the_history(closer, tell, small, monkeypatch):
    sessions = [tell(user=f"52155000000{n}") for n in range(2)]
    from interconnections.bridge import hang_up
    from interconnections.errors import StoreAway

    real, calls = hang_up.by_hand.end, []

    def failing(*arguments, **more):
        calls.append(arguments)
        if len(calls) == 2:
            raise StoreAway("gone")
        return real(*arguments, **more)

    monkeypatch.setattr(hang_up.by_hand, "end", failing)
    data = {"action": "end_conversations", "_selected_action": sessions, "select_across": "0", "reason": WHY}
    assert closer.post(URL, data).status_code == 503
    noted = LogEntry.objects.values_list("change_message", flat=True)
    assert sorted(words.endswith(PERHAPS) for words in noted) == [False, True]  # the other one's answer was lost


@pytest.mark.parametrize("owned", [True, False])
def test_the_owner_is_rung_and_all_workers_where_nobody_owns_it(owned, closer, tell, small, monkeypatch):
    session, bells = tell(), []
    if not owned:
        small.hset(key("hash", one(session).id), "owner", "")

    async def send(channel, bell):
        bells.append((channel, bell.get("session")))

    monkeypatch.setattr(get_channel_layer(), "send", send)
    closer.post(f"{URL}{session}/end/", {"reason": WHY})
    assert bells == ([("salesforce.night-shift", session)] if owned else [("workers", None)])
