"""Several calls in one (data sheet §5): references, all or none, limits, and what is refused whole."""

from __future__ import annotations

import pytest

from .org import V, error


def part(method, path, ref, body=None, **headers):
    one = {"method": method, "url": f"{V}/{path}", "referenceId": ref}
    return one | ({"body": body} if body is not None else {}) | ({"httpHeaders": headers} if headers else {})


def contact(ref="person", **fields):
    return part("POST", "sobjects/Contact", ref, {"LastName": "Pérez"} | fields)


async def send(org, *parts, **more):
    return await org.call("POST", "composite", {"compositeRequest": list(parts)} | more)


async def outcomes(org, *parts, **more):
    """(status, errorCode or None) of each part."""
    answer = await send(org, *parts, **more)
    assert answer.status == 200, answer
    found = []
    for one in answer.json["compositeResponse"]:
        code = one["body"][0]["errorCode"] if one["httpStatusCode"] >= 400 else None
        found.append((one["httpStatusCode"], code))
    return found


async def test_none_stands_when_one_of_all_or_none_fails(org):
    before = await org.create("Case", Subject="before")
    parts = [
        contact(),
        part("PATCH", f"sobjects/Case/{before}", "change", {"Subject": "after"}),
        part("DELETE", f"sobjects/Case/{before}", "gone"),
        part("POST", "sobjects/Contact", "bad", {}),
        contact("later"),
    ]
    halted = (400, "PROCESSING_HALTED")
    wanted = [halted, halted, halted, (400, "REQUIRED_FIELD_MISSING"), halted]
    assert await outcomes(org, *parts, allOrNone=True) == wanted
    assert await org.records("Contact") == []
    assert [case["Subject"] for case in await org.records("Case")] == ["before"]


async def test_without_it_the_others_stand(org):
    parts = [part("POST", "sobjects/Contact", "bad", {}), contact()]
    assert await outcomes(org, *parts) == [(400, "REQUIRED_FIELD_MISSING"), (201, None)]
    assert len(await org.records("Contact")) == 1


@pytest.mark.parametrize(
    "reference",
    [
        "@{nobody.id}",
        "@{Person.id}",
        "@{person.Id}",
        "@{found.records[0].Id}",
        "@{found.records[x]}",
        "@{person.id.x}",
    ],
)
async def test_a_reference_to_nothing_halts_its_part(org, reference):
    nobody = part("GET", "query?q=SELECT+Id+FROM+Contact+WHERE+LastName='x'", "found")
    case = part("POST", "sobjects/Case", "case", {"ContactId": reference})
    wanted = (400, "MALFORMED_ID" if "[x]" in reference else "PROCESSING_HALTED")
    assert await outcomes(org, contact(), nobody, case) == [(201, None), (200, None), wanted]


async def test_a_reference_stands_in_a_url_and_inside_a_text(org):
    answer = await send(
        org,
        contact(),
        part("PATCH", "sobjects/Contact/@{person.id}", "change", {"Title": "id: @{person.id}"}),
        part("GET", "sobjects/Contact/@{person.id}?fields=Title", "read"),
    )
    id = answer.json["compositeResponse"][0]["body"]["id"]
    assert answer.json["compositeResponse"][1]["body"] is None
    assert answer.json["compositeResponse"][2]["body"]["Title"] == f"id: {id}"


async def test_a_person_account_and_its_contact_in_one_call(org):
    await org.sim.rules(person_accounts=True)
    answer = await send(
        org,
        part("POST", "sobjects/Account", "account", {"RecordTypeId": "012000000000002AAA", "LastName": "Pérez"}),
        part("GET", "sobjects/Account/@{account.id}?fields=PersonContactId", "person"),
        part("POST", "sobjects/Case", "case", {"ContactId": "@{person.PersonContactId}"}),
        allOrNone=True,
    )
    assert [one["httpStatusCode"] for one in answer.json["compositeResponse"]] == [201, 200, 201]


async def test_each_part_has_headers_of_its_own(org):
    await org.sim.rules(assignment_owner="005000000000001AAA")
    body = {"OwnerId": "00G000000000001EAA"}
    case = part("POST", "sobjects/Case", "a", body, **{"Sforce-Auto-Assign": "FALSE"})
    await send(org, case, part("POST", "sobjects/Case", "b", body))
    assert [case["OwnerId"][:3] for case in await org.records("Case")] == ["00G", "005"]


QUERY = "query?q=SELECT+Id+FROM+Case"
WHOLE = {
    "no parts": [],
    "no referenceId": [{"method": "GET", "url": f"{V}/{QUERY}"}],
    "a referenceId that begins with a digit": [part("GET", QUERY, "1a")],
    "a referenceId twice": [part("GET", QUERY, "a"), part("GET", QUERY, "a")],
    "an absolute url": [{"method": "GET", "url": f"https://acme.my.salesforce.com{V}/{QUERY}", "referenceId": "a"}],
    "a url with a blank": [part("GET", "query?q=SELECT Id FROM Case", "a")],
    "a url with a letter that is not ASCII": [part("GET", f"{QUERY}+WHERE+Subject='ñ'", "a")],
    "26 parts": [contact(f"c{number}") for number in range(26)],
    "six queries": [part("GET", QUERY, f"q{number}") for number in range(6)],
    "no object": ["x"],
}


@pytest.mark.parametrize("name", WHOLE)
async def test_what_is_refused_whole(org, name):
    answer = await send(org, *WHOLE[name])
    assert answer.status == 400
    assert answer.json[0]["errorCode"] in ("JSON_PARSER_ERROR", "LIMIT_EXCEEDED")
    assert await org.records("Contact") == []


async def test_25_parts_and_five_queries_are_one_call(org):
    parts = [contact(f"c{number}") for number in range(20)] + [
        part("GET", QUERY, f"q{number}") for number in range(5)
    ]
    assert {status for status, _ in await outcomes(org, *parts)} == {200, 201}
    assert (await org.sim.do("GET", "/org"))["used"] == 1


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("nothing", (404, "NOT_FOUND")),
        ("composite", (405, "METHOD_NOT_ALLOWED")),
        ("sobjects/ContentVersion/068000000000001AAA/VersionData", (404, "NOT_FOUND")),
        ("query?q=SELECT", (400, "MALFORMED_QUERY")),
    ],
)
async def test_a_part_that_leads_nowhere(org, path, wanted):
    assert await outcomes(org, part("GET", path, "a"), contact()) == [wanted, (201, None)]


async def test_a_fault_on_a_kind_of_call_reaches_the_parts_that_are_one(org):
    await org.sim.fault("create", "status", status=400, code="UNABLE_TO_LOCK_ROW", key="Case", times=1)
    case = part("POST", "sobjects/Case", "case", {"ContactId": "@{person.id}"})
    halted = (400, "PROCESSING_HALTED")
    assert await outcomes(org, contact(), case, allOrNone=True) == [halted, (400, "UNABLE_TO_LOCK_ROW")]
    assert await outcomes(org, contact(), case, allOrNone=True) == [(201, None), (201, None)]
    assert error(await org.call("GET", "sobjects/Case/x")) == (404, "NOT_FOUND")
