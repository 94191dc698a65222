"""Which bots a user is given: on the user's page, by who may change users."""

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.core.management import call_command

from interconnections.models import Bot, BotAccess, SalesforceOrg, bots_of
from tests.admin.conftest import person

USERS = "/admin/auth/user/"


@pytest.fixture
def bots(db):
    org = SalesforceOrg.objects.create(name="Acme")
    return [Bot.objects.create(slug=slug, org=org) for slug in ("ventas", "soporte")]


def form(user, *bots):
    rows = {"bot_access-TOTAL_FORMS": len(bots), "bot_access-INITIAL_FORMS": 0}
    for n, bot in enumerate(bots):
        rows |= {f"bot_access-{n}-bot": bot.pk, f"bot_access-{n}-user": user.pk}
    return rows | {"username": user.username, "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00",
                   "is_active": "on"}  # fmt: skip


def test_who_administers_users_gives_them_bots(client, bots):
    caller = User.objects.create_user("shop-bot")
    client.force_login(person("keeper", "view_user", "change_user", "view_bot"))
    page = client.get(f"{USERS}{caller.pk}/change/").content.decode()
    assert "Bots: only these; with none here, all bots" in page
    assert client.post(f"{USERS}{caller.pk}/change/", form(caller, bots[0])).status_code == 302
    assert bots_of(caller) == {"ventas"}


def test_who_may_only_look_at_users_gives_nothing(client, bots):
    caller = User.objects.create_user("shop-bot")
    BotAccess.objects.create(user=caller, bot=bots[0])
    client.force_login(person("viewer", "view_user"))
    assert "ventas" in client.get(f"{USERS}{caller.pk}/change/").content.decode()
    assert client.post(f"{USERS}{caller.pk}/change/", form(caller, bots[1])).status_code == 403
    assert bots_of(caller) == {"ventas"}


@pytest.mark.parametrize(
    ("browser", "words"),
    [("es", "Bots: solo estos; si no hay ninguno, todos"), ("pt-BR", "Bots: só estes; se não houver nenhum, todos")],
)
def test_it_is_said_in_the_readers_language(chief, bots, browser, words):
    caller = User.objects.create_user("shop-bot")
    page = chief.get(f"{USERS}{caller.pk}/change/", headers={"Accept-Language": browser}).content.decode()
    assert words in page


def test_a_new_user_is_made_as_ever(chief):
    assert chief.get(f"{USERS}add/").status_code == 200


def test_given_none_is_given_all_and_superusers_always_are(bots):
    caller, chief = User.objects.create_user("shop-bot"), User.objects.create_superuser("chief")
    assert bots_of(caller) is None
    BotAccess.objects.create(user=chief, bot=bots[0])
    assert bots_of(chief) is None


def test_a_bot_that_is_deleted_does_not_open_all_others(bots):
    caller = User.objects.create_user("shop-bot")
    BotAccess.objects.create(user=caller, bot=bots[0])
    bots[0].delete()
    assert bots_of(caller) == set()
    assert str(BotAccess.objects.get()) == "a bot that is no more"


def test_a_fixture_names_user_and_bot_by_what_people_call_them(bots, tmp_path):
    caller = User.objects.create_user("shop-bot")
    given = BotAccess.objects.create(user=caller, bot=bots[0])
    text = serializers.serialize("json", [given], use_natural_foreign_keys=True, use_natural_primary_keys=True)
    given.delete()
    (tmp_path / "access.json").write_text(text)
    call_command("loaddata", tmp_path / "access.json", verbosity=0)
    call_command("loaddata", tmp_path / "access.json", verbosity=0)
    assert bots_of(caller) == {"ventas"}
    assert '"shop-bot"' in text
    assert '"ventas"' in text
