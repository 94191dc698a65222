"""Faults on the org's calls, told in the org's own words."""

from __future__ import annotations

import aiohttp
import pytest

from .org import KEY, SECRET, error

LOST = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        ({"status": 500}, (500, "UNKNOWN_EXCEPTION")),
        ({"status": 503}, (503, "SERVER_UNAVAILABLE")),
        ({"status": 403}, (403, "REQUEST_LIMIT_EXCEEDED")),
        ({"status": 400}, (400, "UNABLE_TO_LOCK_ROW")),
        ({"status": 500, "code": "APEX_ERROR"}, (500, "APEX_ERROR")),
    ],
)
async def test_a_fault_answers_an_array_of_errors(org, fault, wanted):
    await org.sim.fault("create", "status", times=1, **fault)
    assert error(await org.call("POST", "sobjects/Case", {})) == wanted
    assert (await org.call("POST", "sobjects/Case", {})).status == 201


async def test_a_case_is_made_and_the_answer_is_lost(org):
    await org.sim.fault("upsert", "drop_after", times=1)
    path = "sobjects/Case/Bridge_Key__c/key"
    with pytest.raises(LOST):
        await org.call("PATCH", path, {"Subject": "x"})
    assert (await org.call("PATCH", path, {"Subject": "x"})).json["created"] is False
    assert len(await org.records("Case")) == 1


async def test_a_fault_names_an_object(org):
    await org.sim.fault("salesforce", "status", key="Contact")
    assert (await org.query("SELECT Id FROM Contact")).status == 500
    assert (await org.query("SELECT Id FROM Case")).status == 200
    assert (await org.call("POST", "sobjects/Contact", {"LastName": "x"})).status == 500


async def test_a_whole_composite_is_done_and_its_answer_spoilt(org):
    part = {"method": "POST", "url": "/services/data/v59.0/sobjects/Case", "referenceId": "a", "body": {}}
    await org.sim.fault("composite", "garbage", times=1, key="Case")
    answer = await org.call("POST", "composite", {"compositeRequest": [part]})
    assert (answer.status, answer.json) == (200, None)
    assert len(await org.records("Case")) == 1


async def test_the_token_endpoint_fails_in_its_own_words(org):
    await org.sim.fault("token", "status", status=400, code="invalid_client_id", times=1)
    form = {"grant_type": "client_credentials", "client_id": KEY, "client_secret": SECRET}
    answer = await org.log_in(**form)
    assert (answer.status, answer.json["error"]) == (400, "invalid_client_id")
    assert (await org.log_in(**form)).status == 200


async def test_an_answer_breaks_off_in_the_middle(org):
    await org.sim.fault("query", "truncated", times=1)
    with pytest.raises(aiohttp.ClientPayloadError):
        await org.query("SELECT Id FROM Case")


async def test_calls_are_counted_by_what_they_do(org):
    await org.create("Case", Subject="x")
    await org.query("SELECT Id FROM Case")
    part = {"method": "POST", "url": "/services/data/v59.0/sobjects/Case", "referenceId": "a", "body": {}}
    await org.call("POST", "composite", {"compositeRequest": [part]})
    seen = await org.sim.do("GET", "/org")
    assert (seen["calls"], seen["used"]) == ({"create": 2, "query": 1, "composite": 1}, 3)
