"""Draining workers: who may, that the last one stays, and that nothing is done twice."""

import pytest
from django.contrib.admin.models import LogEntry

from interconnections.models import Bot, BotAccess
from interconnections.store.keys import key
from tests.admin.conftest import person

URL = "/admin/interconnections/worker/"
WHY = "the machine is changed"


@pytest.fixture
def operator(client, db, small):
    small.zadd(key("workers"), {"day": 9e15, "night": 9e15})
    client.force_login(person("olga", "drain_worker"))
    return client


def press(browser, name, act):
    return browser.post(f"{URL}{name}/{act}/", {"reason": WHY}, follow=True).content.decode()


def test_a_worker_is_drained_once_and_let_take_again(operator):
    assert f"{URL}day/drain/" in operator.get(URL).content.decode()
    assert "takes no more" in operator.get(f"{URL}day/drain/").content.decode()
    assert "Say why" in operator.post(f"{URL}day/drain/", {"reason": " "}).content.decode()
    page = press(operator, "day", "drain")
    assert "The worker day gives its conversations to the others." in page
    assert f"{URL}day/undrain/" in page
    assert "The worker day: it was so already." in press(operator, "day", "drain")
    assert "The worker night is the last" in press(operator, "night", "drain")
    assert "The worker day takes conversations again." in press(operator, "day", "undrain")
    told = [(entry.object_repr, entry.change_message) for entry in LogEntry.objects.order_by("pk")]
    assert told == [("day", f"Drained the worker: {WHY}"), ("day", f"Let the worker take again: {WHY}")]


def test_one_that_runs_no_more_is_said_to(operator):
    assert "The worker noon runs no more." in press(operator, "noon", "drain")


def test_only_with_the_right_and_with_all_bots(client, db, small):
    small.zadd(key("workers"), {"day": 9e15, "night": 9e15})
    eve, olga = person("eve", "view_board"), person("olga", "drain_worker")
    BotAccess.objects.create(user=olga, bot=Bot.objects.create(slug="tienda"))
    for somebody in (eve, olga):
        client.force_login(somebody)
        assert client.get(URL).status_code == 403
        assert client.post(f"{URL}day/drain/", {"reason": WHY}).status_code == 403
    assert not small.exists(key("draining"))


def test_without_redis_the_page_says_so(client, db, away):
    client.force_login(person("olga", "drain_worker"))
    assert client.get(URL).status_code == 503
    assert client.post(f"{URL}day/drain/", {"reason": WHY}).status_code == 503
