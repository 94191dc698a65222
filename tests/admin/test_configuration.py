"""The forms of the configuration: secrets are typed, kept, cleared, and never shown."""

import json
import re
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from interconnections.models import Bot, Route, SalesforceOrg
from interconnections.secret import Secret
from tests.admin.conftest import person

BOT, ORG = "/admin/interconnections/bot/", "/admin/interconnections/salesforceorg/"
PLAIN = {"api_token": "tok-plain-1", "webhook_secret": "hook-plain-2", "verify_token": "ver-plain-3"}
PEM = "-----BEGIN PRIVATE KEY-----\nMIIE\nabcd\n-----END PRIVATE KEY-----"


@pytest.fixture
def org(db):
    return SalesforceOrg.objects.create(
        name="Acme", chat_url="https://d.example.com/chat", organization_id="00D000000000001",
        deployment_id="572000000000001", private_key=Secret(PEM), client_secret=Secret("org-plain-4"),
    )  # fmt: skip


@pytest.fixture
def bot(org):
    return Bot.objects.create(
        slug="tienda",
        org=org,
        api_url="https://api.example.com",
        **{name: Secret(text) for name, text in PLAIN.items()},
    )


def form_of(page):
    """What a browser would send back from this page, unchanged."""
    form, data = page.context["adminform"].form, {}
    for name, field in form.fields.items():
        value = form[name].value()
        prepared = field.prepare_value(value)
        data[name] = "" if isinstance(value, Secret) or prepared is None else prepared
    for formset in page.context["inline_admin_formsets"]:
        data |= {f"{formset.formset.prefix}-{name}": count for name, count in
                 (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))}  # fmt: skip
    return data


def save(browser, url, **changes):
    data = form_of(browser.get(url)) | changes
    return browser.post(url, {name: value for name, value in data.items() if value is not None})


def stored(name, table="bot"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM interconnections_{table}")
        return cursor.fetchone()[0]


def test_no_secret_is_on_any_page(chief, bot, org):
    person("looker", "view_bot", "view_salesforceorg")
    pages = [chief.get(path) for path in (BOT, ORG, f"{BOT}{bot.pk}/change/", f"{ORG}{org.pk}/change/",
                                          f"{BOT}{bot.pk}/history/", f"{BOT}{bot.pk}/delete/")]  # fmt: skip
    chief.login(username="looker", password="long enough")
    pages += [chief.get(f"{BOT}{bot.pk}/change/"), chief.get(f"{ORG}{org.pk}/change/")]
    for page in pages:
        assert page.status_code == 200
        for secret in (*PLAIN.values(), "org-plain-4", "MIIE", stored("api_token")):
            assert secret not in page.content.decode()
    assert pages[2].content.decode().count("A secret is stored. Blank keeps it.") == 3
    assert 'autocomplete="new-password"' in pages[2].content.decode()
    assert "A secret is stored." in pages[-1].content.decode()  # who may only look sees that it is there


def test_blank_keeps_typed_replaces_and_the_tick_clears(chief, bot):
    url = f"{BOT}{bot.pk}/change/"
    assert save(chief, url, language="en-US", api_token="new-token").status_code == 302
    bot.refresh_from_db()
    assert bot.language == "en-US"
    assert bot.api_token == Secret("new-token")
    assert bot.webhook_secret == Secret("hook-plain-2")

    assert save(chief, url, **{"verify_token-clear": "on"}).status_code == 302
    bot.refresh_from_db()
    assert bot.verify_token == Secret("")
    assert bot.api_token == Secret("new-token")

    both = save(chief, url, verify_token="another", **{"verify_token-clear": "on"})
    assert "not both" in both.content.decode()


def test_a_pem_keeps_its_line_ends(chief, org):
    typed = PEM.replace("abcd", "efgh")
    assert save(chief, f"{ORG}{org.pk}/change/", private_key=typed.replace("\n", "\r\n")).status_code == 302
    org.refresh_from_db()
    assert org.private_key.reveal() == typed


def test_a_form_with_errors_does_not_repeat_the_secret_and_asks_for_it_again(chief, bot):
    page = save(chief, f"{BOT}{bot.pk}/change/", api_token="typed-once", timezone="Mars/Olympus").content.decode()
    assert "There is no time zone" in page
    assert "typed-once" not in page
    assert "Type it again" in page


def test_the_history_names_the_field_and_not_the_value(chief, bot):
    save(chief, f"{BOT}{bot.pk}/change/", api_token="in-no-history")
    [entry] = LogEntry.objects.all()
    assert json.loads(entry.change_message) == [{"changed": {"fields": ["API token"]}}]
    save(chief, f"{BOT}{bot.pk}/change/")
    assert json.loads(LogEntry.objects.first().change_message) == []


def test_a_new_bot_gets_a_webhook_secret_when_none_is_typed(chief, org):
    new = {"slug": "nuevo", "org": org.pk, "api_url": "https://api.example.com"}
    page = chief.get(f"{BOT}add/")
    assert save(chief, f"{BOT}add/", **new).status_code == 302
    made = Bot.objects.get(slug="nuevo").webhook_secret.reveal()
    assert len(made) > 30
    assert made not in page.content.decode()
    assert save(chief, f"{BOT}add/", **new | {"slug": "suyo"}, webhook_secret="my-own").status_code == 302
    assert Bot.objects.get(slug="suyo").webhook_secret.reveal() == "my-own"


@pytest.mark.parametrize(("platform", "provider"), [("whatsapp_cloud", "whatsapp"), ("messenger", "messenger")])
def test_no_secret_is_made_up_where_only_the_platform_knows_it(platform, provider, chief, org):
    new = {"slug": "meta", "org": org.pk, "platform": platform, "provider": provider, "bot_id": "700100200300"}
    new |= {"app_id": "555000111", "api_token": "a-token", "verify_token": "agreed", "webhook_auth": "signature"}
    page = save(chief, f"{BOT}add/", **new)
    assert "give the App secret" in page.content.decode()
    assert save(chief, f"{BOT}add/", **new, webhook_secret="of-the-app").status_code == 302
    assert save(chief, f"{BOT}{Bot.objects.get().pk}/change/").status_code == 302  # blank keeps it, as ever


def test_routes_are_edited_with_their_bot(chief, bot):
    url = f"{BOT}{bot.pk}/change/"
    inline = {
        "routes-TOTAL_FORMS": "1", "routes-INITIAL_FORMS": "0", "routes-0-flow": "", "routes-0-share": "100",
        "routes-0-button_id": "nonsense",
    }  # fmt: skip
    assert "is not a button id" in save(chief, url, **inline).content.decode()
    assert save(chief, url, **inline | {"routes-0-button_id": "573000000000001"}).status_code == 302
    assert str(Route.objects.get()) == "tienda: every other flow"
    assert chief.get("/admin/interconnections/route/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("platform", "telegram", "telegram is not one of"),
        ("org", "", "Choose the Salesforce org whose agents"),
        ("api_url", "api.example.com", "whole address"),
        ("timezone", "Mexico", "no time zone"),
        ("state_delay", "-1", "cannot be negative"),
        ("texts", '{"hello": "x"}', "no text called"),
        ("texts", "{", "valid JSON"),
        ("phone_prefixes", "[1, 2]", "list of texts"),
        ("phone_prefixes", "[52", "not valid JSON"),
    ],
)
def test_a_value_that_would_not_work_gets_its_sentence(field, value, sentence, chief, bot):
    page = save(chief, f"{BOT}{bot.pk}/change/", **{field: value})
    assert page.status_code == 200
    assert sentence in page.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("chat_url", "d.example.com", "whole address"),
        ("organization_id", "123", "begins with 00D"),
        ("deployment_id", "573000000000001", "begins with 572"),
        ("api_version", "46", "At least 47"),
        ("custom_fields_case", "[]", "JSON object"),
    ],
)
def test_an_org_that_would_not_work_gets_its_sentence(field, value, sentence, chief, org):
    page = save(chief, f"{ORG}{org.pk}/change/", **{field: value})
    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_lists_are_typed_with_commas(chief, bot):
    url = f"{BOT}{bot.pk}/change/"
    assert 'value="521, 52"' in chief.get(url).content.decode()
    assert save(chief, url, restart_keywords=" menu, inicio ,", media_hosts='["a.b", "c"]').status_code == 302
    bot.refresh_from_db()
    assert (bot.restart_keywords, bot.media_hosts, bot.phone_prefixes) == (
        ["menu", "inicio"],
        ["a.b", "c"],
        ["521", "52"],
    )
    assert save(chief, url, restart_keywords="").status_code == 302
    bot.refresh_from_db()
    assert bot.restart_keywords == []
    bot.restart_keywords = ["one, two", "three"]
    bot.save()
    assert save(chief, url).status_code == 302
    bot.refresh_from_db()
    assert bot.restart_keywords == ["one, two", "three"]


# Keys and files


def test_a_rotated_key_still_opens_and_the_first_one_seals(bot, settings):
    old = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *old]
    bot = Bot.objects.get()
    assert bot.api_token.reveal() == "tok-plain-1"
    bot.save()
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert Bot.objects.get().api_token.reveal() == "tok-plain-1"


def test_a_secret_that_no_key_opens_is_shown_as_such_and_kept(chief, bot, settings):
    right = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    url = f"{BOT}{bot.pk}/change/"
    assert "no key opens it: type it again" in chief.get(url).content.decode()
    assert save(chief, url, webhook_secret="typed-again").status_code == 302
    assert Bot.objects.get().webhook_secret.reveal() == "typed-again"
    settings.ENCRYPTION_KEYS = [*right, *settings.ENCRYPTION_KEYS]
    assert Bot.objects.get().api_token.reveal() == "tok-plain-1"
    for path in (BOT, f"{BOT}{bot.pk}/history/"):
        assert chief.get(path).status_code == 200


def test_dumpdata_holds_no_plaintext_and_no_conversation(bot, full):
    dumped = StringIO()
    call_command("dumpdata", "interconnections", stdout=dumped)
    rows = json.loads(dumped.getvalue())
    assert sorted(row["model"] for row in rows) == ["interconnections.bot", "interconnections.salesforceorg"]
    for secret in (*PLAIN.values(), "org-plain-4", "MIIE"):
        assert secret not in dumped.getvalue()


def test_what_was_dumped_can_be_loaded(bot, tmp_path):
    file = tmp_path / "dump.json"
    call_command("dumpdata", "interconnections", "--natural-foreign", "--natural-primary", output=str(file))
    Bot.objects.all().delete()
    SalesforceOrg.objects.all().delete()
    call_command("loaddata", str(file), verbosity=0)
    assert Bot.objects.get().api_token.reveal() == "tok-plain-1"
    assert SalesforceOrg.objects.get().private_key.reveal() == PEM


def test_a_fixture_with_plain_secrets_is_stored_encrypted(db, tmp_path):
    file = tmp_path / "seed.json"
    file.write_text(json.dumps([
        {"model": "interconnections.salesforceorg", "pk": 1, "fields": {"name": "Acme", "client_secret": "fix-1"}},
        {"model": "interconnections.bot", "fields": {
            "slug": "tienda", "org": ["Acme"], "api_token": "fix-2", "phone_prefixes": "521, 52",
            "media_hosts": ["a"],
        }},
        {"model": "interconnections.route", "fields": {"bot": ["tienda"], "button_id": "573000000000001"}},
    ]))  # fmt: skip
    call_command("loaddata", str(file), verbosity=0)
    assert Bot.objects.get().api_token.reveal() == "fix-2"
    assert Bot.objects.get().phone_prefixes == ["521", "52"]
    assert stored("client_secret", "salesforceorg").startswith("gAAAA")
    assert stored("api_token").startswith("gAAAA")
    assert Bot.objects.get().webhook_secret


def test_every_box_of_a_bots_routes_has_a_name_for_who_hears_the_page(chief):
    bot = Bot.objects.create(slug="oida")
    Route.objects.create(bot=bot)
    page = chief.get(f"/admin/interconnections/bot/{bot.pk}/change/").content.decode()
    boxes = re.findall(r'<(?:input|select)[^>]* name="routes-0-(?!id"|bot")[^>]*>', page)
    assert boxes
    assert [box for box in boxes if "aria-label=" not in box] == []


@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_what_counts_in_the_quota_stands_beside_its_field(language):
    with translation.override(language):
        label = str(Bot._meta.get_field("intake_limit").verbose_name)
    assert "webhooks" in label and "connect" in label
