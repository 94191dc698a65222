"""Who is given some bots sees these alone: on every page, in every choice, whatever they post."""

import pytest
from django.contrib.admin.models import LogEntry

from interconnections.models import Bot, BotAccess, Route, SalesforceOrg
from interconnections.store.connection import for_pages
from interconnections.store.keys import key
from tests.admin.conftest import person

URL = "/admin/interconnections/"
ALL = (
    "view_interconnection close_interconnection unmask_interconnection view_deadletter resend_deadletter view_bot "
    "add_bot change_bot view_route add_route change_route view_salesforceorg add_salesforceorg change_salesforceorg"
)


@pytest.fixture
def configured(db):
    orgs = [SalesforceOrg.objects.create(name=name) for name in ("ours", "theirs")]
    bots = [Bot.objects.create(slug=slug, org=org) for slug, org in zip(("banco", "tienda"), orgs, strict=True)]
    return [Route.objects.create(bot=bot, flow=bot.slug, button_id="5731a0000000001") for bot in bots]


@pytest.fixture
def clerk(client, configured):
    """Given the bot banco; what the stories tell is tienda's."""
    user = person("carla", *ALL.split())
    BotAccess.objects.create(user=user, bot=Bot.objects.get(slug="banco"))
    client.force_login(user)
    return client


def test_another_bots_conversations_are_not_there(clerk, tell):
    session = tell()
    assert session not in clerk.get(f"{URL}interconnection/").content.decode()
    assert f"{session}/change/" not in clerk.get(f"{URL}interconnection/", {"q": session}).content.decode()
    assert session not in clerk.get(f"{URL}interconnection/", {"bot_slug": "tienda"}).content.decode()
    for path in ("change", "history", "end"):
        assert clerk.get(f"{URL}interconnection/{session}/{path}/").status_code == 302
    assert clerk.get(f"{URL}interconnection/{session}/change/").headers["Location"] == "/admin/"


def test_another_bots_conversation_is_neither_ended_nor_unmasked_by_a_forged_post(clerk, tell, small):
    session = tell()
    clerk.post(f"{URL}interconnection/{session}/end/", {"reason": "forged"})
    clerk.post(f"{URL}interconnection/{session}/unmask/")
    forged = {"action": "end_conversations", "_selected_action": [session], "reason": "forged"}
    clerk.post(f"{URL}interconnection/", forged)
    id = small.hget(key("ids"), session).decode()
    assert small.hget(key("hash", id), "leaving") in (None, b"")
    assert LogEntry.objects.count() == 0


def test_the_filter_offers_their_bots_only(clerk, tell):
    tell()
    assert "?bot_slug=tienda" not in clerk.get(f"{URL}interconnection/").content.decode()


def test_another_bots_dead_letters_are_neither_seen_nor_dropped(clerk, tell, small):
    session = tell()
    assert session not in clerk.get(f"{URL}deadletter/").content.decode()
    letters = [id.decode() for id, _ in small.xrange(key("dead"))]
    assert letters
    clerk.post(f"{URL}deadletter/", {"letter": letters, "drop": "1", "reason": "x"})
    clerk.post(f"{URL}deadletter/", {"letter": letters, "resend": "1", "reason": "x"})
    assert [id.decode() for id, _ in small.xrange(key("dead"))] == letters


def test_webhooks_that_nobody_could_read_are_their_bots(clerk, small):
    row = {"id": "", "session": "", "lane": "webhook", "number": "", "item": "[]", "at": 1764086400000}
    for bot in ("banco", "tienda"):
        for_pages().xadd(key("dead"), row | {"why": f"{bot}: odd"})
    page = clerk.get(f"{URL}deadletter/").content.decode()
    assert "banco: odd" in page
    assert "tienda: odd" not in page


@pytest.mark.parametrize("model", ["bot", "route", "salesforceorg"])
def test_other_bots_configuration_is_not_there(model, clerk, configured):
    other = {"bot": configured[1].bot, "route": configured[1], "salesforceorg": configured[1].bot.org}[model]
    ours = {"bot": configured[0].bot, "route": configured[0], "salesforceorg": configured[0].bot.org}[model]
    assert clerk.get(f"{URL}{model}/{other.pk}/change/").status_code == 302
    assert clerk.get(f"{URL}{model}/{ours.pk}/change/").status_code == 200
    page = clerk.get(f"{URL}{model}/").content.decode()
    assert f"{model}/{ours.pk}/change/" in page
    assert f"{model}/{other.pk}/change/" not in page
    assert clerk.get(f"{URL}{model}/add/").status_code == 403


def test_a_forged_route_does_not_reach_another_bot(clerk, configured):
    ours, other = configured
    form = {"bot": other.bot.pk, "flow": "forged", "button_id": "5731a0000000001", "share": 100}
    page = clerk.post(f"{URL}route/{ours.pk}/change/", form).content.decode()
    assert "Select a valid choice" in page
    assert not Route.objects.filter(flow="forged").exists()


def test_whose_only_bot_is_deleted_sees_nothing(clerk, tell):
    session = tell()
    Bot.objects.get(slug="banco").delete()
    assert session not in clerk.get(f"{URL}interconnection/").content.decode()


def test_who_is_given_two_bots_sees_both(clerk, tell, django_user_model):
    session = tell()
    carla = django_user_model.objects.get(username="carla")
    BotAccess.objects.create(user=carla, bot=Bot.objects.get(slug="tienda"))
    assert session in clerk.get(f"{URL}interconnection/").content.decode()
    assert clerk.get(f"{URL}interconnection/{session}/change/").status_code == 200
