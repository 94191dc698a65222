"""The list of blocked users: who sees whom, and letting one in again whether or not a conversation is left."""

import re

import pytest
from django.contrib.admin.models import LogEntry

from interconnections.errors import StoreAway
from interconnections.models import Bot, BotAccess, Interconnection
from interconnections.store import blocked, by_hand
from interconnections.store.connection import for_pages
from interconnections.store.keys import key
from tests.admin.conftest import person

URL = "/admin/interconnections/blocked/"
WHY = "they apologised"
USER, ALIAS = "5215512345678", "MX.1"


@pytest.fixture
def supervisor(client, db):
    user = person("ada", "block_user", "view_interconnection")
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def one_is_blocked(tell, small):
    session = tell(user=USER)
    by_hand.block(for_pages(), Interconnection.objects.get(pk=session).id, blocks=True)
    return session


def marks(browser):
    return re.findall(rf'href="{URL}(\w+)/"', browser.get(URL).content.decode())


def test_without_anybody_it_says_so(supervisor, small):
    assert "Nobody is blocked." in supervisor.get(URL).content.decode()


def test_they_are_listed_without_who_they_are(supervisor, one_is_blocked):
    page = supervisor.get(URL).content.decode()
    assert "tienda" in page
    assert "…5678" in page
    assert USER not in page


def test_one_is_let_in_again_with_a_reason_under_all_ids(supervisor, one_is_blocked, small):
    small.sadd(key("aliases", "tienda", USER), USER, ALIAS)
    small.set(key("blocked", "tienda", ALIAS), "1")
    small.delete(key("hash", Interconnection.objects.get(pk=one_is_blocked).id))  # nothing of theirs is kept any more
    [mark] = marks(supervisor)
    assert "Say why" in supervisor.post(f"{URL}{mark}/", {"reason": " "}).content.decode()
    page = supervisor.post(f"{URL}{mark}/", {"reason": WHY}, follow=True).content.decode()
    assert "The user tienda …5678 may come again." in page
    assert "Nobody is blocked." in page
    assert not small.exists(key("blocked", "tienda", USER), key("blocked", "tienda", ALIAS))
    [entry] = LogEntry.objects.all()
    assert entry.change_message == f"Let the user in again: {WHY}"
    assert supervisor.post(f"{URL}{mark}/", {"reason": WHY}).status_code == 404
    assert LogEntry.objects.count() == 1


def test_who_is_let_in_from_their_conversation_leaves_the_list(supervisor, one_is_blocked):
    by_hand.block(for_pages(), Interconnection.objects.get(pk=one_is_blocked).id, blocks=False)
    assert marks(supervisor) == []


def test_users_of_other_bots_are_not_there(supervisor, one_is_blocked, small):
    [mark] = marks(supervisor)
    BotAccess.objects.create(user=supervisor.user, bot=Bot.objects.create(slug="banco"))
    assert marks(supervisor) == []
    assert supervisor.post(f"{URL}{mark}/", {"reason": WHY}).status_code == 404
    assert small.exists(key("blocked", "tienda", USER))


def test_only_with_the_right(viewer, one_is_blocked):
    assert viewer.get(URL).status_code == 403
    assert viewer.post(f"{URL}{'0' * 24}/", {"reason": WHY}).status_code == 403


def test_what_was_done_as_redis_went_away_is_told_as_perhaps(supervisor, one_is_blocked, monkeypatch):
    [mark] = marks(supervisor)

    def lost(redis, one):
        raise StoreAway("its answer was lost")

    monkeypatch.setattr("interconnections.admin.blocked.let_in", lost)
    answer = supervisor.post(f"{URL}{mark}/", {"reason": WHY})
    assert answer.status_code == 503
    [entry] = LogEntry.objects.all()
    assert entry.change_message == f"Let the user in again: {WHY} (perhaps: Redis did not answer)"


def test_without_redis_the_page_is_calm(supervisor, away):
    assert supervisor.get(URL).status_code == 503


def test_the_latest_come_first(small, tell):
    for n in range(3):
        session = tell(user=f"52155000000{n}")
        by_hand.block(for_pages(), Interconnection.objects.get(pk=session).id, blocks=True)
        small.zincrby(key("blocks"), n, f"tienda:52155000000{n}")
    assert [one.user[-1] for one in blocked.blocked(for_pages())] == ["2", "1", "0"]


def test_theirs_are_found_behind_however_many_of_other_bots(supervisor, one_is_blocked, small):
    others = {f"banco:{n}": 9e12 + n for n in range(2500)}
    small.zadd(key("blocks"), others)
    small.mset({key("blocked", *member.split(":")): "1" for member in others})
    BotAccess.objects.create(user=supervisor.user, bot=Bot.objects.create(slug="tienda"))
    [mark] = marks(supervisor)
    assert supervisor.get(f"{URL}{mark}/").status_code == 200


def test_a_person_of_several_ids_is_one_row(supervisor, tell, small):
    for id in (USER, ALIAS):
        small.sadd(key("aliases", "tienda", id), USER, ALIAS)
    by_hand.block(for_pages(), Interconnection.objects.get(pk=tell(user=USER)).id, blocks=True)
    assert small.zcard(key("blocks")) == 2
    [mark] = marks(supervisor)
    supervisor.post(f"{URL}{mark}/", {"reason": WHY})
    assert marks(supervisor) == []
    assert not small.exists(key("blocks"))


def test_whom_a_process_let_in_that_knows_no_list_is_not_in_it(supervisor, one_is_blocked, small):
    """And who is blocked again after that, since then."""
    since = next(blocked.blocked(for_pages())).since
    small.zincrby(key("blocks"), -5000, f"tienda:{USER}")
    small.delete(key("blocked", "tienda", USER))
    assert marks(supervisor) == []
    by_hand.block(for_pages(), Interconnection.objects.get(pk=one_is_blocked).id, blocks=True)
    assert next(blocked.blocked(for_pages())).since >= since
