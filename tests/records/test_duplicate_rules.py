"""An org's own rules against duplicates: whom they name, and whom they only warn of."""

from __future__ import annotations

import pytest

from tests.records.conftest import PERSONS, Acme, failed, opened

RULE = {"duplicates": {"Contact": ["LastName"]}, "duplicates_in": {"Contact": ["Lead", "Account", "Contact"]}}


async def test_whom_a_duplicate_rule_names_is_the_contact(acme: Acme) -> None:
    """The search missed them by the phone's spelling; the org's own rule did not."""
    await acme.sim.do("PUT", "/org", {"duplicates": {"Contact": ["LastName"]}})
    known = await acme.seed("Contact", LastName="Ana", MobilePhone="(55) 8765 0001")
    assert (await opened(acme, name="Ana"))["contactId"] == known


async def test_a_lead_that_a_duplicate_rule_names_is_no_contact(acme: Acme) -> None:
    await acme.sim.do("PUT", "/org", RULE)
    await acme.seed("Lead", LastName="Ana")
    known = await acme.seed("Contact", LastName="Ana", MobilePhone="(55) 8765 0001")
    assert (await opened(acme, name="Ana"))["contactId"] == known


async def test_where_a_rule_only_warns_of_leads_the_contact_is_made(acme: Acme) -> None:
    await acme.sim.do("PUT", "/org", RULE)
    await acme.seed("Lead", LastName="Ana")
    row = await opened(acme, name="Ana")
    [contact] = await acme.has("Contact")
    assert (row["contactId"], contact["LastName"]) == (contact["Id"], "Ana")


@pytest.mark.parametrize("kind", ["drop_after", "status_after"])
async def test_a_contact_that_is_made_in_spite_of_a_rule_is_made_once(acme: Acme, kind: str) -> None:
    await acme.sim.do("PUT", "/org", RULE)
    await acme.seed("Lead", LastName="Ana")
    await acme.sim.do("POST", "/faults", {"on": "create", "key": "Contact", "kind": kind, "status": 503, "every": 2})
    await opened(acme, name="Ana")
    assert len(await acme.has("Contact")) == 1


async def test_a_rule_that_forbids_it_is_named_with_what_it_found(acme: Acme) -> None:
    await acme.sim.do("PUT", "/org", RULE | {"duplicates_blocked": ["Contact"]})
    lead = await acme.seed("Lead", LastName="Ana")
    told = await failed(acme, name="Ana")
    assert f"Standard_Contact_Duplicate_Rule, which found Lead {lead} (DUPLICATES_DETECTED)" in told


async def test_a_company_that_a_rule_names_is_no_person(acme: Acme) -> None:
    for persons in (False, True):  # an org without person accounts does not know PersonContactId
        await acme.sim.rules(person_accounts=persons)
        await acme.sim.do("PUT", "/org", RULE | {"duplicates": {"Contact": ["Phone"], "Account": ["Phone"]}})
        await acme.seed("Account", Name="Acme", Phone="77")
        acme.set(contact_fields={"phone": "Phone"})
        row = await opened(acme, extra={"phone": "77"})
        assert row["contactId"].startswith("003")
        await acme.sim.ask("POST", "/sim/reset")


async def test_a_person_account_that_a_rule_names_is_the_one(acme: Acme) -> None:
    await acme.sim.rules(person_accounts=True)
    await acme.sim.do("PUT", "/org", RULE)
    account = await acme.seed("Account", LastName="Ana", RecordTypeId=PERSONS)
    row = await opened(acme, name="Ana")
    [contact] = await acme.has("Contact")
    assert (row["contactId"], contact["AccountId"]) == (contact["Id"], account)
