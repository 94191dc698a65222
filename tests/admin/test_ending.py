"""Ending conversations by hand: who may, what is asked, what is ordered, and what stays in the history."""

import html
import re

import pytest
from django.contrib.admin.models import LogEntry

from interconnections.errors import StoreAway
from interconnections.models import Interconnection
from interconnections.store import by_hand
from interconnections.store.keys import key

URL = "/admin/interconnections/interconnection/"
WHY = "The customer called us instead"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def one(session):
    return Interconnection.objects.get(pk=session)


def lane_of(redis, session):
    return [entry.decode() for entry in redis.lrange(key("lane", one(session).id, "salesforce"), 0, -1)]


def ended_by_hand(redis, session):
    """The end stands in the lane, once, and the user is free."""
    ends = [entry for entry in lane_of(redis, session) if '["end"' in entry]
    return len(ends) == 1 and one(session).leaving and not redis.exists(key("user", "tienda", one(session).user_id))


def over(redis, session):
    redis.hset(key("hash", one(session).id), mapping={"status": "Closed", "reason": "agent ended"})
    row = one(session)
    for status in ("Active", "Closed"):
        score = row.opened_at.timestamp() * 1000
        for cell in ((status, "*", "*"), (status, "whatsapp", "tienda")):
            if status == "Closed":
                redis.zadd(key("index", *cell), {row.id: score})
            else:
                redis.zrem(key("index", *cell), row.id)
    return session


def order(browser, sessions, reason=WHY, **more):
    data = {"action": "end_conversations", "_selected_action": sessions, "select_across": "0", "reason": reason}
    return browser.post(URL, data | more, follow=True).content.decode()


def test_the_page_of_one_asks_why_and_orders_the_end(closer, tell, small):
    session = tell()
    page = closer.get(f"{URL}{session}/change/").content.decode()
    assert f"{URL}{session}/end/" in page
    asked = closer.get(f"{URL}{session}/end/").content.decode()
    assert "End this conversation" in asked
    assert lane_of(small, session) == []

    assert "Say why" in closer.post(f"{URL}{session}/end/", {"reason": "  "}).content.decode()
    assert lane_of(small, session) == []

    done = closer.post(f"{URL}{session}/end/", {"reason": WHY}, follow=True).content.decode()
    assert "1 conversation is being ended." in done
    assert ended_by_hand(small, session)
    assert "ended by a supervisor" in lane_of(small, session)[0]
    assert f"ada ended the conversation: {WHY}" in done
    assert f"{URL}{session}/end/" not in done


def test_a_second_press_says_that_it_is_ending_already(closer, tell, small):
    session = tell()
    for _ in range(2):
        page = closer.post(f"{URL}{session}/end/", {"reason": WHY}, follow=True).content.decode()
    assert "is already ending" in page
    assert ended_by_hand(small, session)
    assert LogEntry.objects.count() == 1
    assert "1 conversation is already ending." in order(closer, [session])


def test_one_that_is_over_says_so(closer, tell, small):
    session = over(small, tell())
    assert f"{URL}{session}/end/" not in closer.get(f"{URL}{session}/change/").content.decode()
    for answer in (closer.get(f"{URL}{session}/end/", follow=True), closer.post(f"{URL}{session}/end/", follow=True)):
        assert "1 conversation was over already." in answer.content.decode()
    assert lane_of(small, session) == []


def test_who_did_it_when_and_why_is_in_the_history_and_no_number(closer, tell):
    session = tell(user="5215512345678")
    closer.post(f"{URL}{session}/end/", {"reason": WHY})
    page = closer.get(f"{URL}{session}/history/").content.decode()
    assert f"Ended by a supervisor: {WHY}" in page
    assert "ada" in page
    [entry] = LogEntry.objects.all()
    assert (entry.object_id, entry.object_repr, entry.user.username) == (session, session, "ada")
    assert "5215512345678" not in page + str(vars(entry))


@pytest.mark.parametrize(
    "reason", ["call 5215512345678", "+52 155 1234 5678", "ana@example.net wants it", "(55) 1234-5678 9"]
)
def test_a_reason_with_somebodys_number_is_refused(reason, closer, tell, small):
    session = tell()
    page = closer.post(f"{URL}{session}/end/", {"reason": reason}).content.decode()
    assert "Leave out people&#x27;s numbers" in page
    assert lane_of(small, session) == []


@pytest.mark.parametrize("reason", ["case 00012345 is solved", "2026-11-23: a duplicate", "spam"])
def test_other_numbers_are_fine(reason, closer, tell, small):
    session = tell()
    closer.post(f"{URL}{session}/end/", {"reason": reason})
    assert ended_by_hand(small, session)


def test_the_list_asks_first_and_passes_over_what_is_over(closer, tell, small):
    sessions = [tell(user=f"52155000000{n}") for n in range(3)]
    over(small, sessions[0])
    data = {"action": "end_conversations", "_selected_action": sessions, "select_across": "0", "index": "0"}
    asked = closer.post(URL, data).content.decode()
    assert "<b>2</b> conversations are ended" in asked
    assert "1 of your selection is over already" in asked
    assert "52155000000" not in asked
    assert not any(lane_of(small, session) for session in sessions)

    assert "Say why" in order(closer, sessions, reason="")
    assert "2 conversations are being ended; 1 was over already." in order(closer, sessions)
    assert lane_of(small, sessions[0]) == []
    assert ended_by_hand(small, sessions[1])
    assert ended_by_hand(small, sessions[2])
    assert sorted(entry.object_id for entry in LogEntry.objects.all()) == sorted(sessions[1:])


def test_all_that_match_are_those_that_were_there_when_the_page_asked(closer, tell, small):
    sessions = [tell(user=f"52155000000{n}") for n in range(3)]
    data = {"action": "end_conversations", "_selected_action": sessions[:1], "select_across": "1", "index": "0"}
    asked = closer.post(f"{URL}?status__exact=Active", data).content.decode()
    assert "<b>3</b> conversations" in asked
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', asked))
    later = tell(user="5215500000009")
    data = {name: hidden[name] for name in ("action", "asked_at", "select_across", "_selected_action")}
    page = closer.post(f"{URL}?status__exact=Active", data | {"reason": WHY}, follow=True).content.decode()
    assert "3 conversations are being ended" in page
    assert not one(later).leaving
    assert all(ended_by_hand(small, session) for session in sessions)


def test_very_many_are_ended_some_at_a_time_and_a_page_tells_how_far_it_is(closer, tell, small, monkeypatch):
    monkeypatch.setattr("interconnections.admin.ending.AT_ONCE", 2)
    sessions = [tell(user=f"52155000000{n}") for n in range(5)]
    over(small, sessions[0])
    page = order(closer, sessions)
    assert "3 of 5 are done." in page
    hidden = [(name, html.unescape(value)) for name, value in HIDDEN.findall(page)]
    page = closer.post(URL, asked_again(hidden), follow=True).content.decode()
    assert "4 conversations are being ended; 1 was over already." in page
    assert all(ended_by_hand(small, session) for session in sessions[1:])
    assert LogEntry.objects.count() == 4


@pytest.mark.parametrize("goodbye", ["", "Until tomorrow."])
def test_one_whose_channel_nobody_knows_is_ended_like_the_others(goodbye, closer, tell, small):
    sessions = [tell(user=f"52155000000{n}") for n in range(3)]
    for session, channel in zip(sessions, ("", "telegram", "whatsapp"), strict=True):
        small.hset(key("hash", one(session).id), "provider", channel)
    assert "3 conversations are being ended." in order(closer, sessions, goodbye=goodbye)
    assert all(ended_by_hand(small, session) for session in sessions)


def asked_again(hidden):
    fields = dict(hidden)
    return fields | {"_selected_action": [value for name, value in hidden if name == "_selected_action"]}


def test_an_end_whose_answer_was_lost_is_in_the_history_as_perhaps(closer, tell, monkeypatch):
    sessions = [tell(user=f"52155000000{n}") for n in range(3)]
    really, asked = by_hand.end, []

    def end(redis, id, *more, **named):
        asked.append(id.partition("-")[2])
        answer = really(redis, id, *more, **named)
        if len(asked) == 2:
            raise StoreAway("its answer was lost")
        return answer

    monkeypatch.setattr(by_hand, "end", end)
    order(closer, sessions)
    said = f"Ended by a supervisor: {WHY}"
    written = {entry.object_id: entry.change_message for entry in LogEntry.objects.all()}
    assert written == {asked[0]: said, asked[1]: f"{said} (perhaps: Redis did not answer)"}
