"""A configuration row that cannot be read costs its own bot, or its org's bots, and nobody else: it says so."""

import json
from itertools import product

import pytest
from django.core import serializers
from django.core.management import call_command
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from interconnections import directory
from interconnections.doctor.examination import bot_sentences, said_by_clean
from interconnections.models import Bot, Route, SalesforceOrg
from tests.doctor.conftest import levels

WRONG = [None, 52, -1, 1.5, 1e300, True, "text", "", [], [5, None], ["a"], [["a"]], {}, {"a": 1}, {"goodbye": 5}]


@pytest.fixture
def other(org):
    """Somebody else's bot, of another org, which must not notice."""
    theirs = SalesforceOrg.objects.create(
        name="Other", chat_url=org.chat_url, organization_id="00D000000000009", deployment_id="572000000000009"
    )
    bot = Bot.objects.create(slug="otra", org=theirs, api_url=org.chat_url)
    Route.objects.create(bot=bot, button_id="573000000000009")
    return bot


def fixture(row, **fields):
    entry = {"model": f"interconnections.{type(row)._meta.model_name}", "pk": row.pk, "fields": fields}
    return json.dumps([entry])


def loaded(tmp_path, text):
    """As an operator loads it."""
    file = tmp_path / "row.json"
    file.write_text(text)
    call_command("loaddata", str(file), verbosity=0)


def kept(text):
    """What loaddata does with a file, without the command around it; False when Django itself refuses the row."""
    try:
        with transaction.atomic():
            for each in serializers.deserialize("json", text):
                each.save()
    except (DeserializationError, DatabaseError, ValueError, TypeError, AttributeError, OverflowError):
        return False
    return True


def plain(row):
    return {
        field.name: json.loads(json.dumps(field.value_from_object(row), default=lambda secret: secret.reveal()))
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


@pytest.mark.parametrize("model", [Bot, Route, SalesforceOrg])
def test_every_field_with_every_wrong_kind_of_value(model, bot, other):
    row = model.objects.order_by("pk").first()
    fields = plain(row)
    for name, value in product(set(fields) - {"slug", "name", "org", "bot"}, WRONG):
        if not kept(fixture(row, **fields | {name: value})):
            continue
        known = directory.snapshot()
        assert known["otra"].wrong == ""
        assert known["otra"].org.wrong == ""
        assert known["otra"].routes[""][0].button_id == "573000000000009"
        assert "tienda" in known
        bot_sentences(Bot.objects.get(slug="tienda"))
        said_by_clean(SalesforceOrg.objects.get(name="Acme"))


UNREADABLE = {
    "phone_prefixes": 52, "restart_keywords": {"a": 1}, "ignored_types": [{}], "media_hosts": 7, "texts": [],
    "provider": "telegram", "webhook_auth": "nothing", "state_delay": 1e300,
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_the_bot_itself_says_what_is_wrong_everywhere(name, bot, other, tmp_path, doctor, client, django_user_model):
    loaded(tmp_path, fixture(bot, **plain(bot) | {name: UNREADABLE[name]}))
    words = str(Bot._meta.get_field(name).verbose_name)
    assert words in directory.snapshot()["tienda"].wrong
    code, found, _ = doctor("--json")
    assert code == 1
    assert [what for what in levels(found, "error") if what.startswith(f"tienda: {words}: ")]
    assert not [what for what in levels(found, "error") if what.startswith("otra: ") and words in what]
    client.force_login(django_user_model.objects.create_superuser("chief"))
    for page in ("", f"{bot.pk}/change/"):
        shown = client.get(f"/admin/interconnections/bot/{page}", headers={"Host": "bridge.example.org"})
        assert shown.status_code == 200
        assert f"{words}: " in shown.content.decode().casefold()


def test_an_org_that_cannot_be_read_costs_its_own_bots(bot, other, tmp_path):
    loaded(tmp_path, fixture(bot.org, **plain(bot.org) | {"custom_fields_case": 7}))
    known = directory.snapshot()
    assert "fields of the case" in known["tienda"].org.wrong
    assert known["otra"].org.wrong == ""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone lets a column hold whatever comes")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("roles_again")
def test_what_hand_written_sql_stores_is_no_exception_either(bot, other):
    for name, value in {"api_token": b"\xff", "state_delay": "soon", "bot_id": b"\xff", "org_id": 999}.items():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute(f"UPDATE interconnections_bot SET {name} = %s WHERE slug = 'tienda'", [value])
        known = directory.snapshot()
        assert known["otra"].wrong == ""
        assert known["tienda"].wrong
        assert bot_sentences(Bot.objects.get(slug="tienda"))
    Bot.objects.filter(slug="tienda").delete()


TROUBLES = [InterfaceError, OperationalError, TypeError, RuntimeError, OSError, RecursionError, UnicodeDecodeError]


@pytest.mark.django_db  # the thread that asks may have a connection of an earlier test to close
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_whatever_happens_to_the_database_the_last_snapshot_serves(trouble, monkeypatch):
    known = directory.Directory()
    monkeypatch.setattr(directory, "snapshot", lambda before: {"tienda": "as it was"})
    assert await known.bots() == {"tienda": "as it was"}

    def fail(before):
        raise trouble(*(("utf-8", b"", 0, 1, "x") if trouble is UnicodeDecodeError else ("gone",)))

    monkeypatch.setattr(directory, "snapshot", fail)
    for _ in range(3):
        known._read_at -= 2 * directory.STALE
        assert await known.bots() == {"tienda": "as it was"}
        assert await known.bot("tienda") == "as it was"
