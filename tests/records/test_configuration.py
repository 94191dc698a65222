"""What the forms say of an org that could not work, and what the directory makes of one that can."""

import pytest
from django.core.exceptions import ValidationError

from interconnections.directory import org_of, snapshot
from interconnections.models import Bot, Route, SalesforceOrg
from interconnections.models.fields import Unreadable
from interconnections.secret import Secret

GOOD = {
    "name": "Acme", "chat_url": "https://d.example.org/chat/rest", "organization_id": "00D000000000001",
    "deployment_id": "572000000000001", "auth_flow": "client_credentials", "client_id": "key",
    "client_secret": Secret("secret"), "login_url": "https://acme.my.salesforce.com/",
}  # fmt: skip


def mistakes(**changes: object) -> dict[str, list[str]]:
    try:
        SalesforceOrg(**(GOOD | changes)).clean()
    except ValidationError as fault:
        return dict(fault.message_dict)
    return {}


def test_a_whole_org_has_no_mistakes() -> None:
    assert mistakes() == {}
    assert mistakes(auth_flow="password", username="u", password=Secret("p"), login_url="") == {}
    assert mistakes(auth_flow="jwt_bearer", username="u", private_key=Secret("k"), client_secret=Secret("")) == {}
    assert mistakes(auth_flow="none", client_id="", client_secret=Secret(""), login_url="") == {}


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("client_id", {"client_id": ""}),
        ("client_secret", {"client_secret": Secret("")}),
        ("login_url", {"login_url": ""}),
        ("login_url", {"login_url": "https://login.salesforce.com"}),
        ("login_url", {"login_url": "acme"}),
        ("username", {"auth_flow": "password"}),
        ("private_key", {"auth_flow": "jwt_bearer", "username": "u"}),
        ("auth_flow", {"auth_flow": "soap"}),
        ("data_api_version", {"data_api_version": "latest"}),
        ("record_type_id", {"record_type_id": "500000000000001"}),
        ("blocked_field", {"blocked_field": "Blocked field"}),
        ("case_key_field", {"case_key_field": "x'"}),
        ("custom_fields_case", {"custom_fields_case": {"order": "Order Id"}}),
        ("search_fields_contact", {"search_fields_contact": ["Order__c"]}),
        ("account_birthdate", {"account_birthdate": "1921"}),
    ],
)
def test_what_would_not_work_is_said_at_its_field(field: str, changes: dict[str, object]) -> None:
    assert field in mistakes(**changes)


@pytest.mark.parametrize(("version", "wanted"), [("62.0", "62.0"), ("v62.0", "62.0"), ("62", "62.0")])
def test_a_version_is_taken_however_it_is_written(version: str, wanted: str) -> None:
    assert mistakes(data_api_version=version) == {}
    keeping = org_of(SalesforceOrg(**(GOOD | {"data_api_version": version}))).records
    assert keeping and keeping.version == wanted
    assert keeping.credentials.login_url == "https://acme.my.salesforce.com"


def test_a_fixture_that_no_form_saw_is_refused_with_the_same_sentence() -> None:
    org = org_of(SalesforceOrg(**(GOOD | {"client_id": ""})))
    assert org.records is None
    assert "client_id: This login needs it." in org.wrong


@pytest.mark.parametrize(
    ("flow", "name"),
    [
        ("client_credentials", "client_secret"),
        ("password", "password"),
        ("password", "security_token"),  # the login may do without, but not without the one that is stored
        ("jwt_bearer", "private_key"),
    ],
)
def test_a_secret_that_no_key_opens_is_not_said_to_be_missing(flow: str, name: str) -> None:
    whole = {"auth_flow": flow, "username": "u", "password": Secret("p"), "private_key": Secret("k")}
    wrong = mistakes(**(whole | {name: Unreadable("sealed by a key that is gone")}))
    assert list(wrong) == [name]
    assert "no key opens it" in wrong[name][0]


def test_nor_is_a_bots() -> None:
    with pytest.raises(ValidationError) as fault:
        Bot(slug="shop", webhook_secret=Unreadable("sealed by a key that is gone")).clean()
    assert "no key opens it" in fault.value.message_dict["webhook_secret"][0]


def test_names_that_are_none_do_not_reach_a_query() -> None:
    keeping = org_of(SalesforceOrg(**(GOOD | {"custom_fields_case": {"a": "A__c", "b": "B c", "c": 7}}))).records
    assert keeping and keeping.case_fields == {"a": "A__c"}


@pytest.mark.django_db
def test_a_route_has_its_owner_and_subject() -> None:
    bot = Bot.objects.create(slug="tienda", org=SalesforceOrg.objects.create(**GOOD), provider="messenger")
    Route.objects.create(bot=bot, button_id="573000000000001AAA")
    Route.objects.create(
        bot=bot, flow="PEDIDO", button_id="573000000000002", owner_id="00G000000000001", subject="Sí"
    )
    Route.objects.create(bot=bot, flow="VACIO")
    known = snapshot()["tienda"]
    assert known.case_origin == "facebook"  # the old wire word, where the bot has none of its own
    found = {flow: known.route_for(flow, "u") for flow in ("PEDIDO", "VACIO", "OTRO", 7, None)}
    assert found["PEDIDO"] and (found["PEDIDO"].owner_id, found["PEDIDO"].subject) == ("00G000000000001", "Sí")
    assert {route.button_id for flow, route in found.items() if route and flow != "PEDIDO"} == {"573000000000001"}
