"""Files of the org (data sheet §6): base64 and multipart, documents, links, and what is refused."""

from __future__ import annotations

import base64
import hashlib

import aiohttp
import pytest

from .org import V, error

PHOTO = bytes(range(256)) * 40
BODY = {"Title": "foto", "PathOnClient": "foto.jpg", "VersionData": base64.b64encode(PHOTO).decode()}


async def post(org, body, kind="ContentVersion"):
    return await org.call("POST", f"sobjects/{kind}", body)


async def send_form(org, *parts):
    with aiohttp.MultipartWriter("form-data", boundary="b") as form:
        for name, content, content_type, filename in parts:
            part = form.append(content, {"Content-Type": content_type})
            part.set_content_disposition("form-data", name=name, **({"filename": filename} if filename else {}))
    headers = {"Authorization": f"Bearer {org.token}"}
    return await org.sim.ask("POST", f"{V}/sobjects/ContentVersion", data=form, headers=headers)


def entity(name="entity_content", content='{"PathOnClient": "voz.ogg"}'):
    return name, content, "application/json", None


def data(name="VersionData", content=PHOTO, filename="voz.ogg"):
    return name, content, "application/octet-stream", filename


async def files(org, record=""):
    return (await org.sim.do("GET", f"/org/files{'?record=' + record if record else ''}"))["files"]


async def test_a_file_in_json_arrives_byte_by_byte(org):
    assert (await post(org, BODY)).status == 201
    (file,) = await files(org)
    assert (file["name"], file["size"]) == ("foto.jpg", len(PHOTO))
    assert file["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    record = (await org.query("SELECT FileExtension, FileType, ContentSize, IsLatest FROM ContentVersion")).json
    assert list(record["records"][0].values())[1:] == ["jpg", "JPG", len(PHOTO), True]


async def test_a_file_as_multipart_arrives_byte_by_byte(org):
    answer = await send_form(org, entity(), data())
    assert answer.status == 201
    blob = await org.sim.http.get(
        f"{org.sim.url}{V}/sobjects/ContentVersion/{answer.json['id']}/VersionData",
        headers={"Authorization": f"Bearer {org.token}"},
    )
    assert await blob.read() == PHOTO


async def test_a_location_links_the_file_by_itself(org):
    case = await org.seed("Case", Subject="x")
    await post(org, BODY | {"FirstPublishLocationId": case})
    (file,) = await files(org, case)
    assert file["links"] == [{"LinkedEntityId": case, "ShareType": "V", "Visibility": "AllUsers"}]


async def test_a_link_of_its_own(org):
    case, other = await org.seed("Case", Subject="x"), await org.seed("Case", Subject="y")
    version = (await post(org, BODY)).json["id"]
    read = (await org.call("GET", f"sobjects/ContentVersion/{version}?fields=ContentDocumentId")).json
    link = {"ContentDocumentId": read["ContentDocumentId"], "LinkedEntityId": case}
    link |= {"ShareType": "V", "Visibility": "allUsers"}  # as one bridge spells it
    assert (await post(org, link, "ContentDocumentLink")).status == 201
    assert error(await post(org, link, "ContentDocumentLink")) == (400, "DUPLICATE_VALUE")
    assert (len(await files(org, case)), await files(org, other)) == (1, [])
    soql = f"SELECT ContentDocument.Title FROM ContentDocumentLink WHERE LinkedEntityId = '{case}'"
    assert (await org.query(soql)).json["records"][0]["ContentDocument"]["Title"] == "foto"


async def test_a_second_version_of_a_document(org):
    version = (await post(org, BODY)).json["id"]
    read = (await org.call("GET", f"sobjects/ContentVersion/{version}?fields=ContentDocumentId")).json
    await post(org, BODY | {"ContentDocumentId": read["ContentDocumentId"]})
    soql = "SELECT VersionNumber, IsLatest FROM ContentVersion ORDER BY VersionNumber"
    found = (await org.query(soql)).json["records"]
    assert [(one["VersionNumber"], one["IsLatest"]) for one in found] == [("1", False), ("2", True)]


REFUSED = [
    ({"PathOnClient": None}, {}, (400, "REQUIRED_FIELD_MISSING")),
    ({"VersionData": None}, {}, (400, "REQUIRED_FIELD_MISSING")),
    ({"VersionData": "not base64!"}, {}, (400, "JSON_PARSER_ERROR")),
    ({"PathOnClient": "a\nb.jpg"}, {}, (400, "FIELD_INTEGRITY_EXCEPTION")),
    ({"Title": "x" * 256}, {}, (400, "STRING_TOO_LONG")),
    ({"FirstPublishLocationId": "500000000000009AAA"}, {}, (400, "INVALID_CROSS_REFERENCE_KEY")),
    ({}, {"file_base64_max_bytes": 1000}, (413, "REQUEST_ENTITY_TOO_LARGE")),
    ({}, {"file_storage_bytes": 1000}, (400, "STORAGE_LIMIT_EXCEEDED")),
]


@pytest.mark.parametrize(("changes", "rules", "wanted"), REFUSED)
async def test_a_file_that_is_refused_leaves_nothing_behind(org, changes, rules, wanted):
    await org.sim.rules(**rules)
    assert error(await post(org, BODY | changes)) == wanted
    for kind in ("ContentVersion", "ContentDocument", "ContentDocumentLink"):
        assert await org.records(kind) == []


@pytest.mark.parametrize("link", [{"ShareType": "X"}, {"Visibility": "Everybody"}])
async def test_a_link_knows_few_words(org, link):
    case = await org.seed("Case", Subject="x")
    await post(org, BODY)
    (file,) = await files(org)
    ends = {"ContentDocumentId": file["document"], "LinkedEntityId": case}
    wanted = (400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")
    assert error(await post(org, ends | link, "ContentDocumentLink")) == wanted


@pytest.mark.parametrize(
    "parts",
    [
        [data(), entity()],
        [entity("entity")],
        [entity(), data("Data")],
        [entity(), data(filename=None)],
        [entity(content="{"), data()],
        [entity(content="[]"), data()],
    ],
)
async def test_multipart_has_its_order_and_its_names(org, parts):
    assert (await send_form(org, *parts)).status == 400
    assert await files(org) == []


async def test_multipart_has_a_limit_of_its_own(org):
    await org.sim.rules(file_base64_max_bytes=1000)
    assert (await send_form(org, entity(), data())).status == 201
    await org.sim.rules(file_multipart_max_bytes=1000)
    assert error(await send_form(org, entity(), data())) == (413, "REQUEST_ENTITY_TOO_LARGE")


async def test_the_director_downloads_what_the_org_has(org):
    await post(org, BODY | {"PathOnClient": "página.html"})
    (file,) = await files(org)
    async with org.sim.http.get(f"{org.sim.url}/sim/org/files/{file['id']}/content") as answer:
        assert await answer.read() == PHOTO
        assert answer.headers["Content-Disposition"].startswith("attachment;")


async def test_the_json_part_has_its_name_and_its_type(org):
    """§6: entity_content is widely used and unconfirmed."""
    other = entity(name="entity_document")
    assert error(await send_form(org, other, data())) == (400, "INVALID_MULTIPART_REQUEST")
    untyped = ("entity_content", '{"PathOnClient": "voz.ogg"}', "text/plain", None)
    assert error(await send_form(org, untyped, data())) == (400, "INVALID_MULTIPART_REQUEST")
    await org.sim.rules(multipart_entity="any")
    assert (await send_form(org, other, data())).status == 201
