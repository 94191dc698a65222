"""connect with a login: one contact, one case, a chat that is tied to both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interconnections.lifecycle import Status
from interconnections.store.keys import key
from tests.records.conftest import QUEUE, Acme, failed, opened


async def test_a_stranger_becomes_a_contact_with_a_case_and_the_chat_shows_both(acme: Acme) -> None:
    extra = {"source_flow_bot": "PEDIDO", "order_id": "A-77", "description": "Paquete dañado 📦"}
    row = await opened(acme, email="zoe.o'hara+tienda@example.org", phone_number="5215587650001", extra=extra)
    [contact], [case], [chat] = await acme.has("Contact"), await acme.has("Case"), await acme.asked_for()
    assert {name: contact[name] for name in ("FirstName", "LastName", "Email", "MobilePhone")} == {
        "FirstName": "Contacto Bot -", "LastName": "Zoë O'Hara-Ñuñez", "Email": "zoe.o'hara+tienda@example.org",
        "MobilePhone": "5587650001",
    }  # fmt: skip
    wanted = {
        "ContactId": contact["Id"], "Subject": "Pedido", "Description": "Paquete dañado 📦", "Origin": "whatsapp",
        "Status": "Nuevo", "Priority": "Medium", "OwnerId": QUEUE, "OrderId__c": "A-77",
    }  # fmt: skip
    assert {name: case[name] for name in wanted} == wanted
    assert (row["caseId"], row["contactId"], row["status"]) == (case["Id"], contact["Id"], Status.ON_HOLD)
    assert {detail["label"]: detail["value"] for detail in chat["prechat_details"]} == {
        "ContactId": contact["Id"], "CaseId": case["Id"],
    }  # fmt: skip
    assert [entity["saveToTranscript"] for entity in chat["prechat_entities"]] == ["ContactId", "CaseId"]
    assert await acme.redis.zlexcount(key("search", "caseId"), "-", "+") == 1
    assert await acme.redis.hget(key("usage"), "Acme")


async def test_the_rules_of_the_old_service_where_nothing_is_said(acme: Acme) -> None:
    await opened(acme)
    [case] = await acme.has("Case")
    assert (case["Subject"], case["Description"]) == ("Ayuda", "Caso levantado por el Bot : Ayuda")


@pytest.mark.parametrize("odd", [7, True, None, {"a": 1}, ["x"], 1.5, ""])
async def test_a_bots_odd_values_stop_nothing(acme: Acme, odd: object) -> None:
    """W44: a number or an object where a text was expected."""
    extra = {"order_id": {"n": odd}, "description": odd, "AccountRecordTypeId": odd, "source_flow_bot": odd}
    await opened(acme, extra=extra)
    [case] = await acme.has("Case")
    assert case["OrderId__c"].startswith('{"n": ')
    assert case["Description"]


async def test_the_custom_map_overrides_status(acme: Acme) -> None:
    await opened(acme, extra={"estado": "Urgente"})
    [case] = await acme.has("Case")
    assert case["Status"] == "Urgente"


async def test_a_closed_button_makes_nothing(acme: Acme) -> None:
    await acme.sim.rules(closed_buttons=["*"])
    assert "no agent is available" in await failed(acme)
    assert [await acme.has(kind) for kind in ("Contact", "Case")] == [[], []]


async def test_a_gauge_that_cannot_be_written_fails_no_chat(acme: Acme) -> None:
    await acme.redis.set(key("usage"), "of another type")
    assert (await opened(acme))["caseId"]


async def test_without_a_login_nothing_is_asked_of_the_org(acme: Acme) -> None:
    assert acme.bot.org
    acme.bot = type(acme.bot)(**{name: getattr(acme.bot, name) for name in acme.bot.__slots__} | {
        "org": type(acme.bot.org)(acme.bot.org.name, "live_agent", acme.sim.url, acme.bot.org.organization_id,
                                  acme.bot.org.deployment_id, 58, ""),
    })  # fmt: skip
    await opened(acme)
    [chat] = await acme.asked_for()
    assert (chat["prechat_details"], chat["prechat_entities"]) == ([], [])
    assert (await acme.calls())["logins"] == 0


async def test_a_route_into_an_org_of_its_own_is_opened_and_kept_there(acme: Acme) -> None:
    assert acme.bot.org
    second = replace(acme.bot.org, name="Second", records=None)
    [old] = acme.bot.routes[""]
    acme.bot = replace(
        acme.bot, routes={"": (replace(old, org=second), old)}, orgs={"Acme": acme.bot.org, "Second": second}
    )
    row = await opened(acme)
    assert (row["org"], row["desk"]) == ("Second", "live_agent")
    assert (await acme.calls())["logins"] == 0
    assert acme.bot.org_of(row["org"]) is second
