"""The data API's sheet, file by file: what each answer is to us.  The simulated org is held to the same files."""

import json
from pathlib import Path

import pytest

from interconnections.desks.loosely import parsed
from interconnections.desks.records import reader
from interconnections.desks.records.client import Records
from interconnections.desks.records.login import read_token
from interconnections.errors import LoginRefused, RecordsError, RecordsRefused, RecordsUnwell, SessionOver
from interconnections.wire import Reply
from tests.records.orgs import HOST, Tokens, reply
from tests.unit.payloads import content
from tests.unit.wires import ScriptedWire

ROOT = Path(__file__).parent.parent / "payloads/salesforce_data"
EMAIL = "ana@example.org"


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).glob("*.json"))


ERRORS = {
    SessionOver: {"expired-session", "expired-session-as-html", "ill-formed-bearer", "session-not-for-rest"},
    RecordsUnwell: {"row-lock", "server-unavailable", "unknown-exception", "html-page", "empty", "object-not-array"},
}


@pytest.mark.parametrize("path", files("errors"), ids=lambda path: path.stem)
def test_every_error_of_the_sheet_says_what_to_do(path: Path) -> None:
    case = json.loads(path.read_text())
    wanted = next((kind for kind, names in ERRORS.items() if path.stem in names), RecordsRefused)
    with pytest.raises(RecordsError) as trouble:
        reader.raise_unless_done(case["status"], parsed(content(case) if {"body", "text"} & set(case) else b""))
    assert type(trouble.value) is wanted
    assert EMAIL not in str(trouble.value)
    if wanted is RecordsRefused and isinstance(case.get("body"), list) and isinstance(case["body"][0], dict):
        assert str(trouble.value) != "Salesforce refused it"


@pytest.mark.parametrize("path", files("token"), ids=lambda path: path.stem)
def test_every_answer_of_the_token_endpoint_is_a_token_or_a_sentence(path: Path) -> None:
    case = json.loads(path.read_text())
    answer = Reply(case["status"], content(case))
    body = case.get("body")
    if case["status"] == 200 and isinstance(body, dict) and body.get("access_token"):
        token = read_token(answer, "https://login.salesforce.com")
        assert token.value.reveal() == body["access_token"]
        return
    with pytest.raises(LoginRefused if path.stem.startswith("refused") else RecordsUnwell) as refused:
        read_token(answer, "https://login.salesforce.com")
    assert len(str(refused.value)) > 20


async def test_the_sheets_search_is_ours() -> None:
    case = json.loads((ROOT / "composite/search.json").read_text())
    body = json.dumps(case["body"]).replace("byEmail", "query0").replace("byMobile", "query1").encode()
    records = Records(ScriptedWire([reply(200, body)]), Tokens(), "59.0")
    nobody, one = await records.queries(["SELECT Id FROM Contact", "SELECT Id FROM Contact"])
    assert nobody == []
    assert isinstance(one, list) and one[0]["Id"] == "003000000000001AAA"


@pytest.mark.parametrize("path", [*files("composite"), *files("create"), *files("query")], ids=lambda path: path.stem)
def test_every_composite_answer_tells_of_its_parts(path: Path) -> None:
    case = json.loads(path.read_text())
    body = case.get("body")
    if isinstance(body, dict) and "compositeResponse" in body:
        names = [part["referenceId"] for part in body["compositeResponse"]]
        outcomes = reader.read_composite(body, names)
        for part, outcome in zip(body["compositeResponse"], outcomes, strict=True):
            assert isinstance(outcome, RecordsError) == (part["httpStatusCode"] >= 300)
    elif case["status"] < 300 and isinstance(body, dict) and "records" in body:
        assert reader.read_records(body) == body["records"]
    elif case["status"] in (200, 201) and isinstance(body, dict) and "success" in body:
        assert reader.read_id(body) == body["id"]


def test_the_token_goes_nowhere_else() -> None:
    body = json.dumps({"access_token": "x", "instance_url": "https://acme.my.salesforce.com.evil.org"}).encode()
    with pytest.raises(LoginRefused):
        read_token(Reply(200, body), HOST)
