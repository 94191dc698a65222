"""Answers that are lost, and bots that ask again: no contact and no case is made twice."""

from __future__ import annotations

import pytest

from interconnections.bridge.connect import connect
from interconnections.errors import StartFailed
from interconnections.lifecycle import Status
from interconnections.store.keys import key
from tests.records.conftest import PERSONS, Acme, opened


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
