"""Queries: what is found, what is refused, and that no value can break out of its quotes (data sheet §3)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.protocol_options import Rules
from simulator.salesforce.org import Org
from simulator.salesforce.refusal import Refused
from simulator.salesforce.soql.parse import parse
from simulator.salesforce.writing import create

from .org import V, error

ANA = {"FirstName": "Ana", "LastName": "Pérez", "Email": "ana+1@example.org", "MobilePhone": "5512345678"}
LUIS = {"FirstName": "Luis", "LastName": "O'Higgins", "Email": "luis@example.org", "MobilePhone": "+525587654321"}
EVA = {"LastName": "100%_\\o/", "Email": None}


@pytest.fixture
async def people(org):
    """Three contacts, the names by their ids."""
    names = {}
    for number, one in enumerate((ANA, LUIS, EVA)):
        fields = one | {"CreatedDate": f"2026-01-0{number + 1}T10:00:00.000+0000"}
        names[await org.seed("Contact", **fields)] = one.get("FirstName", "Eva")
    return names


FOUND = {
    "Email = 'ana+1@example.org'": "Ana",
    "email = 'ANA+1@EXAMPLE.ORG'": "Ana",
    "LastName = 'O\\'Higgins'": "Luis",
    "LastName = 'o\\'higgins' AND FirstName = 'Luis'": "Luis",
    "MobilePhone IN ('x','5512345678','+525587654321')": "Ana Luis",
    "FirstName NOT IN ('Ana')": "Luis Eva",
    "Email = null": "Eva",
    "Email != null": "Ana Luis",
    "Email = ''": "Eva",
    "FirstName = 'Ana' OR FirstName = 'Luis'": "Ana Luis",
    "(FirstName = 'Ana' OR FirstName = 'Luis') AND Email LIKE 'luis%'": "Luis",
    "NOT (FirstName = 'Ana')": "Luis Eva",
    "LastName LIKE '%\\%\\_%'": "Eva",
    "LastName LIKE '%\\\\o/'": "Eva",
    "LastName LIKE '___\\%%'": "Eva",
    "LastName LIKE '%_%'": "Ana Luis Eva",
    "LastName LIKE 'per%'": "",
    "LastName LIKE 'PÉR%'": "Ana",
    "CreatedDate > 2026-01-01T10:00:00+00:00": "Luis Eva",
    "CreatedDate <= 2026-01-01T04:00:00-06:00": "Ana",
    "Id = '003000000000002AAA'": "Luis",
    "Id = '003000000000002'": "Luis",
    "Owner.Name = 'bridge@example.org' AND LastName = 'Pérez'": "Ana",
}
MALFORMED = [
    "",
    "SELECT FROM Contact",
    "SELECT Id Contact",
    "SELECT Id FROM Contact WHERE",
    "SELECT Id FROM Contact WHERE LastName = 'O'Higgins'",
    "SELECT Id FROM Contact WHERE LastName = 'a",
    'SELECT Id FROM Contact WHERE LastName = "a"',
    "SELECT Id FROM Contact WHERE LastName = 'a\\q'",
    "SELECT Id FROM Contact WHERE LastName = 'a\\%'",
    "SELECT Id FROM Contact WHERE LastName = 'a' AND LastName = 'b' OR LastName = 'c'",
    "SELECT Id FROM Contact WHERE LastName IN ()",
    "SELECT Id FROM Contact WHERE LastName IN 'a'",
    "SELECT Id FROM Contact WHERE (LastName = 'a'",
    "SELECT Id FROM Contact LIMIT x",
    "SELECT Id FROM Contact LIMIT 5 ORDER BY Id",
    "SELECT Id FROM Contact; DELETE",
    "SELECT Id FROM Contact GROUP BY Id",
    "SELECT Id FROM Contact WHERE CreatedDate > 2026-13-01T00:00:00Z",
    "SELECT Id FROM Contact WHERE CreatedDate > 2026-01-01T00:00:00 00:00",
    "SELECT Id FROM Contact WHERE " + "(" * 9999,
    "SELECT Id FROM ContentDocumentLink",
    "DELETE FROM Contact",
]
REFUSED = {
    "SELECT Nothing__c FROM Contact": "INVALID_FIELD",
    "SELECT Id, id FROM Contact": "INVALID_FIELD",
    "SELECT PersonEmail FROM Account": "INVALID_FIELD",
    "SELECT Id FROM Contact WHERE Nothing__c = 'a'": "INVALID_FIELD",
    "SELECT Id FROM Contact WHERE Email = 5": "INVALID_FIELD",
    "SELECT Id FROM Contact WHERE CreatedDate > '2026-01-01T00:00:00Z'": "INVALID_FIELD",
    "SELECT Id FROM Contact WHERE Description = 'a'": "INVALID_FIELD",
    "SELECT Id FROM Case WHERE IsEscalated = 'true'": "INVALID_FIELD",
    "SELECT Nobody.Name FROM Contact": "INVALID_FIELD",
    "SELECT Id FROM Contact WHERE Id = 'x'": "INVALID_QUERY_FILTER_OPERATOR",
    "SELECT Id FROM Kontakt": "INVALID_TYPE",
}


@pytest.mark.parametrize("where", FOUND)
async def test_who_is_found(org, people, where):
    found = await org.ids(f"SELECT Id FROM Contact WHERE {where}")
    assert " ".join(people[id] for id in found) == FOUND[where]


@pytest.mark.parametrize("soql", MALFORMED)
async def test_what_is_not_understood_is_malformed(org, soql):
    assert error(await org.query(soql)) == (400, "MALFORMED_QUERY")


@pytest.mark.parametrize("soql", REFUSED)
async def test_what_cannot_be_asked_has_its_code(org, soql):
    assert error(await org.query(soql)) == (400, REFUSED[soql])


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("CreatedDate DESC", "Eva Luis Ana"),
        ("CreatedDate DESC LIMIT 1", "Eva"),
        ("Email LIMIT 2", "Eva Ana"),
        ("Email ASC NULLS LAST", "Ana Luis Eva"),
        ("FirstName DESC NULLS LAST, CreatedDate", "Luis Ana Eva"),
        ("CreatedDate LIMIT 1 OFFSET 1", "Luis"),
    ],
)
async def test_the_order_and_how_many(org, people, order, names):
    found = await org.ids(f"SELECT Id FROM Contact ORDER BY {order}")
    assert " ".join(people[id] for id in found) == names


async def test_fields_come_back_in_the_apis_own_spelling(org, people):
    record = (await org.query("SELECT lastname, EMAIL FROM contact WHERE firstname = 'Ana'")).json["records"][0]
    assert list(record) == ["attributes", "LastName", "Email"]


async def test_a_query_goes_on_until_it_is_done(org, people):
    await org.sim.rules(query_page_size=2)
    first = (await org.query("SELECT Id FROM Contact")).json
    assert (first["totalSize"], first["done"], len(first["records"])) == (3, False, 2)
    last = (await org.call("GET", first["nextRecordsUrl"])).json
    assert (last["totalSize"], last["done"], len(last["records"])) == (3, True, 1)
    assert "nextRecordsUrl" not in last
    assert error(await org.call("GET", "query/01g000000000009AAA-2")) == (400, "INVALID_QUERY_LOCATOR")


async def test_a_count_has_no_records(org, people):
    answer = (await org.query("SELECT COUNT() FROM Contact WHERE Email != null")).json
    assert answer == {"totalSize": 2, "done": True, "records": []}


async def test_a_query_that_is_too_long_for_an_address(org):
    numbers = ",".join(f"'{number:013d}'" for number in range(1200))
    answer = await org.query(f"SELECT Id FROM Contact WHERE MobilePhone IN ({numbers})")
    assert error(answer) == (414, "URI_TOO_LONG")


async def test_headers_that_are_too_long_beside_the_address(org):
    """§2.1: 431."""
    await org.sim.rules(uri_max_bytes=2000)
    answer = await org.call("GET", "query?q=SELECT+Id+FROM+Contact", headers={"X-Long": "x" * 2000})
    assert error(answer) == (431, "HEADERS_TOO_LONG")


ESCAPES = {"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("'\\\"%_()\n"), max_size=60))
def test_an_escaped_value_finds_its_own_record_and_no_other(value):
    org = Org(Rules())
    kind = org.schema.objects["contact"]
    mine = create(org, kind, {"LastName": "x", "Title": value}, None)
    create(org, kind, {"LastName": "y", "Title": value + "!"}, None)
    quoted = "".join(ESCAPES.get(letter, letter) for letter in value)
    found = org.reader.run(parse(f"SELECT Id FROM Contact WHERE Title = '{quoted}'"), "v59.0")
    assert [record["Id"] for record in found] == [mine["Id"]]


WORDS = "SELECT FROM WHERE Id LastName CreatedDate = IN ( ) ' 'a%' 5 null . < LIKE NOT AND OR 2026-01-01 , \\"


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS.split())).map(" ".join))
def test_any_text_is_a_query_or_is_refused(text):
    org = Org(Rules())
    try:
        org.reader.run(parse(f"SELECT Id FROM Contact WHERE {text}"), "v59.0")
    except Refused as refused:
        assert refused.status == 400


async def test_a_text_of_fifteen_letters_is_not_taken_for_an_id(org):
    id = await org.create("Contact", LastName="ABCDEFGHIJKLMNO")
    assert await org.ids("SELECT Id FROM Contact WHERE LastName = 'abcdefghijklmno'") == [id]


async def test_what_changed_or_was_taken_back_is_found_as_it_is(org):
    soql = "SELECT Id FROM Contact WHERE Email = '{}@example.org' AND LastName != 'x'".format
    id = await org.create("Contact", LastName="Pérez", Email="old@example.org")
    assert await org.ids(soql("old")) == [id]
    await org.call("PATCH", f"sobjects/Contact/{id}", {"Email": "new@example.org"})
    assert (await org.ids(soql("old")), await org.ids(soql("new"))) == ([], [id])
    change = {"method": "PATCH", "url": f"{V}/sobjects/Contact/{id}", "referenceId": "a", "body": {"Email": None}}
    bad = {"method": "POST", "url": f"{V}/sobjects/Contact", "referenceId": "b", "body": {}}
    await org.call("POST", "composite", {"allOrNone": True, "compositeRequest": [change, bad]})
    assert await org.ids(soql("new")) == [id]
    await org.call("DELETE", f"sobjects/Contact/{id}")
    assert await org.ids(soql("new")) == []
