"""The forms of an org that speaks Enhanced Chat, and of the routes that share a flow between two orgs."""

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from interconnections.desks import DESKS
from interconnections.models import Bot, Route, SalesforceOrg
from tests.admin.test_configuration import BOT, ORG, save, stored

ROUTE = "/admin/interconnections/route/"
SCRT = "https://acme.my.salesforce-scrt.com"


def pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


RSA_KEY = pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
VERIFIED = {
    "user_verification": "jwt",
    "verification_issuer": "https://bridge.example.org",
    "verification_audience": "https://acme.my.salesforce.com",
    "verification_key_id": "bridge-1",
    "verification_key": RSA_KEY,
}


@pytest.fixture
def old(db):
    return SalesforceOrg.objects.create(
        name="Acme", chat_url="https://d.example.com", organization_id="00D000000000001",
        deployment_id="572000000000001",
    )  # fmt: skip


@pytest.fixture
def org(db):
    return SalesforceOrg.objects.create(
        name="Acme EC", chat_api="enhanced_chat", chat_url=SCRT, organization_id="00D000000000001AAA",
        es_developer_name="Bridge_Client",
    )  # fmt: skip


@pytest.fixture
def bot(old):
    bot = Bot.objects.create(slug="tienda", org=old, api_url="https://api.example.com")
    Route.objects.create(bot=bot, button_id="573000000000001")
    return bot


def change(browser, org, **values):
    return save(browser, f"{ORG}{org.pk}/change/", **values)


def test_an_org_with_its_few_values_is_saved(chief, org):
    assert change(chief, org).status_code == 302
    assert change(chief, org, chat_url="http://127.0.0.1:8080").status_code == 302
    assert SalesforceOrg.objects.get().routing_attributes == {"name": "_firstName", "email": "_email"}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("chat_url", "http://acme.my.salesforce-scrt.com", "it must be https"),
        ("chat_url", "https://acme.my.salesforce.com", "my.salesforce-scrt.com: Url in the Code Snippet"),
        ("organization_id", "00D00000000000", "is not a organization id"),
        ("es_developer_name", "", "DeveloperName in the Code Snippet of the deployment."),
        ("es_developer_name", "Bridge Client", "is not the API name of a deployment"),
        ("user_verification", "jwt", "User verification needs it."),
        ("routing_attributes", '["_firstName"]', "JSON object"),
        ("routing_attributes", '{"name": 7}', "is not the name of a parameter"),
        ("routing_attributes", '{"name": "First Name"}', "is not the name of a parameter"),
        ("routing_attributes", '{" ": "_firstName"}', "without a name on its left side"),
        ("routing_attributes", '{"name": "A", "order": "A"}', "cannot hold both name and order"),
    ],
)
def test_what_would_not_work_is_said(field, value, sentence, chief, org):
    page = change(chief, org, **{field: value})
    assert page.status_code == 200
    assert sentence in page.content.decode()


@pytest.mark.parametrize("missing", [name for name in VERIFIED if name != "user_verification"])
def test_a_verified_user_needs_all_four(missing, chief, org):
    assert "User verification needs it." in change(chief, org, **VERIFIED | {missing: ""}).content.decode()


@pytest.mark.parametrize(
    "key",
    [
        "nonsense",
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
        pem(ec.generate_private_key(ec.SECP256R1())),
    ],
)
def test_a_key_that_cannot_sign_is_refused(key, chief, org):
    page = change(chief, org, **VERIFIED | {"verification_key": key}).content.decode()
    assert "not an RSA private key in PEM" in page
    assert "nonsense" not in page


def test_the_key_is_stored_encrypted_and_never_shown(chief, org):
    assert change(chief, org, **VERIFIED).status_code == 302
    assert stored("verification_key", "salesforceorg").startswith("gAAAA")
    page = chief.get(f"{ORG}{org.pk}/change/").content.decode()
    assert RSA_KEY.splitlines()[1] not in page
    assert change(chief, org, verification_key_id="bridge-2").status_code == 302  # blank keeps the key
    org.refresh_from_db()
    assert org.verification_key.reveal() == RSA_KEY.strip()


def test_a_key_that_cannot_be_opened_is_not_said_to_be_missing(chief, org, settings):
    assert change(chief, org, **VERIFIED).status_code == 302
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    page = chief.get(f"{ORG}{org.pk}/change/").content.decode()
    assert "Key of user verification: A secret is stored, but no key opens it" in page


def test_the_key_does_not_follow_a_changed_address(chief, org):
    assert change(chief, org, **VERIFIED).status_code == 302
    page = change(chief, org, chat_url="https://other.my.salesforce-scrt.com")
    assert "leads to another host now" in page.content.decode()


def test_a_parameter_without_its_underscore_is_doubted_and_saved(chief, org):
    assert change(chief, org, routing_attributes='{"name": "firstName"}').status_code == 302
    page = chief.get(f"{ORG}{org.pk}/change/").content.decode()
    assert "own parameter is called _firstName" in page


def test_a_chat_api_without_a_desk_is_refused(chief, org, monkeypatch):
    monkeypatch.delitem(DESKS, "enhanced_chat")
    page = change(chief, org).content.decode()
    assert "There is no choice" in page


def test_one_more_desk_is_one_more_choice_without_a_migration(chief, old, monkeypatch):
    monkeypatch.setitem(DESKS, "toy", DESKS["live_agent"])
    assert 'value="toy"' in chief.get(f"{ORG}{old.pk}/change/").content.decode()


# Routes


def routes(*rows):
    """As the inline form sends them."""
    data = {"routes-TOTAL_FORMS": str(len(rows)), "routes-INITIAL_FORMS": str(sum("id" in row for row in rows))}
    for n, row in enumerate(rows):
        data |= {f"routes-{n}-{name}": str(value) for name, value in ({"flow": "", "share": 100} | row).items()}
    return data


def kept(bot):
    return {"id": bot.routes.get(org=None).pk, "bot": bot.pk, "button_id": "573000000000001"}


def test_a_route_into_enhanced_chat_needs_no_button(chief, bot, org):
    url = f"{BOT}{bot.pk}/change/"
    assert "is not a button id" in save(chief, url, **routes(kept(bot), {"flow": "A"})).content.decode()
    assert save(chief, url, **routes(kept(bot), {"org": org.pk, "share": 10})).status_code == 302
    assert {(route.org, route.share) for route in bot.routes.all()} == {(None, 100), (org, 10)}


def test_a_route_of_a_bot_in_enhanced_chat_needs_no_button(chief, bot, org):
    Bot.objects.update(org=org)
    assert save(chief, f"{BOT}{bot.pk}/change/", **routes({"flow": "A"})).status_code == 302


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"share": 101}, "from 0 to 100"),
        ({"es_developer_name": "a b"}, "is not the API name of a deployment"),
        ({"button_id": "nonsense"}, "is not a button id"),
    ],
)
def test_a_share_that_could_not_work_is_said(row, sentence, chief, bot, org):
    page = save(chief, f"{BOT}{bot.pk}/change/", **routes(kept(bot), {"org": org.pk} | row))
    assert sentence in page.content.decode()


def test_the_rest_has_no_share_of_its_own(chief, bot):
    page = save(chief, f"{BOT}{bot.pk}/change/", **routes(kept(bot) | {"share": 50}))
    assert "takes the rest: leave 100" in page.content.decode()


def test_more_than_all_is_refused_on_both_pages(chief, bot, org):
    third = SalesforceOrg.objects.create(name="Third", chat_api="enhanced_chat")
    given = routes(kept(bot), {"org": org.pk, "share": 60}, {"org": third.pk, "share": 50})
    assert "make 110 percent" in save(chief, f"{BOT}{bot.pk}/change/", **given).content.decode()
    moved = Route.objects.create(bot=bot, org=org, share=60)
    new = {"bot": bot.pk, "flow": "", "org": third.pk}
    assert "make 110 percent" in save(chief, f"{ROUTE}add/", **new, share="50").content.decode()
    assert save(chief, f"{ROUTE}add/", **new, share="40").status_code == 302
    assert save(chief, f"{ROUTE}{moved.pk}/change/", share="60").status_code == 302


def test_a_flow_has_one_route_into_each_org(chief, bot, org):
    twice = routes(kept(bot), {"org": org.pk, "share": 10}, {"org": org.pk, "share": 20})
    assert save(chief, f"{BOT}{bot.pk}/change/", **twice).status_code == 200
    again = save(chief, f"{ROUTE}add/", bot=bot.pk, flow="", org="", share="100", button_id="573000000000002")
    assert again.status_code == 200
    assert Route.objects.count() == 1
