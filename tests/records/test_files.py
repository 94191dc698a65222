"""Files on a case: what goes out, what an answer means, and how one is found whose answer was lost."""

import io
import json

import pytest

from interconnections.desks.records.client import Records
from interconnections.desks.records.files import attach, attached
from interconnections.errors import RecordsRefused, RecordsUnwell
from interconnections.wire import Reply, Unreachable
from tests.records.orgs import HOST, Tokens, reply
from tests.unit.wires import ScriptedWire

CASE, VERSION = "500000000000001AAA", "068000000000001AAA"
MARK = "7a0b7d5e-0a55-4c0e-9c3a-1f2e3d4c5b6a/12"
OVER = reply(401, b'[{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]')
MADE = reply(201, json.dumps({"id": VERSION, "success": True, "errors": []}).encode())


def of(*script: Reply | Exception) -> tuple[Records, ScriptedWire]:
    wire = ScriptedWire(list(script))
    return Records(wire, Tokens(), "62.0"), wire


def photo(records: Records, title: str = "Mi niña"):
    return attach(records, CASE, title, "jpg", io.BytesIO(b"<bytes>"), MARK)


async def test_a_file_goes_out_in_two_parts_the_json_first() -> None:
    records, wire = of(MADE)
    assert await photo(records) == VERSION
    [asked] = wire.asked
    assert (asked.method, asked.url) == ("POST", f"{HOST}/services/data/v62.0/sobjects/ContentVersion")
    boundary = asked.headers["Content-Type"].removeprefix("multipart/form-data; boundary=")
    _, first, second, end = asked.body.split(f"--{boundary}")
    assert 'name="entity_content"\r\nContent-Type: application/json\r\n\r\n' in first
    assert json.loads(first.partition("\r\n\r\n")[2]) == {
        "Title": "Mi niña",
        "PathOnClient": "Mi niña.jpg",
        "Description": MARK,
        "FirstPublishLocationId": CASE,
    }
    assert 'name="VersionData"; filename="file.jpg"' in second
    assert second.endswith("\r\n\r\n<bytes>\r\n")
    assert end == "--\r\n"


async def test_an_emoji_of_several_keeps_its_joiners_in_the_title_only() -> None:
    records, wire = of(MADE)
    await photo(records, "👩\u200d🔬")
    assert '"Title": "👩\u200d🔬", "PathOnClient": "👩🔬.jpg"' in wire.asked[0].body


async def test_a_name_that_is_not_taken_gives_way_to_a_plain_one() -> None:
    refused = reply(400, b'[{"errorCode": "FIELD_INTEGRITY_EXCEPTION", "message": "x", "fields": ["PathOnClient"]}]')
    records, wire = of(refused, MADE)
    assert await photo(records) == VERSION
    assert '"Title": "Mi niña", "PathOnClient": "file.jpg"' in wire.asked[1].body
    assert wire.asked[1].body.endswith("--\r\n") and "<bytes>" in wire.asked[1].body
    records, wire = of(refused, refused)
    with pytest.raises(RecordsRefused):
        await photo(records)


async def test_after_a_401_it_is_sent_again_from_its_beginning() -> None:
    records, wire = of(OVER, MADE)
    assert await photo(records) == VERSION
    first, second = wire.asked
    assert first.body == second.body != ""


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply(400, b'[{"errorCode": "STORAGE_LIMIT_EXCEEDED", "message": "x"}]'), RecordsRefused),
        (reply(400, b'[{"errorCode": "FIELD_INTEGRITY_EXCEPTION", "message": "x"}]'), RecordsRefused),
        (reply(413, b'[{"errorCode": "REQUEST_ENTITY_TOO_LARGE", "message": "x"}]'), RecordsRefused),
        (reply(413, b"<html>"), RecordsRefused),
        (reply(503, b"<html>"), RecordsUnwell),
        (reply(201, b'{"id": null, "success": false}'), RecordsUnwell),
        (Unreachable("ServerDisconnectedError"), RecordsUnwell),
    ],
)
async def test_only_an_id_is_success(answer: Reply | Exception, error: type[Exception]) -> None:
    records, _ = of(answer)
    with pytest.raises(error):
        await photo(records)


async def test_a_file_whose_answer_was_lost_is_found_by_its_mark() -> None:
    rows = [
        {"Id": "068000000000009AAA", "Description": "another's"},
        {"Id": "068000000000008AAA", "Description": None},
        {"Id": VERSION, "Description": MARK},
    ]
    records, wire = of(reply(200, json.dumps({"records": rows}).encode()))
    assert await attached(records, "L'image", MARK) == VERSION
    assert "Title%20%3D%20%27L%5C%27image%27" in wire.asked[0].url


async def test_what_did_not_come_is_not_found() -> None:
    records, _ = of(reply(200, b'{"records": []}'))
    assert await attached(records, "imagen", MARK) == ""
