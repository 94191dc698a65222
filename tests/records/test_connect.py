"""connect with a login: one contact, one case, a chat that is tied to both; and what is said when it cannot be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from interconnections.bridge import contact
from interconnections.bridge.connect import connect
from interconnections.bridge.logins import fingerprint
from interconnections.errors import Forbidden, StartFailed
from interconnections.lifecycle import Reason, Status
from interconnections.secret import Secret
from interconnections.store import tokens
from interconnections.store.keys import key
from tests.records.conftest import QUEUE, Acme

PERSONS = "012000000000002AAA"  # the simulated org's record type of person accounts


async def opened(acme: Acme, **wish: Any) -> dict[str, str]:
    return await acme.row(await connect(acme.bridge(), acme.bot, acme.wish(**wish)))


async def failed(acme: Acme, **wish: Any) -> str:
    with pytest.raises(StartFailed) as failure:
        await opened(acme, **wish)
    return str(failure.value)


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


FOUND_BY = [
    ({"Email": "zoe.o'hara+1%@example.org"}, {"email": "zoe.o'hara+1%@example.org"}),
    ({"Email": "ZOE@example.org"}, {"email": "zoe@EXAMPLE.org"}),
    ({"MobilePhone": "5587650001"}, {"phone_number": "5215587650001"}),
    ({"MobilePhone": "5215587650001"}, {"phone_number": "5215587650001"}),
    ({"MobilePhone": "+5215587650001"}, {"phone_number": "5215587650001"}),
    ({"MobilePhone": "+525512345678"}, {"phone_number": "5215512345678"}),
    ({"MobilePhone": "525598765432"}, {"phone_number": "5215598765432"}),
    ({"MobilePhone": "5215598765432"}, {"phone_number": "+52 (55) 9876 5432"}),
    ({"MobilePhone": "+5541999887766"}, {"phone_number": "554199887766"}),
    ({"MobilePhone": "541122334455"}, {"phone_number": "5491122334455"}),
    ({"Customer__c": "N'77\\"}, {"extra": {"customer": "N'77\\"}}),
]


@pytest.mark.parametrize(("has", "asks"), FOUND_BY)
async def test_who_is_known_is_found_and_not_changed(acme: Acme, has: Any, asks: Any) -> None:
    acme.set(search_fields={"customer": "Customer__c"})
    id = await acme.seed("Contact", LastName="Ana", **has)
    row = await opened(acme, **asks)
    assert row["contactId"] == id
    [contact] = await acme.has("Contact")
    assert contact["LastName"] == "Ana"


async def test_the_e_mail_decides_before_the_phone(acme: Acme) -> None:
    by_mail = await acme.seed("Contact", LastName="Ana", Email="ana@example.org")
    await acme.seed("Contact", LastName="Eva", MobilePhone="5587650001")
    assert (await opened(acme, email="ana@example.org", phone_number="5215587650001"))["contactId"] == by_mail


async def test_two_chats_of_one_person_make_one_contact(acme: Acme) -> None:
    wishes = [acme.wish(email="ana@example.org") for _ in range(4)]
    await asyncio.gather(*(connect(acme.bridge(), acme.bot, wish) for wish in wishes))
    assert [len(await acme.has(kind)) for kind in ("Contact", "Case")] == [1, 4]
    assert (await acme.calls())["logins"] == 1


async def test_two_chats_of_one_number_in_two_spellings_make_one_contact(acme: Acme) -> None:
    wishes = [
        acme.wish(email="", phone_number=phone) for phone in ("5215512345678", "+52 55 1234 5678", "5512345678")
    ]
    await asyncio.gather(*(connect(acme.bridge(), acme.bot, wish) for wish in wishes))
    assert len(await acme.has("Contact")) == 1


async def test_a_blocked_contact_reaches_nobody(acme: Acme) -> None:
    acme.set(blocked_field="Blocked__c")
    await acme.seed("Contact", LastName="Ana", Email="ana@example.org", Blocked__c=True)
    wish = acme.wish(email="ana@example.org")
    with pytest.raises(Forbidden, match="^could not create chat in salesforce: this contact is blocked$"):
        await connect(acme.bridge(), acme.bot, wish)
    row = await acme.last(wish.user_id)
    assert (row["status"], row["reason"]) == (Status.FAILED, Reason.BLOCKED)
    lane = await acme.redis.lrange(key("lane", row["id"], "integration"), 0, -1)
    assert "from-sf-blocked" in str(lane)
    assert await acme.has("Case") == []
    assert await acme.asked_for() == []


async def test_who_is_not_blocked_passes(acme: Acme) -> None:
    acme.set(blocked_field="Blocked__c")
    await acme.seed("Contact", LastName="Ana", Email="ana@example.org", Blocked__c=False)
    await opened(acme, email="ana@example.org")


async def test_a_closed_button_makes_nothing(acme: Acme) -> None:
    await acme.sim.rules(closed_buttons=["*"])
    assert "no agent is available" in await failed(acme)
    assert [await acme.has(kind) for kind in ("Contact", "Case")] == [[], []]


async def test_a_person_account_is_made_and_its_hidden_contact_used(acme: Acme) -> None:
    await acme.sim.rules(person_accounts=True)
    row = await opened(acme, extra={"AccountRecordTypeId": PERSONS}, email="zoe+1@example.org")
    [account], [case] = await acme.has("Account"), await acme.has("Case")
    assert (account["LastName"], account["PersonEmail"]) == ("Zoë O'Hara-Ñuñez", "zoe+1@example.org")
    assert (case["ContactId"], case["AccountId"]) == (account["PersonContactId"], account["Id"])
    again = await opened(acme, extra={"AccountRecordTypeId": PERSONS}, email="zoe+1@example.org")
    assert again["contactId"] == row["contactId"] == account["PersonContactId"]
    assert len(await acme.has("Account")) == 1


@pytest.mark.parametrize("wrong", ["Persona", "012000000000009AAA", "003000000000001AAA", "x" * 18])
@pytest.mark.parametrize("own", ["", PERSONS])
async def test_a_record_type_of_the_bots_that_is_none_stops_no_chat(acme: Acme, wrong: str, own: str) -> None:
    await acme.sim.rules(person_accounts=True)
    acme.set(account_record_type=own)
    row = await opened(acme, extra={"AccountRecordTypeId": wrong})
    assert len(await acme.has("Account")) == (1 if own else 0)
    [contact] = await acme.has("Contact")
    assert row["contactId"] == contact["Id"]


async def test_whom_a_duplicate_rule_names_is_the_contact(acme: Acme) -> None:
    """The search missed them by the phone's spelling; the org's own rule did not."""
    await acme.sim.do("PUT", "/org", {"duplicates": {"Contact": ["LastName"]}})
    known = await acme.seed("Contact", LastName="Ana", MobilePhone="(55) 8765 0001")
    assert (await opened(acme, name="Ana"))["contactId"] == known


RULE = {"duplicates": {"Contact": ["LastName"]}, "duplicates_in": {"Contact": ["Lead", "Account", "Contact"]}}


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


BUSY = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."


@pytest.mark.parametrize("on", ["composite", "create"])
async def test_too_many_calls_at_once_pass_and_the_days_calls_do_not(acme: Acme, on: str) -> None:
    limit = {"on": on, "kind": "status", "status": 403, "code": "REQUEST_LIMIT_EXCEEDED", "times": 1}
    await acme.sim.do("POST", "/faults", limit | {"message": BUSY})
    await opened(acme)
    assert [len(await acme.has(kind)) for kind in ("Contact", "Case")] == [1, 1]
    await acme.sim.do("POST", "/faults", limit | {"message": "TotalRequests Limit exceeded."})
    assert "API calls of these 24 hours are used up" in await failed(acme)


@pytest.fixture
async def old_place() -> AsyncIterator[str]:
    """Where an org lived before it moved: everything is answered with a redirect."""

    async def moved(request: web.BaseRequest) -> web.StreamResponse:
        raise web.HTTPMovedPermanently("https://new.my.salesforce.com/")

    runner = web.ServerRunner(web.Server(moved))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def kept(acme: Acme, instance: str) -> None:
    """A token of a day ago, with the address of a day ago."""
    own = acme.keeping.credentials
    await tokens.keep(acme.redis, "Acme", fingerprint(own), Secret("of yesterday"), instance)


async def test_an_org_that_has_moved_is_found_where_it_lives_now(acme: Acme, old_place: str) -> None:
    await kept(acme, old_place)
    await asyncio.gather(*(opened(acme) for _ in range(6)))
    assert len(await acme.has("Case")) == 6
    assert (await acme.calls())["logins"] == 1


async def test_an_address_where_nobody_lives_any_more_is_left(acme: Acme) -> None:
    await kept(acme, "http://127.0.0.1:1")
    await opened(acme)
    assert (await acme.calls())["logins"] == 1


async def test_an_org_that_is_nowhere_is_said_so(acme: Acme) -> None:
    await acme.sim.do("POST", "/faults", {"on": "composite", "kind": "status", "status": 301})
    for _ in range(3):
        assert "answered 301: this is not where the data API is" in await failed(acme)
    assert (await acme.calls())["logins"] == 2  # and not one for each chat


TROUBLES = [
    # fault, what the caller reads
    ({"on": "token", "kind": "status", "status": 400, "code": "invalid_client"}, "the consumer secret is wrong"),
    ({"on": "composite", "kind": "status", "status": 403, "code": "REQUEST_LIMIT_EXCEEDED"}, "are used up"),
    ({"on": "composite", "kind": "status", "status": 503}, "contact could not be found or made: answered 503"),
    ({"on": "composite", "kind": "garbage"}, "something else than JSON"),
    ({"on": "composite", "kind": "status", "status": 401, "code": "INVALID_SESSION_ID"}, "API Enabled"),
    ({"on": "create", "key": "Contact", "kind": "status", "status": 400, "code": "REQUIRED_FIELD_MISSING"},
     "the org requires a field that is not filled (REQUIRED_FIELD_MISSING"),
    ({"on": "create", "key": "Case", "kind": "status", "status": 500}, "the case could not be made: answered 500"),
    ({"on": "create", "key": "Case", "kind": "status", "status": 400, "code": "STRING_TOO_LONG"}, "too long"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "told"), TROUBLES)
async def test_what_cannot_be_is_said_in_a_sentence(acme: Acme, fault: Any, told: str) -> None:
    wish = acme.wish()
    await acme.sim.do("POST", "/faults", fault)
    with pytest.raises(
        StartFailed, match="^could not create chat in salesforce : the (contact|case) could not"
    ) as why:
        await connect(acme.bridge(), acme.bot, wish)
    assert told in str(why.value)
    row = await acme.last(wish.user_id)
    assert (row["status"], row["reason"]) == (Status.FAILED, Reason.START_FAILED)
    assert told in row["endWord"]
    assert wish.email not in row["endWord"]
    assert await acme.asked_for() == []


async def test_a_failed_search_is_not_nobody(acme: Acme) -> None:
    """W47: a field that does not exist fails one part of the search; nobody is made because of that."""
    acme.set(search_fields={"customer": "Gone__c"})
    assert "(INVALID_FIELD, Gone__c)" in await failed(acme, extra={"customer": "7"})
    assert await acme.has("Contact") == []


async def test_a_rules_own_words_reach_the_caller(acme: Acme) -> None:
    rule = {"object": "Case", "field": "OrderId__c", "pattern": "A-\\d+", "message": "Order numbers begin with A-."}
    await acme.sim.do("PUT", "/org", {"validations": [rule]})
    assert "“Order numbers begin with A-.”" in await failed(acme, extra={"order_id": "77"})


@pytest.mark.parametrize("kind", ["drop_after", "truncated", "garbage", "status_after"])
@pytest.mark.parametrize("made", ["Contact", "Case"])
@pytest.mark.parametrize("keyed", [False, True])
async def test_a_create_whose_answer_is_lost_is_not_done_twice(acme: Acme, kind: str, made: str, keyed: bool) -> None:
    if keyed:
        acme.set(case_key_field="Bridge_Key__c", contact_key_field="Bridge_Key__c")
    on = "upsert" if keyed else "create"
    await acme.sim.do("POST", "/faults", {"on": on, "key": made, "kind": kind, "status": 503, "times": 1})
    row = await opened(acme)
    [contact], [case] = await acme.has("Contact"), await acme.has("Case")
    assert (row["contactId"], row["caseId"], case["ContactId"]) == (contact["Id"], case["Id"], contact["Id"])
    assert (await acme.sim.do("GET", "/faults"))["faults"][0]["fired"] == 1


async def test_an_account_whose_answer_is_lost_is_not_made_twice(acme: Acme) -> None:
    await acme.sim.rules(person_accounts=True)
    acme.set(account_record_type=PERSONS)
    await acme.sim.do("POST", "/faults", {"on": "create", "key": "Account", "kind": "drop_after", "times": 1})
    row = await opened(acme)
    [account] = await acme.has("Account")
    assert row["contactId"] == account["PersonContactId"]


async def test_a_lost_case_is_not_taken_for_one_of_another_chat(acme: Acme) -> None:
    wish = acme.wish()
    first = await acme.row(await connect(acme.bridge(), acme.bot, wish))
    await acme.redis.delete(key("user", acme.bot.slug, wish.user_id))  # that chat is over
    await acme.sim.do("POST", "/faults", {"on": "create", "key": "Case", "kind": "drop", "times": 1})
    second = await acme.row(await connect(acme.bridge(), acme.bot, wish))
    assert len(await acme.has("Case")) == 2
    assert first["caseId"] != second["caseId"]


async def test_a_locked_row_is_tried_again(acme: Acme) -> None:
    fault = {"on": "create", "key": "Case", "kind": "status", "status": 400, "code": "UNABLE_TO_LOCK_ROW", "times": 2}
    await acme.sim.do("POST", "/faults", fault)
    await opened(acme)
    assert len(await acme.has("Case")) == 1


async def test_an_expired_session_is_renewed_once_for_all(acme: Acme) -> None:
    await opened(acme)
    await acme.sim.do("POST", "/org/expire", {})
    await asyncio.gather(*(opened(acme) for _ in range(6)))
    assert (await acme.calls())["logins"] == 2


async def test_a_case_made_before_live_agent_failed_is_taken_by_the_bots_repeat(acme: Acme) -> None:
    wish = acme.wish()
    await acme.sim.do("POST", "/faults", {"on": "session_id", "kind": "status", "status": 500})
    with pytest.raises(StartFailed):
        await connect(acme.bridge(), acme.bot, wish)
    assert (await acme.last(wish.user_id))["caseId"]
    await acme.sim.ask("DELETE", "/sim/faults")
    row = await acme.row(await connect(acme.bridge(), acme.bot, wish))
    [case] = await acme.has("Case")
    assert row["caseId"] == case["Id"]


async def test_a_case_whose_chat_was_never_taken_is_taken_by_the_bots_repeat(acme: Acme) -> None:
    wish = acme.wish(email="no tengo")
    await acme.sim.do("POST", "/faults", {"on": "chasitor_init", "kind": "status", "status": 400})
    for _ in range(2):
        with pytest.raises(StartFailed):
            await connect(acme.bridge(), acme.bot, wish)
    await acme.sim.ask("DELETE", "/sim/faults")
    row = await acme.row(await connect(acme.bridge(), acme.bot, wish))
    [case] = await acme.has("Case")
    assert row["caseId"] == case["Id"]


async def test_a_chat_that_was_taken_keeps_its_case_for_itself(acme: Acme) -> None:
    wish = acme.wish()
    first = await acme.row(await connect(acme.bridge(), acme.bot, wish))
    for status in (Status.CLOSED, Status.FAILED):
        await acme.redis.hset(key("hash", first["id"]), "status", status)
        await acme.redis.delete(key("user", acme.bot.slug, wish.user_id))
        assert (await acme.row(await connect(acme.bridge(), acme.bot, wish)))["caseId"] != first["caseId"]
    assert len(await acme.has("Case")) == 3


async def test_a_search_that_takes_long_makes_no_second_contact(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact, "LEASE", 300)
    bridge, wishes = acme.bridge(), [acme.wish(email="ana@example.org") for _ in range(2)]
    await acme.sim.do("POST", "/faults", {"on": "composite", "kind": "slow", "seconds": 1.5, "times": 1})
    slow = asyncio.create_task(connect(bridge, acme.bot, wishes[0]))
    while not (await acme.sim.do("GET", "/faults"))["faults"][0]["fired"]:
        await asyncio.sleep(0.01)
    await connect(bridge, acme.bot, wishes[1])
    await slow
    assert len(await acme.has("Contact")) == 1


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
