"""Details that Salesforce does not take: the chat is opened without them, and the agent reads what was typed."""

from __future__ import annotations

from typing import Any

import pytest

from interconnections.bridge.connect import connect
from interconnections.bridge.refused_fields import to_spare
from interconnections.errors import RecordsRefused, StartFailed
from tests.records.conftest import PERSONS, QUEUE, Acme, failed, opened

LONG = "x" * 300


async def the_only(acme: Acme, kind: str) -> dict[str, Any]:
    [record] = await acme.has(kind)
    return dict(record)


async def test_an_e_mail_that_is_none_stops_no_chat(acme: Acme) -> None:
    row = await opened(acme, email="no tengo", extra={"description": "Paquete dañado"})
    contact, case = await the_only(acme, "Contact"), await the_only(acme, "Case")
    assert (row["contactId"], contact.get("Email"), bool(contact["MobilePhone"])) == (contact["Id"], None, True)
    assert case["Description"] == "Paquete dañado\n\nEmail: no tengo"


async def test_a_person_account_is_made_without_it_as_well(acme: Acme) -> None:
    await acme.sim.rules(person_accounts=True)
    acme.set(account_record_type=PERSONS, account_birthdate="ayer")
    row = await opened(acme, email="no tengo")
    account, case = await the_only(acme, "Account"), await the_only(acme, "Case")
    assert (row["contactId"], account.get("PersonEmail")) == (account["PersonContactId"], None)
    assert account["PersonMobilePhone"] and account["FirstName"]
    assert "PersonEmail: no tengo" in case["Description"]


OF_CONTACTS = [
    # field as the org has it, value, whether the org names the field
    ({"name": "Talla__c", "length": 10}, LONG),
    ({"name": "Talla__c", "values": ["S", "M"], "kind": "picklist"}, "XXL"),
    ({"name": "Talla__c", "kind": "double"}, "treinta"),  # JSON_PARSER_ERROR names no field
    ({"name": "Talla__c", "kind": "boolean"}, "no sé"),
    ({"name": "Talla__c", "kind": "date"}, "mañana"),
    ({"name": "Talla__c", "kind": "email"}, "no tengo"),
    ({"name": "Otra__c"}, "9"),  # there is no such field
]


@pytest.mark.parametrize("kind", ["Contact", "Case"])
@pytest.mark.parametrize("keyed", [False, True])
@pytest.mark.parametrize(("field", "value"), OF_CONTACTS)
async def test_what_a_bot_filled_in_and_is_not_taken_is_read_by_the_agent(
    acme: Acme, kind: str, keyed: bool, field: dict[str, Any], value: str
) -> None:
    key = {"name": "Bridge_Key__c", "unique": True, "external_id": True}
    await acme.sim.do("PUT", "/org", {"fields": {"Contact": [key], "Case": [key], kind: [key, field]}})
    maps = {"Contact": "contact_fields", "Case": "case_fields"}
    acme.set(**{"case_fields": {}, maps[kind]: {"talla": "Talla__c"}})
    if keyed:
        acme.set(case_key_field="Bridge_Key__c", contact_key_field="Bridge_Key__c")
    await opened(acme, extra={"talla": value, "description": "Cambio"})
    contact, case = await the_only(acme, "Contact"), await the_only(acme, "Case")
    assert not (case if kind == "Case" else contact).get("Talla__c")
    assert contact["Email"] and contact["MobilePhone"]
    assert (case["Status"], case["Origin"]) == ("Nuevo", "whatsapp")
    assert case["Description"] == f"Cambio\n\nTalla__c: {value}"


async def test_a_unique_value_of_another_record_is_left_out(acme: Acme) -> None:
    await acme.sim.do("PUT", "/org", {"fields": {"Contact": [{"name": "Socio__c", "unique": True}]}})
    acme.set(contact_fields={"socio": "Socio__c"}, case_fields={})
    await acme.seed("Contact", LastName="Ana", Socio__c="77")
    await opened(acme, extra={"socio": "77"})
    assert "Socio__c: 77" in (await the_only(acme, "Case"))["Description"]


async def test_a_stale_configuration_costs_its_own_field_only(acme: Acme) -> None:
    """Nobody typed these: they are in the log, not before the agent's eyes."""
    await acme.sim.do("PUT", "/org", {"picklists": {"Case": {"Origin": ["Web"], "Status": ["New"]}}})
    acme.set(case_record_type="012000000000009AAA")
    row = await opened(acme, extra={"source_flow_bot": "PEDIDO", "description": "Cambio"})
    case = await the_only(acme, "Case")
    assert (row["caseId"], case.get("Origin"), case["Description"]) == (case["Id"], None, "Cambio")
    assert case["OwnerId"] == QUEUE


async def test_who_wants_the_field_that_is_not_taken_is_told_why_it_was_not(acme: Acme) -> None:
    await acme.sim.do("PUT", "/org", {"required": {"Contact": ["Email"]}})
    assert "the e-mail address is none (INVALID_EMAIL_ADDRESS, Email)" in await failed(acme, email="no tengo")
    assert await acme.has("Contact") == []


async def test_a_validation_rule_is_not_gone_around(acme: Acme) -> None:
    rule = {"object": "Contact", "field": "Email", "pattern": "@acme", "message": "Only our own people."}
    await acme.sim.do("PUT", "/org", {"validations": [rule]})
    assert "“Only our own people.”" in await failed(acme)


@pytest.mark.parametrize("kind", ["drop_after", "status_after", "drop"])
async def test_a_lost_answer_in_between_makes_no_second_one(acme: Acme, kind: str) -> None:
    for made in ("Contact", "Case"):
        fault = {"on": "create", "key": made, "times": 1}
        refused = {"kind": "status", "status": 400, "code": "INVALID_EMAIL_ADDRESS", "fields": ["Email", "Origin"]}
        await acme.sim.do("POST", "/faults", fault | refused)
        await acme.sim.do("POST", "/faults", fault | {"kind": kind, "status": 503})
    await opened(acme)
    contact, case = await the_only(acme, "Contact"), await the_only(acme, "Case")
    assert case["ContactId"] == contact["Id"]
    assert "Email: zoe" in case["Description"]


async def test_what_was_left_out_outlives_the_starter(acme: Acme) -> None:
    """The contact is made, the case fails; the bot's repeat still tells the agent."""
    wish = acme.wish(email="no tengo")
    await acme.sim.do("POST", "/faults", {"on": "create", "key": "Case", "kind": "status", "status": 500})
    with pytest.raises(StartFailed):
        await connect(acme.bridge(), acme.bot, wish)
    await acme.sim.ask("DELETE", "/sim/faults")
    await connect(acme.bridge(), acme.bot, wish)
    assert len(await acme.has("Contact")) == 1
    assert "Email: no tengo" in (await the_only(acme, "Case"))["Description"]


async def test_a_long_description_keeps_what_was_typed_elsewhere(acme: Acme) -> None:
    await opened(acme, email="no tengo", extra={"description": "📦" * 20_000})
    description = (await the_only(acme, "Case"))["Description"]
    assert description.startswith("📦" * 100)
    assert description.endswith("\n\nEmail: no tengo")


async def test_lengths_are_counted_as_salesforce_counts(acme: Acme) -> None:
    row = await opened(acme, name="📦" * 100)
    contact = await the_only(acme, "Contact")
    assert (row["contactId"], contact["LastName"]) == (contact["Id"], "📦" * 40)


SPARED = [
    # codes, named, what is left out
    (["INVALID_EMAIL_ADDRESS"], ["email"], ["Email"]),
    (["INVALID_EMAIL_ADDRESS", "STRING_TOO_LONG"], ["Email", "X__c"], ["Email", "X__c"]),
    (["STRING_TOO_LONG"], [], ["X__c"]),
    (["STRING_TOO_LONG"], ["Elsewhere__c"], ["X__c"]),
    (["STRING_TOO_LONG"], ["LastName"], []),
    (["INVALID_EMAIL_ADDRESS", "REQUIRED_FIELD_MISSING"], ["Email"], []),
    (["FIELD_CUSTOM_VALIDATION_EXCEPTION"], ["Email"], []),
    ([], ["Email"], []),
]


@pytest.mark.parametrize(("codes", "named", "spared"), SPARED)
def test_what_is_left_out_after_which_refusal(codes: list[str], named: list[str], spared: list[str]) -> None:
    refusal = RecordsRefused("…", *codes, fields=tuple(named))
    assert to_spare(refusal, ["Email", "X__c"], ["LastName"], ["X__c"]) == spared


def test_where_nothing_was_filled_in_the_rest_is_left_out_in_its_order() -> None:
    fields = ["FirstName", "Email", "PersonBirthdate"]
    for wanted in (["PersonBirthdate"], ["FirstName"], ["Email"], []):
        spared = to_spare(RecordsRefused("…", "JSON_PARSER_ERROR"), fields, ["LastName"], ["X__c"])
        assert spared == wanted
        fields = [name for name in fields if name not in spared]
