"""The page of the dead letters: seen by those who may, sent again and dropped with an audit."""

import pytest
from django.contrib.admin.models import LogEntry
from redis import Redis

from interconnections.errors import StoreAway
from interconnections.store import deadletters
from tests.admin.conftest import person

URL = "/admin/interconnections/deadletter/"
KEY = "{bridge}:dead"


@pytest.fixture
def letters(small, tell):
    """Two for one user, of a conversation that is open."""
    session = tell()
    small.delete(KEY)  # the story's own
    id = small.hget("{bridge}:ids", session).decode()
    fields = {"id": id, "session": session, "lane": "integration", "why": "answered 400", "at": 1764086400000}
    for number, words in (("101", "uno"), ("102", "dos")):
        small.xadd(KEY, fields | {"number": number, "item": f'["text", "agent", "{words}", ""]'})
    return [entry.decode() for entry, _ in small.xrange(KEY)], id, session


@pytest.fixture
def supervisor(client, db):
    client.force_login(person("ada", "view_interconnection", "view_deadletter", "resend_deadletter"))
    return client


def test_they_are_listed_with_what_and_why_and_a_way_to_the_conversation(supervisor, letters):
    page = supervisor.get(URL).content.decode()
    assert "uno" in page
    assert "answered 400" in page
    assert f"/admin/interconnections/interconnection/{letters[2]}/change/" in page


def test_sent_again_they_are_in_the_lane_in_order_and_in_the_history(supervisor, letters, small):
    ids, id, session = letters
    asked = supervisor.post(URL, {"letter": list(reversed(ids)), "resend": "1"}).content.decode()
    assert asked.count('name="letter"') == 2
    assert small.xlen(KEY) == 2
    order = {"letter": list(reversed(ids)), "resend": "1", "reason": "it is up again"}
    page = supervisor.post(URL, order, follow=True).content.decode()
    assert "2 dead letters on the way again." in page
    lane = [
        entry.decode().split(" ", 2)
        for entry in small.lrange(f"{{bridge}}:interconnection:{id}:lane:integration", -2, -1)
    ]
    assert [(number, item) for number, _, item in lane] == [
        ("101", '["text", "agent", "uno", ""]'),
        ("102", '["text", "agent", "dos", ""]'),
    ]
    assert small.xlen(KEY) == 0
    [entry] = LogEntry.objects.all()
    assert (entry.object_id, entry.user.username) == (session, "ada")
    assert entry.change_message == "Sent dead letters again (101, 102): it is up again"


def test_dropped_they_are_gone(supervisor, letters, small):
    order = {"letter": letters[0][:1], "drop": "1", "reason": "old news"}
    for says in ("1 dead letter dropped.", "gone meanwhile."):
        assert says in supervisor.post(URL, order, follow=True).content.decode()
    assert small.xlen(KEY) == 1
    assert LogEntry.objects.get().change_message == "Dropped dead letters (101): old news"


def test_who_may_only_look_changes_nothing(client, db, letters, small):
    client.force_login(person("eva", "view_interconnection", "view_deadletter"))
    assert "Send again" not in client.get(URL).content.decode()
    assert client.post(URL, {"letter": letters[0], "drop": "1"}).status_code == 403
    assert small.xlen(KEY) == 2


def test_without_the_right_to_conversations_no_text_is_shown(client, db, letters):
    client.force_login(person("max", "view_deadletter"))
    page = client.get(URL).content.decode()
    assert "answered 400" in page
    assert "uno" not in page


@pytest.mark.parametrize("letter", ["", "*", "1-", "-", "+", "9" * 50])
def test_what_is_no_letter_is_asked_of_nobody(supervisor, small, letter):
    response = supervisor.post(URL, {"letter": letter, "resend": "1"}, follow=True)
    assert response.status_code == 200
    assert "Choose letters first." in response.content.decode()


def test_strangers_do_not_see_it(stranger, small):
    assert stranger.get(URL).status_code == 403


def test_an_empty_box_says_so(supervisor, small):
    assert "No message waits here" in supervisor.get(URL).content.decode()


def test_the_page_is_calm_while_redis_is_away(supervisor, away):
    assert supervisor.get(URL).status_code == 503


def test_a_message_is_sent_again_from_the_conversation_and_back_there(supervisor, tell, small):
    session = tell()
    path = f"/admin/interconnections/interconnection/{session}/change/"
    page = supervisor.get(path).content.decode()
    [letter] = [id.decode() for id, _ in small.xrange(KEY)]
    assert page.count(f'form="letters" name="resend" value="{letter}"') == 1
    asked = supervisor.post(URL, {"resend": letter, "session": session}).content.decode()
    assert f'name="session" value="{session}"' in asked
    assert f'name="letter" value="{letter}"' in asked
    order = {"letter": letter, "session": session, "resend": "Send again", "reason": "it is up again"}
    answer = supervisor.post(URL, order, follow=True)
    assert answer.redirect_chain[-1][0] == path
    assert "ada sent dead letters again (" in answer.content.decode()
    assert "1 dead letter on the way again." in answer.content.decode()
    assert 'name="resend"' not in answer.content.decode()
    [entry] = LogEntry.objects.all()
    assert entry.object_id == session


def test_without_the_right_no_message_offers_it(viewer, tell):
    page = viewer.get(f"/admin/interconnections/interconnection/{tell()}/change/").content.decode()
    assert 'name="resend"' not in page


def test_five_hundred_of_as_many_conversations_cost_few_commands(supervisor, full, commands, server):
    with Redis.from_url(f"unix://{server.socket}?db=0") as redis:
        for row in full[:500]:
            letter = {"id": row.id, "session": row.session, "lane": "integration", "number": 1, "why": "answered 400"}
            redis.xadd(KEY, letter | {"item": '["text", "agent", "uno", ""]'})
        try:
            with commands:
                page = supervisor.get(URL).content.decode()
        finally:
            redis.delete(KEY)
    assert page.count('name="letter"') == 500
    assert len(commands) <= 10, commands


@pytest.mark.parametrize(("verb", "said"), [("resend", "Sent dead letters again"), ("drop", "Dropped dead letters")])
def test_what_was_done_as_redis_went_away_is_in_the_history_as_perhaps(supervisor, letters, monkeypatch, verb, said):
    really, asked = getattr(deadletters, verb), []

    def once(redis, id, *more):
        asked.append(id)
        answer = really(redis, id, *more)
        if len(asked) == 2:
            raise StoreAway("its answer was lost")
        return answer

    monkeypatch.setattr(deadletters, verb, once)
    answer = supervisor.post(URL, {"letter": letters[0], verb: "1", "reason": "up again"})
    assert answer.status_code == 503
    written = {entry.change_message for entry in LogEntry.objects.all()}
    assert written == {f"{said} (101): up again", f"{said} (102): up again (perhaps: Redis did not answer)"}
