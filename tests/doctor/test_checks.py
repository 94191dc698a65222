"""Django's own checks know what the doctor knows: `check --deploy` of the settings, `--database` of the rows."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from interconnections.models import Bot, Route, SalesforceOrg


def told(*arguments):
    """(did it pass, what it printed)"""
    out = StringIO()
    try:
        call_command("check", *arguments, stdout=out, stderr=out)
    except SystemCheckError as refusal:
        return False, str(refusal)
    return True, out.getvalue()


def test_a_healthy_installation_has_no_word_of_ours(bot, settings):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://bridge.example.org", ["bridge.example.org"]
    _, words = told("--deploy", "--database", "default")
    assert "interconnections." not in words


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PUBLIC_URL", "", "PUBLIC_URL is not set"),
        ("PUBLIC_URL", "http://bridge.example.org", "PUBLIC_URL is not https"),
        ("PUBLIC_URL", "https://elsewhere.example.org", "is not in ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS has '*'"),
        ("SECRET_KEY", "short", "SECRET_KEY is short"),
        ("DEBUG", True, "DEBUG is on"),
    ],
)
def test_settings_are_asked_about_before_a_deploy(name, value, sentence, settings):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://bridge.example.org", ["bridge.example.org"]
    setattr(settings, name, value)
    passed, words = told("--deploy")
    assert sentence in words
    assert passed is ("elsewhere" not in str(value))
    assert sentence not in told()[1]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda: Bot.objects.update(phone_prefixes=52), "tienda: prefixes of phones: This must be a list"),
        (lambda: Bot.objects.update(webhook_auth="none"), "anyone can speak as any user"),
        (lambda: Bot.objects.update(api_url="http://api.example.com"), "travel in the clear"),
        (lambda: Route.objects.all().delete(), "no route leads to a button"),
        (lambda: Route.objects.update(button_id="x"), "is not a button id"),
        (lambda: SalesforceOrg.objects.update(auth_flow="password"), "Acme: username: This login needs it"),
        (lambda: SalesforceOrg.objects.update(custom_fields_case=[]), "Acme: fields of the case: "),
    ],
)
def test_rows_are_asked_about_with_the_database(spoil, sentence, bot):
    spoil()
    passed, words = told("--database", "default")
    assert passed  # migrate asks the same, and must not stop at a bot
    assert sentence in words
    assert told("--database", "default", "--fail-level", "WARNING")[0] is False
    assert sentence not in told()[1]


def test_a_secret_that_no_key_opens_is_told(bot, settings):
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert "no key opens its" in told("--database", "default")[1]


def test_no_secret_is_told(bot):
    Bot.objects.update(phone_prefixes=52, api_url="http://user:hunter2@api.example.com")
    assert "hunter2" not in told("--database", "default")[1]
