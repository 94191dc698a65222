"""connect with a login: whose contact it is, who is found and who is made."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from interconnections.bridge import contact
from interconnections.bridge.connect import connect
from interconnections.errors import Forbidden
from interconnections.lifecycle import Reason, Status
from interconnections.store.keys import key
from tests.records.conftest import PERSONS, Acme, failed, opened

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


async def test_a_search_that_takes_long_makes_no_second_contact(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact, "LEASE", 2_000)
    bridge, wishes = acme.bridge(), [acme.wish(email="ana@example.org") for _ in range(2)]
    await acme.sim.do("POST", "/faults", {"on": "composite", "kind": "slow", "seconds": 2.5, "times": 1})
    slow = asyncio.create_task(connect(bridge, acme.bot, wishes[0]))
    while not (await acme.sim.do("GET", "/faults"))["faults"][0]["fired"]:
        await asyncio.sleep(0.01)
    await connect(bridge, acme.bot, wishes[1])
    await slow
    assert len(await acme.has("Contact")) == 1


async def test_a_failed_search_is_not_nobody(acme: Acme) -> None:
    """W47: a field that does not exist fails one part of the search; nobody is made because of that."""
    acme.set(search_fields={"customer": "Gone__c"})
    assert "(INVALID_FIELD, Gone__c)" in await failed(acme, extra={"customer": "7"})
    assert await acme.has("Contact") == []


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


async def test_whom_a_supervisor_blocked_reaches_nobody(acme: Acme) -> None:
    wish = acme.wish()
    await acme.redis.set(key("blocked", acme.bot.slug, wish.user_id), 1)
    with pytest.raises(Forbidden, match="^could not create chat in salesforce: this contact is blocked$"):
        await connect(acme.bridge(), acme.bot, wish)
    row = await acme.last(wish.user_id)
    assert (row["status"], row["reason"]) == (Status.FAILED, Reason.BLOCKED_BY_HAND)
    assert "from-sf-blocked" in str(await acme.redis.lrange(key("lane", row["id"], "integration"), 0, -1))
    assert await acme.has("Contact") == []


async def test_who_is_not_blocked_passes(acme: Acme) -> None:
    acme.set(blocked_field="Blocked__c")
    await acme.seed("Contact", LastName="Ana", Email="ana@example.org", Blocked__c=False)
    await opened(acme, email="ana@example.org")


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
