"""What is wrong with an org's login, fields and buttons: the doctor says it, and so does the admin's check."""

import pytest

from interconnections.models import Route, SalesforceOrg
from interconnections.secret import Secret
from tests.doctor.conftest import levels
from tests.simulator.org import KEY, PASSWORD, SECRET, SECURITY_TOKEN, USER

LOGIN = {"auth_flow": "client_credentials", "client_id": KEY, "client_secret": Secret(SECRET)}


@pytest.fixture
def logged_in(org, stage):
    """The org with a login; afterwards the simulated one is as it was."""
    before = stage.world.ask("GET", "/rules")
    setup = stage.world.ask("GET", "/org")["setup"]
    SalesforceOrg.objects.update(**LOGIN, login_url=stage.world.url)
    yield org
    stage.world.ask("PUT", "/rules", before)
    stage.world.ask("PUT", "/org", setup)


def configured(**values):
    return lambda stage: SalesforceOrg.objects.update(**values)


def at_salesforce(path, **body):
    return lambda stage: stage.world.ask("PUT", path, body)


def fault(**wish):
    return lambda stage: stage.world.ask("POST", "/faults", {"kind": "status"} | wish)


ERROR, WARNING = "error", "warning"
CASES = {
    "wrong secret": (configured(client_secret=Secret("wrong")), ERROR, "the consumer secret is wrong"),
    "wrong key": (configured(client_id="wrong"), ERROR, "the consumer key is wrong"),
    "wrong password": (
        configured(auth_flow="password", username=USER, password=Secret("wrong")), ERROR,
        "user name, password or security token is wrong",
    ),
    "no run-as user": (at_salesforce("/org", apps=[{"key": KEY, "secret": SECRET}]), ERROR, "no user to run as"),
    "no private key": (
        configured(auth_flow="jwt_bearer", username=USER, private_key=Secret("nonsense")), ERROR,
        "the private key cannot be read",
    ),
    "login not whole": (configured(client_secret=Secret("")), ERROR, "This login needs it"),
    "login away": (configured(login_url="http://no-such-host.invalid"), ERROR, "no answer to the login"),
    "token not taken": (
        at_salesforce("/rules", data_refuses="not_for_rest"), ERROR, "does not take the token that it just gave",
    ),
    "API disabled": (at_salesforce("/rules", data_refuses="api_disabled"), ERROR, "the API is not enabled"),
    "limit": (fault(on="composite", status=403, code="REQUEST_LIMIT_EXCEEDED"), ERROR, "are used up"),
    "version retired": (configured(data_api_version="20.0"), ERROR, "not to be used"),
    "no such field": (configured(custom_fields_case={"order": "Nope__c"}), ERROR, "Case cannot be read: there is"),
    "no such key": (configured(contact_key_field="Nope__c"), ERROR, "Contact cannot be read"),
    "closed button": (at_salesforce("/rules", closed_buttons=["*"]), WARNING, "nobody takes chats of the button"),
    "wrong button": (
        fault(on="availability", status=400), ERROR, "does not know the button 573000000000001 (tienda, every other",
    ),
    "retired": (fault(on="session_id", status=410), ERROR, "Live Agent is not there"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_said_in_a_sentence(name, doctor, logged_in, stage):
    broken, level, sentence = CASES[name]
    broken(stage)
    code, found, printed = doctor("--json")
    [finding, *_] = [one for one in found if sentence in one["what"]] or pytest.fail(printed)
    assert finding["level"] == level
    assert finding["mend"]
    assert code == (1 if level == ERROR else 0)
    for secret in (SECRET, PASSWORD, SECURITY_TOKEN):
        assert secret not in printed


def test_a_good_login_is_told(doctor, logged_in, stage):
    code, found, printed = doctor("--json")
    assert code == 0, printed
    assert any("reads Contact, Case with the configured fields" in what for what in levels(found, "ok"))


@pytest.fixture
def chief(client, db, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("chief"))
    return client


def checked(chief, org, language="en"):
    page, chosen = (
        "/admin/interconnections/salesforceorg/",
        {"action": "ask_salesforce", "_selected_action": [org.pk]},
    )
    answer = chief.post(page, chosen, follow=True, headers={"Accept-Language": language})
    return [(message.level_tag, str(message)) for message in answer.context["messages"]]


def test_the_admins_check_says_the_same(chief, logged_in, bot, redis, stage):
    told = checked(chief, logged_in)
    assert {level for level, _ in told} == {"success"}
    SalesforceOrg.objects.update(client_secret=Secret("wrong"))
    stage.world.ask("PUT", "/rules", {"closed_buttons": ["*"]})
    told = checked(chief, logged_in)
    assert any(level == "error" and "the consumer secret is wrong" in words for level, words in told)
    assert any(level == "warning" and "nobody takes chats" in words for level, words in told)


def test_an_org_that_no_bot_uses_is_checked_as_well(chief, logged_in, redis):
    Route.objects.all().delete()
    assert any("logs in at" in words for _, words in checked(chief, logged_in))


def test_the_check_speaks_its_readers_language(chief, logged_in, bot, redis):
    told = checked(chief, logged_in, "pt-BR")
    assert any("o Live Agent responde em" in words for _, words in told)
    assert any("com os campos configurados" in words for _, words in told)


def test_the_check_obeys_the_pause_after_a_refused_login(chief, logged_in, bot, redis):
    """A user can be locked by knocking on: the refusal of these very credentials is told again, for a minute."""
    SalesforceOrg.objects.update(client_secret=Secret("wrong"))
    first = [words for level, words in checked(chief, logged_in) if level == "error"]
    again = [words for level, words in checked(chief, logged_in) if level == "error"]
    assert "asked again in a minute" not in "".join(first)
    assert "asked again in a minute" in "".join(again)
    SalesforceOrg.objects.update(client_secret=Secret(SECRET))  # mended: tried at once
    assert any("logs in at" in words for _, words in checked(chief, logged_in))


def test_addresses_in_the_clear_are_warned_of(doctor, bot):
    type(bot).objects.update(api_url="http://api.example.invalid")
    _, found, _ = doctor("--json")
    assert any("API address: This address is not https" in what for what in levels(found, "warning"))
