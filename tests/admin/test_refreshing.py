"""Pages that ask for themselves: answered in two words while nothing changed, and whole as soon as something did."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.admin.templatetags.admin_list import results
from django.utils import timezone
from django.utils.formats import date_format

from interconnections.store.keys import key
from tests.admin.conftest import person

URL = "/admin/interconnections/interconnection/"
NONE = '"none"'  # as the pages' scripts ask first
RIGHTS = ("view_interconnection", "unmask_interconnection", "note_interconnection", "view_deadletter")


@pytest.fixture
def browser(client, db):
    client.force_login(person("ada", *RIGHTS, "resend_deadletter"))
    return client


@pytest.fixture
def over(tell, small):
    """A conversation that is over and has nothing on its way: its page says the same in a minute."""
    session = tell()
    id = small.hget(key("ids"), session).decode()
    old = {"userSaidAt": 1, "agentSaidAt": 1, "status": "Closed", "endedAt": 2, "openedAt": 1, "acceptedAt": 2}
    small.hset(key("hash", id), mapping=old)
    for lane in ("salesforce", "integration"):
        small.delete(key("lane", id, lane))
    return session, id


def again(browser, path, tag):
    return browser.get(path, headers={"If-None-Match": tag}).status_code


def tag_of(browser, path):
    answer = browser.get(path, headers={"If-None-Match": NONE})
    assert answer.status_code == 200
    return answer.headers["ETag"]


def test_the_list_is_sent_again_when_a_row_of_it_changed(browser, over, small):
    tag = tag_of(browser, URL)
    assert again(browser, URL, tag) == 304
    small.hset(key("hash", over[1]), "agentName", "Mar")
    assert again(browser, URL, tag) == 200


def test_the_list_is_sent_again_when_one_came(browser, over, tell):
    tag = tag_of(browser, URL)
    tell(user="5215512340000")
    assert again(browser, URL, tag) == 200


def test_a_page_is_told_as_unchanged_while_it_is(browser, over):
    path = f"{URL}{over[0]}/change/"
    assert again(browser, path, tag_of(browser, path)) == 304


def said(small, browser, session, id):
    small.xadd(key("messages", id), {"n": "9", "lane": "integration", "item": '["text", "agent", "Adiós", ""]'})


def told(small, browser, session, id):
    small.xadd(key("events", id), {"type": "ChatEnded", "data": "{}", "at": "1"})


def moved(small, browser, session, id):
    small.hset(key("hash", id), mapping={"status": "Failed", "reason": "no agent"})


def put_off(small, browser, session, id):
    small.hset(key("hash", id), "handover", "switching")


def noted(small, browser, session, id):
    assert browser.post(f"{URL}{session}/note/", {"reason": "called back"}).status_code == 302


def unmasked(small, browser, session, id):
    assert browser.post(f"{URL}{session}/unmask/").status_code == 302


def given_up(small, browser, session, id):
    small.xadd(
        key("dead"), {"id": id, "session": session, "lane": "integration", "number": "1", "item": "x", "at": 1}
    )


@pytest.mark.parametrize("change", [said, told, moved, put_off, noted, unmasked, given_up])
def test_a_page_is_sent_again_after_each_change(browser, over, small, change):
    path = f"{URL}{over[0]}/change/"
    tag = tag_of(browser, path)
    change(small, browser, *over)
    assert again(browser, path, tag) == 200


def test_while_a_message_waits_a_page_is_always_sent_whole(browser, over, small):
    small.rpush(key("lane", over[1], "salesforce"), '9 0 ["text", "user", "¿Hola?", ""]')
    answer = browser.get(f"{URL}{over[0]}/change/", headers={"If-None-Match": NONE})
    assert answer.status_code == 200
    assert "ETag" not in answer.headers


def test_a_tag_is_no_way_around_rights(browser, over, client, db):
    paths = (URL, f"{URL}{over[0]}/change/")
    tags = [tag_of(browser, path) for path in paths]
    browser.force_login(person("nobody"))
    assert [again(browser, path, tag) for path, tag in zip(paths, tags, strict=True)] == [403, 403]
    browser.force_login(person("vera", "view_interconnection"))
    assert [again(browser, path, tag) for path, tag in zip(paths, tags, strict=True)] == [200, 200]


@pytest.mark.parametrize("question", ["", "?status__exact=Active&o=0&p=2"])
def test_the_rows_are_drawn_as_django_would(knower, full, question):
    answer = knower.get(URL + question)
    listed = answer.context["cl"]
    theirs = ["".join(cells).replace(" nowrap", "") for cells in results(listed)]
    assert listed.table == theirs
    assert re.findall(r"<tr>(<t[dh] .+?)</tr>", answer.content.decode().split("<tbody>")[1]) == theirs
    assert len(theirs) == 50


@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_a_moment_in_the_list_is_written_as_everywhere(viewer, full, language):
    page = viewer.get(URL, headers={"Accept-Language": language}).content.decode()
    [first, *_] = re.findall(r'class="field-opened"><a [^>]+><span title="([^"]+)">', page)
    opened = datetime.fromisoformat(full[0].fields()["timestamp"]).astimezone(UTC)
    assert first == date_format(timezone.localtime(opened), "DATETIME_FORMAT")
