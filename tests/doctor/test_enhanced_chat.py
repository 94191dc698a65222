"""What is wrong with an org that speaks Enhanced Chat: the doctor says it, with what mends it."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from interconnections.desks.enhanced_chat.checks import seconds_ahead
from interconnections.models import Route, SalesforceOrg
from interconnections.secret import Secret
from tests.doctor.conftest import levels
from tests.simulator.enhanced import AUDIENCE, ISSUER, KID, jwk, other_key, private_key

ERROR, WARNING, OK = "error", "warning", "ok"


def pem(key):
    return Secret(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


@pytest.fixture
def enhanced(org, bot, stage, monkeypatch):
    """The bot's org speaks Enhanced Chat, and verifies its users; afterwards the simulated one is as it was."""
    rules, setup = stage.world.ask("GET", "/rules"), stage.world.ask("GET", "/enhanced")["setup"]
    keys = {"name": "bridgeKeys", "issuer": ISSUER, "audience": AUDIENCE, "keys": [jwk()]}
    stage.world.ask("PUT", "/enhanced", {"key_sets": [keys]})
    SalesforceOrg.objects.update(
        chat_api="enhanced_chat", es_developer_name="Bridge_Verified", deployment_id="", user_verification="jwt",
        verification_issuer=ISSUER, verification_audience=AUDIENCE, verification_key_id=KID,
        verification_key=pem(private_key()),
    )  # fmt: skip
    Route.objects.update(button_id="")
    yield org
    stage.world.ask("PUT", "/rules", rules)
    stage.world.ask("PUT", "/enhanced", setup)


def configured(**values):
    return lambda stage: SalesforceOrg.objects.update(**values)


def rules(**values):
    return lambda stage: stage.world.ask("PUT", "/rules", values)


def nothing(stage):
    """All is well."""


ANONYMOUS = {"user_verification": "none", "es_developer_name": "Bridge_Client"}
CASES = {
    "verified": (nothing, OK, "gives tokens, and verifies our users", ""),
    "anonymous": (configured(**ANONYMOUS), OK, "gives tokens to anonymous users", ""),
    "another key": (configured(verification_key=pem(other_key())), ERROR, "did not verify the user", "JSON Web Key"),
    "another issuer": (configured(verification_issuer="x"), ERROR, "did not verify the user", "issuer, audience"),
    "another key id": (configured(verification_key_id="x"), ERROR, "did not verify the user", "key id"),
    "verification says 401": (
        rules(verification_fails=True, verification_failure="401"), ERROR, "did not take who the user is", "issuer",
    ),
    "verification is off": (
        configured(es_developer_name="Bridge_Client"), ERROR, "no token to verified users", "Verification on",
    ),
    "verification is on": (
        configured(user_verification="none"), ERROR, "no token to anonymous users", "Switch User Verification off",
    ),
    "no Custom Client": (
        configured(**ANONYMOUS | {"es_developer_name": "Web_Widget"}), ERROR, "of the type 'web'", "Custom Client",
    ),
    "no such deployment": (configured(es_developer_name="Nope"), ERROR, "not know this deployment", "Snippet"),
    "no deployment": (configured(es_developer_name=""), ERROR, "DeveloperName in the Code Snippet", "Mend it"),
    "no key": (configured(verification_key=Secret("")), ERROR, "User verification needs it", "Mend it"),
    "too many tokens": (rules(token_requests_per_minute=0), WARNING, "too many were asked for", "in a minute"),
    "closed": (rules(business_hours="closed"), WARNING, "it is closed now", "Business Hours"),
    "hours not active": (rules(business_hours="inactive"), WARNING, "hours are not active", "Business Hours"),
    "no hours to come": (rules(business_hours="none"), WARNING, "it is closed now", "Business Hours"),
    "nothing told of hours": (rules(business_hours="missing"), OK, "gives tokens", ""),
    "away": (configured(chat_url="http://127.0.0.1:9"), ERROR, "127.0.0.1:9 does not answer", "firewall"),
    "parameter without underscore": (
        configured(routing_attributes={"name": "firstName"}), WARNING, "is called _firstName", "Mend it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_said_in_a_sentence(name, doctor, enhanced, stage):
    broken, level, sentence, mend = CASES[name]
    broken(stage)
    code, found, printed = doctor("--json")
    about = [one for one in found if one["group"] == "Salesforce orgs"]
    [finding, *_] = [one for one in about if sentence in one["what"]] or pytest.fail(printed)
    assert finding["level"] == level
    assert mend in finding.get("mend", "")
    if level == OK:
        assert not [one for one in about if one["level"] != OK], about
    assert (code == 1) == (level == ERROR)
    assert "PRIVATE KEY" not in printed


def test_each_deployment_that_a_route_names_is_asked_for(doctor, enhanced, bot, stage):
    Route.objects.create(bot=bot, flow="A", es_developer_name="Nope")
    _, found, _ = doctor("--json")
    [wrong] = [what for what in levels(found, ERROR) if "does not know" in what]
    assert "Nope (tienda, flow A)" in wrong


def test_an_org_that_only_a_route_names_is_asked(doctor, enhanced, bot):
    second = SalesforceOrg.objects.get()
    second.pk, second.name, second.es_developer_name = None, "Second", "Nope"
    second.save()
    Route.objects.create(bot=bot, org=second, share=10)
    _, found, _ = doctor("--json")
    assert [what for what in levels(found, ERROR) if what.startswith("Second: Nope")]


def test_shares_beyond_all_are_said(doctor, enhanced, bot):
    Route.objects.create(bot=bot, org=enhanced, share=100)
    other = SalesforceOrg.objects.create(name="Other")
    Route.objects.create(bot=bot, org=other, share=20)
    _, _, printed = doctor("--json")
    assert "make 120 percent" in printed


@pytest.mark.parametrize(
    ("date", "seconds"),
    [("Thu, 01 Jan 1970 00:16:40 GMT", 200), ("Thu, 01 Jan 1970 00:21:40 GMT", -100), ("", 0), ("yesterday", 0)],
)
def test_how_far_our_clock_is_ahead(date, seconds):
    assert seconds_ahead(date, 1200.0) == seconds


def test_a_clock_that_is_wrong_is_said(doctor, enhanced, monkeypatch):
    from interconnections.desks.enhanced_chat import checks

    real = checks.time.time
    monkeypatch.setattr(checks, "time", type("Clock", (), {"time": staticmethod(lambda: real() + 400)}))
    _, found, printed = doctor("--json")
    [finding] = [one for one in found if "clock is 400 s ahead" in one["what"] or "clock is 401 s" in one["what"]]
    assert "time server" in finding["mend"], printed
