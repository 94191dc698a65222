"""The data API's calls: what goes out, what each answer means, and the token that is renewed once."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interconnections.desks.records import reader
from interconnections.desks.records.client import AS_OWNED, Part, Records
from interconnections.desks.records.refusals import raise_unless_done
from interconnections.errors import LoginRefused, RecordsError, RecordsRefused, RecordsUnwell, SessionOver
from interconnections.wire import Reply, Unreachable
from tests.records.orgs import HOST, Tokens, reply
from tests.unit.wires import ScriptedWire

ID = "003000000000001AAA"
OVER = reply(401, b'[{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]')
MADE = reply(201, json.dumps({"id": ID, "success": True, "errors": []}).encode(), "api-usage=18/15000")


def of(*script: Reply | Exception) -> tuple[Records, ScriptedWire, Tokens]:
    wire, tokens = ScriptedWire(list(script)), Tokens()
    return Records(wire, tokens, "62.0"), wire, tokens


async def test_a_create_carries_its_headers() -> None:
    records, wire, _ = of(MADE)
    assert await records.create("Case", {"Subject": "¿Qué?"}, AS_OWNED) == ID
    [asked] = wire.asked
    assert (asked.method, asked.url) == ("POST", f"{HOST}/services/data/v62.0/sobjects/Case")
    assert asked.body == {"Subject": "¿Qué?"}
    assert asked.headers["Authorization"] == "Bearer token1"
    assert asked.headers["Sforce-Auto-Assign"] == "FALSE"
    assert records.usage == (18, 15000)


async def test_after_a_401_the_same_request_goes_out_whole_under_a_new_token() -> None:
    records, wire, _ = of(OVER, MADE)
    assert await records.create("Case", {"Subject": "x"}, AS_OWNED) == ID
    first, second = wire.asked
    assert second.headers == first.headers | {"Authorization": "Bearer token2"}
    assert (second.method, second.url, second.body) == (first.method, first.url, first.body)


@pytest.mark.parametrize("status", [400, 403])
async def test_a_session_that_is_over_is_over_under_any_status(status: int) -> None:
    records, wire, _ = of(reply(status, refusal("INVALID_SESSION_ID")), MADE)
    assert await records.create("Case", {}) == ID
    assert wire.asked[1].headers["Authorization"] == "Bearer token2"


def composite(*parts: tuple[int, Any]) -> Reply:
    answers = [
        {"referenceId": f"part{n}", "httpStatusCode": status, "body": body} for n, (status, body) in enumerate(parts)
    ]
    return reply(200, json.dumps({"compositeResponse": answers}).encode())


ENDED = (401, [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}])
FOUND = (200, {"records": []})
HALTED = (400, [{"errorCode": "PROCESSING_HALTED", "message": "The transaction was rolled back"}])
CREATED = (201, {"id": ID, "success": True, "errors": []})


@pytest.mark.parametrize(
    ("method", "first", "second"),
    [
        ("GET", composite(ENDED, ENDED), composite(FOUND, FOUND)),
        ("GET", composite(FOUND, ENDED), composite(FOUND, FOUND)),  # what only reads may be asked again
        ("POST", composite(HALTED, ENDED), composite(CREATED, CREATED)),
    ],
)
async def test_a_session_that_is_over_inside_a_composite_call_is_renewed(
    method: str, first: Reply, second: Reply
) -> None:
    records, wire, _ = of(first, second)
    outcomes = await records.composite([Part(f"part{n}", method, "/x", None) for n in range(2)], all_or_none=True)
    assert not any(isinstance(outcome, RecordsError) for outcome in outcomes)
    before, after = wire.asked
    assert after.body == before.body
    assert after.headers == before.headers | {"Authorization": "Bearer token2"}


async def test_a_composite_call_that_made_something_is_not_sent_again() -> None:
    records, wire, _ = of(composite(CREATED, ENDED))
    made, ended = await records.composite([Part(f"part{n}", "POST", "/x", {}) for n in range(2)], all_or_none=False)
    assert made == CREATED[1]
    assert isinstance(ended, SessionOver)
    assert len(wire.asked) == 1


async def test_a_session_that_is_over_for_ever_inside_a_composite_call_is_told_to_the_login() -> None:
    records, _, tokens = of(composite(ENDED), composite(ENDED))
    with pytest.raises(LoginRefused):
        await records.composite([Part("part0", "GET", "/x")], all_or_none=False)
    assert [token.value.reveal() for token in tokens.spoilt_ones] == ["token2"]


async def test_a_401_for_ever_is_repeated_once_and_the_login_is_told() -> None:
    records, wire, tokens = of(OVER, OVER)
    with pytest.raises(LoginRefused):
        await records.create("Case", {})
    assert len(wire.asked) == 2
    assert [token.value.reveal() for token in tokens.spoilt_ones] == ["token2"]


async def test_five_queries_go_as_one_call_and_the_sixth_as_another() -> None:
    def page(count: int) -> Reply:
        parts = [
            {"referenceId": f"query{n}", "httpStatusCode": 200, "httpHeaders": {}, "body": {"records": []}}
            for n in reversed(range(count))  # whatever their order
        ]
        return reply(200, json.dumps({"compositeResponse": parts}).encode())

    records, wire, _ = of(page(5), page(1))
    assert await records.queries(["SELECT Id FROM Contact WHERE Email = 'a+b%'"] * 6) == [[]] * 6
    assert [len(asked.body["compositeRequest"]) for asked in wire.asked] == [5, 1]
    assert wire.asked[0].body["compositeRequest"][0] == {
        "method": "GET",
        "url": "/services/data/v62.0/query?q=SELECT%20Id%20FROM%20Contact%20WHERE%20Email%20%3D%20%27a%2Bb%25%27",
        "referenceId": "query0",
    }


async def test_an_upsert_that_says_nothing_is_asked_for_its_id() -> None:
    records, wire, _ = of(reply(204), reply(200, json.dumps({"Id": ID}).encode()))
    assert await records.upsert("Case", "Bridge_Key__c", "a/b", {"Subject": "x"}) == ID
    path = f"{HOST}/services/data/v62.0/sobjects/Case/Bridge_Key__c/a%2Fb"
    assert [(asked.method, asked.url) for asked in wire.asked] == [("PATCH", path), ("GET", f"{path}?fields=Id")]


async def test_no_answer_may_have_been_an_answer() -> None:
    records, _, _ = of(Unreachable("ServerDisconnectedError"))
    with pytest.raises(RecordsUnwell) as trouble:
        await records.create("Contact", {})
    assert (trouble.value.undone, trouble.value.silent) == (False, False)
    records, _, _ = of(Unreachable("SocketTimeoutError", silent=True))
    with pytest.raises(RecordsUnwell) as trouble:
        await records.create("Contact", {})
    assert trouble.value.silent


def refusal(code: str, message: str = "", **more: Any) -> bytes:
    return json.dumps([{"errorCode": code, "message": message} | more]).encode()


ANSWERS = [
    # status, body, error, what its sentence says
    (300, b'["/services/data/v62.0/sobjects/Case/500000000000001AAA"]', RecordsRefused, "external id"),
    (302, b"", RecordsRefused, "answered 302"),
    (400, refusal("INVALID_FIELD", "SELECT Nope__c FROM Contact WHERE Email = 'ana@example.org'\n^\nERROR at Row:1:"
                  "Column:8\nNo such column 'Nope__c' on entity 'Contact'"),
     RecordsRefused, "(INVALID_FIELD, Nope__c)"),
    (400, refusal("REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", fields=["LastName"]),
     RecordsRefused, "(REQUIRED_FIELD_MISSING, LastName)"),
    (400, refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "bad value for restricted picklist field: 55 1234",
                  fields=["Origin"]), RecordsRefused, "picklist (INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST, Origin)"),
    (400, refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", "A case needs an order."), RecordsRefused,
     "“A case needs an order.”"),
    (400, refusal("MALFORMED_QUERY", "unexpected token: ana@example.org"), RecordsRefused, "(MALFORMED_QUERY)"),
    (400, refusal("SOMETHING_NEW", "of ana@example.org"), RecordsRefused, "refused it (SOMETHING_NEW)"),
    (400, refusal("UNABLE_TO_LOCK_ROW"), RecordsUnwell, "locked"),
    (400, b"{}", RecordsRefused, "answered 400"),
    (400, b"<html>", RecordsRefused, "answered 400"),
    (403, refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), RecordsRefused, "are used up"),
    (403, refusal("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."),
     RecordsUnwell, "too many calls at once"),
    (403, refusal("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded."), RecordsUnwell, "at once"),
    (503, refusal("API_CURRENTLY_DISABLED", "API is currently disabled"), RecordsUnwell, "for the moment"),
    (400, refusal("API_CURRENTLY_DISABLED", "API is currently disabled"), RecordsUnwell, "for the moment"),
    (400, refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "CaseTrigger: execution of AfterInsert caused by: "
                  "System.DmlException: first error: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access"),
     RecordsUnwell, "locked"),
    (400, refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "CaseTrigger: null"), RecordsRefused, "trigger"),
    (400, refusal("QUERY_TIMEOUT"), RecordsUnwell, "answered 400 QUERY_TIMEOUT"),
    (408, b"", RecordsUnwell, "answered 408"),
    (404, b"<html>URL No Longer Exists</html>", RecordsRefused, "not where the data API is"),
    (400, json.dumps([*json.loads(refusal("STRING_TOO_LONG", fields=["LastName"])),
                      *json.loads(refusal("INVALID_EMAIL_ADDRESS", fields=["Email"]))]).encode(),
     RecordsRefused, "too long for its field (STRING_TOO_LONG, LastName); the e-mail address is none"),
    (403, refusal("API_DISABLED_FOR_ORG"), RecordsRefused, "the API is not enabled"),
    (403, refusal("INVALID_OPERATION_WITH_EXPIRED_PASSWORD"), RecordsRefused, "password has expired"),
    (404, refusal("NOT_FOUND"), RecordsRefused, "see the data API version"),
    (405, b"", RecordsRefused, "answered 405"),
    (429, b"", RecordsUnwell, "answered 429"),
    (500, refusal("UNKNOWN_EXCEPTION", "An unexpected error"), RecordsUnwell, "answered 500 UNKNOWN_EXCEPTION"),
    (503, b"<html>Service is being maintained</html>", RecordsUnwell, "answered 503"),
    (200, b"<html>", RecordsUnwell, "something else than JSON"),
    (201, b'{"success": false, "errors": []}', RecordsUnwell, "without an id"),
    (201, b'{"id": "x/../y", "success": true}', RecordsUnwell, "without an id"),
    (201, b"[]", RecordsUnwell, "JSON object"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "error", "told"), ANSWERS)
async def test_every_answer_says_what_to_do(status: int, body: bytes, error: type[RecordsError], told: str) -> None:
    records, _, _ = of(reply(status, body))
    with pytest.raises(error) as trouble:
        await records.create("Contact", {})
    assert told in str(trouble.value)
    assert "ana@" not in str(trouble.value)
    assert "1234" not in str(trouble.value)


LEAD = "00Q000000000001AAA"


def test_a_duplicate_rule_names_its_matches() -> None:
    result = {"matchResults": [{"matchRecords": [{"record": {"Id": ID}}, {"record": None}, 7]}, "x"]}
    with pytest.raises(RecordsRefused) as refused:
        raise_unless_done(400, json.loads(refusal("DUPLICATES_DETECTED", duplicateResult=result)))
    assert refused.value.matches == (ID,)
    assert not refused.value.may_save


def test_every_duplicate_rule_that_was_met_is_heard() -> None:
    met = [
        {"errorCode": "DUPLICATES_DETECTED", "message": "…", "duplicateResult": {
            "allowSave": allow, "duplicateRule": rule, "matchResults": [{"matchRecords": [{"record": {"Id": id}}]}],
        }}
        for rule, allow, id in (("Leads", True, LEAD), ("Contacts", False, ID))
    ]  # fmt: skip
    with pytest.raises(RecordsRefused) as refused:
        raise_unless_done(400, met)
    assert (refused.value.matches, refused.value.may_save) == ((LEAD, ID), False)
    assert f"Leads, which found Lead {LEAD}" in str(refused.value)
    assert f"Contacts, which found Contact {ID}" in str(refused.value)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (refusal("INVALID_EMAIL_ADDRESS", "Email: invalid email address: x", fields=["Email"]), ("Email",)),
        (refusal("INVALID_FIELD", "No such column 'Order__c' on sobject of type Case"), ("Order__c",)),
        (refusal("DUPLICATE_VALUE", "duplicate value found: Order__c duplicates value on record with id: 5000"),
         ("Order__c",)),
        (refusal("JSON_PARSER_ERROR", "Cannot deserialize instance of double from VALUE_STRING value A-77"), ()),
    ],
)  # fmt: skip
def test_a_refusal_knows_which_fields_it_speaks_of(body: bytes, fields: tuple[str, ...]) -> None:
    with pytest.raises(RecordsRefused) as refused:
        raise_unless_done(400, json.loads(body))
    assert refused.value.fields == fields


AWAY = [reply(301), reply(308), reply(404, b"<html>URL No Longer Exists</html>"), reply(421),
        Unreachable("ClientConnectorDNSError", unmet=True)]  # fmt: skip


@pytest.mark.parametrize("away", AWAY)
async def test_where_the_data_api_has_moved_to_is_asked_of_the_login(away: Reply | Exception) -> None:
    records, wire, tokens = of(away, MADE)
    tokens.moves = True
    assert await records.create("Case", {"Subject": "x"}, AS_OWNED) == ID
    first, second = wire.asked
    assert second.headers == first.headers | {"Authorization": "Bearer token2"}
    assert second.body == first.body


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("moves", [False, True])
async def test_where_nobody_knows_it_is_said_once(away: Reply | Exception, moves: bool) -> None:
    records, wire, tokens = of(*[away] * (2 if moves else 1))
    tokens.moves = moves
    with pytest.raises((RecordsRefused, RecordsUnwell), match="not where the data API is|no answer"):
        await records.create("Case", {})
    assert wire.script == []


async def test_a_refusal_of_another_kind_asks_nobody_where_to_go() -> None:
    records, _, tokens = of(reply(404, refusal("NOT_FOUND")))
    tokens.moves = True
    with pytest.raises(RecordsRefused):
        await records.create("Case", {})


async def test_an_upsert_that_meets_itself_is_repeated() -> None:
    taken = refusal("DUPLICATE_VALUE", "duplicate value found: Bridge_Key__c duplicates value on record with id: 5")
    records, _, _ = of(reply(400, taken))
    with pytest.raises(RecordsUnwell) as trouble:
        await records.upsert("Case", "bridge_key__c", "a", {})
    assert trouble.value.undone
    records, _, _ = of(reply(400, taken))
    with pytest.raises(RecordsRefused):
        await records.upsert("Case", "Other__c", "a", {})


async def test_half_an_emoji_can_be_written() -> None:
    records, wire, _ = of(MADE)
    await records.create("Case", {"Subject": "a\ud83d"})
    assert wire.asked[0].body == {"Subject": "a?"}


async def test_a_part_that_failed_is_not_hidden_by_the_whole() -> None:
    halted = [{"errorCode": "PROCESSING_HALTED", "message": "The transaction was rolled back"}]
    picklist = [{"errorCode": "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "message": "…", "fields": ["Origin"]}]
    answer = {"compositeResponse": [
        {"referenceId": "a", "httpStatusCode": 201, "body": {"id": ID, "success": True, "errors": []}},
        {"referenceId": "b", "httpStatusCode": 400, "body": halted},
        {"referenceId": "c", "httpStatusCode": 400, "body": picklist},
        {"referenceId": "d", "httpStatusCode": 503, "body": "<html>"},
        {"referenceId": "e", "httpStatusCode": 401, "body": [{"errorCode": "INVALID_SESSION_ID"}]},
    ]}  # fmt: skip
    records, _, _ = of(reply(200, json.dumps(answer).encode()))
    parts = [Part(name, "POST", "/sobjects/Case", {}) for name in "abcde"]
    outcomes = await records.composite(parts, all_or_none=True)
    assert outcomes[0] == {"id": ID, "success": True, "errors": []}
    kinds = [RecordsRefused, RecordsRefused, RecordsUnwell, SessionOver]
    assert [type(outcome) for outcome in outcomes[1:]] == kinds
    assert "Origin" in str(outcomes[2])


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b'{"compositeResponse": [7]}', b'{"compositeResponse": []}'])
async def test_a_composite_answer_without_its_parts_is_no_answer(body: bytes) -> None:
    records, _, _ = of(reply(200, body))
    with pytest.raises(RecordsUnwell):
        await records.queries(["SELECT Id FROM Contact"])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)
named = st.dictionaries(
    st.sampled_from(["errorCode", "message", "fields", "duplicateResult", "matchResults", "records", "id", "success",
                     "compositeResponse", "referenceId", "httpStatusCode", "body"]),
    json_values,
)  # fmt: skip


@given(st.sampled_from([200, 201, 204, 300, 400, 401, 403, 404, 500, 503]), json_values | named | st.lists(named))
def test_no_answer_makes_the_reader_stumble(status: int, body: object) -> None:
    for read in (reader.read_records, reader.read_id, lambda told: reader.read_composite(told, ["a"])):
        try:
            raise_unless_done(status, body)
            read(body)
        except RecordsError as error:
            assert str(error)


@pytest.mark.parametrize(
    ("header", "usage"),
    [
        ("api-usage=18/15000", (18, 15000)),
        ("api-usage=25/5000; per-app-api-usage=17/250(appName=sample-connected-app)", (25, 5000)),
        ("per-app-api-usage=17/250(appName=x)", None),
        ("", None),
        ("api-usage=many", None),
    ],
)
def test_the_usage_that_salesforce_tells(header: str, usage: tuple[int, int] | None) -> None:
    assert reader.read_usage(header) == usage
