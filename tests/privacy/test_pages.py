"""Forgetting and exporting from a conversation's page: with the right, a reason, and a word in the history."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User

from interconnections.models import Bot, BotAccess, Interconnection
from tests.privacy.conftest import NAME, USER, WORDS, in_redis

URL = "/admin/interconnections/interconnection/"
BOTH = ("forget", "export")


@pytest.fixture
def browser(client, ana):
    """Of somebody with these rights; `bots`: those that they are given."""

    def of(*rights, bots=()):
        user = User.objects.create_user("nora", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=("view_interconnection", *rights)))
        for slug in bots:
            BotAccess.objects.create(user=user, bot=Bot.objects.get_or_create(slug=slug)[0])
        client.force_login(user)
        return client

    return of


def test_a_person_is_forgotten_and_the_history_says_by_whom(browser, ana):
    page = browser("forget_user").post(f"{URL}{ana[0]}/forget/", {"reason": "they asked"}, follow=True)
    assert '"conversations": 2' in page.content.decode().replace("&quot;", '"')
    assert Interconnection.objects.filter(pk__in=ana).count() == 0
    assert not [value for name, value in in_redis().items() if USER in name + value or WORDS in value]
    entry = LogEntry.objects.get(user__username="nora")
    assert entry.change_message.startswith("Forgot the person (receipt ")
    assert entry.change_message.endswith(": they asked")


def test_a_person_is_exported_and_the_history_says_by_whom(browser, ana):
    answer = browser("export_user").post(f"{URL}{ana[0]}/export/", {"reason": "they asked"})
    assert answer["Content-Disposition"].startswith("attachment")
    assert {each["name"] for each in json.loads(answer.content)["conversations"]} == {NAME}
    entry = LogEntry.objects.get(user__username="nora")
    assert (entry.object_id, entry.change_message) == (
        ana[0], "Exported what is kept of the person: they asked"
    )  # fmt: skip


@pytest.mark.parametrize("what", BOTH)
def test_nothing_happens_without_a_reason_or_by_looking(what, browser, ana):
    client, before = browser("forget_user", "export_user"), in_redis()
    for page in (client.get(f"{URL}{ana[0]}/{what}/"), client.post(f"{URL}{ana[0]}/{what}/", {"reason": " "})):
        assert page.status_code == 200
        assert NAME not in page.content.decode()
    assert in_redis() == before
    assert not LogEntry.objects.filter(user__username="nora").exists()


@pytest.mark.parametrize("what", BOTH)
def test_a_forged_post_without_the_right_is_refused(what, browser, ana):
    client, before = browser("unmask_interconnection"), in_redis()
    assert client.post(f"{URL}{ana[0]}/{what}/", {"reason": "forged"}).status_code == 403
    assert in_redis() == before


@pytest.mark.parametrize("what", BOTH)
def test_another_bots_conversation_is_not_there(what, browser, ana):
    client, before = browser("forget_user", "export_user", bots=["banco"]), in_redis()
    assert client.post(f"{URL}{ana[0]}/{what}/", {"reason": "forged"}).headers["Location"] == "/admin/"
    assert in_redis() == before


def test_who_is_given_one_bot_answers_for_that_one(browser, ana):
    answer = browser("export_user", bots=["tienda"]).post(f"{URL}{ana[0]}/export/", {"reason": "asked"})
    assert json.loads(answer.content)["bots"] == ["tienda"]
