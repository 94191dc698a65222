"""Pausing the new hand-overs of bots: who may, what is kept, and that nothing is done twice."""

import pytest
from django.contrib.admin.models import LogEntry

from interconnections.models import Bot, BotAccess
from tests.admin.conftest import person

URL = "/admin/interconnections/bot/"
WHY = "the desk moves house"


@pytest.fixture
def bots(db):
    return [Bot.objects.create(slug=slug) for slug in ("tienda", "banco")]


@pytest.fixture
def operator(client, bots):
    client.force_login(person("olga", "view_bot", "pause_bot"))
    return client


def press(browser, path, **fields):
    return browser.post(URL + path, {"reason": WHY} | fields, follow=True).content.decode()


def test_a_bot_is_paused_with_a_text_and_let_in_again(operator, bots):
    path = f"{bots[0].pk}/"
    assert "../pause/" in operator.get(f"{URL}{path}change/").content.decode()
    assert "back at the bot" in operator.get(f"{URL}{path}pause/").content.decode()
    assert "Say why" in press(operator, f"{path}pause/", reason=" ")
    assert "1 bot hands nobody over" in press(operator, f"{path}pause/", text="Back at nine.")
    bot = Bot.objects.get(slug="tienda")
    assert (bot.paused, bot.pause_text) == (True, "Back at nine.")
    assert "Back at nine." in operator.get(URL).content.decode()
    assert "../resume/" in operator.get(f"{URL}{path}change/").content.decode()
    assert "1 bot hands over again." in press(operator, f"{path}resume/")
    bot.refresh_from_db()
    assert (bot.paused, bot.pause_text) == (False, "")
    told = [entry.change_message for entry in LogEntry.objects.order_by("pk")]
    assert told == [f"Paused new hand-overs: {WHY}", f"Let new hand-overs in again: {WHY}"]


def test_twice_does_nothing_twice(operator, bots):
    for _ in range(2):
        page = press(operator, f"{bots[0].pk}/pause/", text="Back at nine.")
    assert "It was so already." in page
    assert LogEntry.objects.count() == 1


def test_several_are_paused_from_the_list(operator, bots):
    chosen = [str(bot.pk) for bot in bots]
    asked = operator.post(URL, {"action": "pause", "_selected_action": chosen}).content.decode()
    assert f'action="{URL}pause/"' in asked
    assert "2 bots hand nobody over" in press(operator, "pause/", chosen=",".join(chosen))
    assert Bot.objects.filter(paused=True).count() == 2


def test_only_with_the_right_and_only_the_bots_that_one_is_given(client, bots):
    eve = person("eve", "view_bot", "change_bot")
    client.force_login(eve)
    assert "../pause/" not in client.get(f"{URL}{bots[0].pk}/change/").content.decode()
    assert client.post(f"{URL}{bots[0].pk}/pause/", {"reason": WHY}).status_code == 403
    assert client.post(f"{URL}pause/", {"reason": WHY, "chosen": str(bots[0].pk)}).status_code == 403
    olga = person("olga", "view_bot", "pause_bot")
    BotAccess.objects.create(user=olga, bot=bots[1])
    client.force_login(olga)
    press(client, f"{bots[0].pk}/pause/")
    press(client, "pause/", chosen=",".join(str(bot.pk) for bot in bots))
    assert list(Bot.objects.filter(paused=True)) == [bots[1]]
