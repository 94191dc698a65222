"""Files of Enhanced Chat (EC §4.4), both ways."""

from __future__ import annotations

import base64
import hashlib

import pytest

from . import enhanced
from .enhanced import guest, new_id

PICTURE = b"\xff\xd8\xff" + bytes(100)


async def test_a_users_file_reaches_the_agent_and_is_echoed_as_an_attachment(sim):
    visitor = await (await guest(sim)).active()
    id = new_id()
    async with visitor.listening() as stream:
        await stream.take(7)
        answer = await visitor.send_file("foto ñ.jpg", PICTURE, id=id, text="Así llegó")
        echo = await stream.next()
    assert (answer.status, answer.json["conversationEntries"][0]["id"]) == (202, id)
    content = echo.payload["abstractMessage"]["staticContent"]
    assert (content["formatType"], content["text"]) == ("Attachments", "Así llegó")
    assert (content["attachments"][0]["name"], content["attachments"][0]["mimeType"]) == ("foto ñ.jpg", "image/jpeg")
    assert echo.entry["sender"]["role"] == "EndUser"
    chat = await visitor.chat()
    assert chat["files"] == [
        {
            "name": "foto ñ.jpg",
            "content_type": "image/jpeg",
            "size": len(PICTURE),
            "sha256": hashlib.sha256(PICTURE).hexdigest(),
        }
    ]
    assert (chat["heard"], chat["transcript"][-1]["file"]) == (["hola", "Así llegó"], 0)
    async with sim.http.get(f"{sim.url}/sim/chats/{visitor.id}/files/0") as response:
        assert await response.read() == PICTURE


async def test_a_file_without_a_caption_stands_by_its_name(sim):
    visitor = await (await guest(sim)).active()
    await visitor.send_file("a.pdf", b"%PDF", "application/pdf")
    assert (await visitor.chat())["heard"][-1] == "[a.pdf]"


@pytest.mark.parametrize(
    "parts",
    [
        "fileData,messageEntry",
        "messageEntry",
        "fileData",
        "messageEntry,other",
        "messageEntry,fileData,other",
        "other,messageEntry,fileData",
    ],
)
async def test_the_two_parts_come_in_their_order(sim, parts):
    visitor = await (await guest(sim)).active()
    assert (await visitor.send_file("a.jpg", PICTURE, parts=parts)).status == 400
    assert (await visitor.chat())["files"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "x"},
        {"id": None},
        {"fileId": "x"},
        {"fileId": None},
        {"text": 7},
        {"text": "x" * 4001},
        {"inReplyToMessageId": "x"},
    ],
)
async def test_each_field_of_a_files_message_is_looked_at(sim, changes):
    visitor = await (await guest(sim)).active()
    assert (await visitor.send_file("a.jpg", PICTURE, **changes)).status == 400
    assert (await visitor.chat())["files"] == []


async def test_a_body_that_is_no_multipart_is_refused(sim):
    visitor = await (await guest(sim)).active()
    path = f"{enhanced.API}/conversation/{visitor.id}/file"
    for headers, data in (
        ({"Content-Type": "application/json"}, b"{}"),
        ({"Content-Type": "multipart/form-data"}, b"x"),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"nothing of the kind"),
        (
            {"Content-Type": "multipart/form-data; boundary=b"},
            b'--b\r\nContent-Disposition: form-data; name="messageEntry"\r\n\r\n{}\r\n--b--\r\n',
        ),
    ):
        answer = await sim.ask("POST", path, data=data, headers=visitor.headers | headers)
        assert answer.status == 400, data


async def test_a_file_has_at_most_5_mb(sim):
    visitor = await (await guest(sim)).active()
    assert (await visitor.send_file("a.jpg", bytes(5_000_000))).status == 202
    answer = await visitor.send_file("a.jpg", bytes(5_000_001))
    assert (answer.status, answer.json["message"]) == (413, "file too large")
    assert (await visitor.send_file("a.jpg", b"")).status == 400
    assert len((await visitor.chat())["files"]) == 1


@pytest.mark.parametrize("name", ["virus.exe", "note.ogg", "noextension"])
async def test_a_file_has_a_type_that_is_taken(sim, name):
    visitor = await (await guest(sim)).active()
    assert (await visitor.send_file(name, b"x", "application/octet-stream")).status == 415
    await sim.rules(attachment_types=["ogg"])
    assert (await visitor.send_file(name, b"x")).status == (202 if name.endswith("ogg") else 415)
    await sim.rules(attachment_types=["*"])
    assert (await visitor.send_file(name, b"x")).status == 202


async def test_an_agents_file_can_be_fetched_without_a_token(sim):
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
        content = base64.b64encode(b"%PDF-1.4").decode()
        await visitor.agent("file", name="guía 1.pdf", type="application/pdf", content=content, text="Lea esto")
        message = (await stream.next()).payload["abstractMessage"]
    body = message["staticContent"]
    assert (message["messageType"], body["formatType"], body["text"]) == (
        "StaticContentMessage",
        "Attachments",
        "Lea esto",
    )
    (file,) = body["attachments"]
    assert set(file) == {"id", "name", "mimeType", "url", "referenceId", "attachmentUploadResult"}
    async with sim.http.get(file["url"]) as response:
        assert (response.status, response.content_type, await response.read()) == (
            200,
            "application/pdf",
            b"%PDF-1.4",
        )
    async with sim.http.get(file["url"].partition("?")[0]) as response:
        assert response.status == 403
    async with sim.http.get(file["url"].replace("/0/", "/7/")) as response:
        assert response.status == 404
    await sim.rules(attachment_url_seconds=0)
    async with sim.http.get(file["url"]) as response:
        assert response.status == 403
    assert (await visitor.chat())["said"] == ["Lea esto"]


async def test_an_agents_file_without_words_has_no_text(sim):
    visitor = await (await guest(sim)).active()
    await visitor.agent("file", name="a.jpg", content="eA==")
    await visitor.agent("file", name="a.jpg", content="not base64!", expect=400)
    (entry, _) = await visitor.entries(entryTypeFilter="Message")
    assert entry["entryPayload"]["abstractMessage"]["staticContent"]["text"] is None
