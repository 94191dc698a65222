"""The file that an agent asks for (§9, §15.7)."""

from __future__ import annotations

import aiohttp
import pytest

from .conftest import ORG


def form(content=b"jpeg", **part):
    data = aiohttp.FormData()
    options = {"name": "file", "filename": "receipt.jpg", "content_type": "image/jpeg"} | part
    data.add_field(options.pop("name"), content, **options)
    return data


async def asked(sim):
    """A chat in which the agent pressed the button, and the parameters of the upload."""
    visitor = await sim.active()
    await visitor.agent("request_file")
    requested = (await visitor.poll()).first
    assert requested["type"] == "Requested"
    assert requested["uploadServletUrl"] == f"{sim.url}/content/fileUpload"
    token = requested["fileToken"]
    return visitor, {"orgId": ORG, "chatKey": visitor.id, "fileToken": token, "encoding": "UTF-8"}


async def upload(sim, params, data):
    return await sim.ask("POST", "/content/fileUpload", params=params, data=data)


async def test_an_asked_for_file_arrives_and_is_announced(sim):
    visitor, params = await asked(sim)
    assert (await upload(sim, params, form())).status == 200
    assert (await visitor.poll()).json["messages"] == [{"type": "FileTransfer", "message": {"type": "Success"}}]
    (file,) = (await visitor.chat())["files"]
    assert (file["name"], file["content_type"], file["size"]) == ("receipt.jpg", "image/jpeg", 4)


async def test_a_token_works_once(sim):
    _, params = await asked(sim)
    assert [(await upload(sim, params, form())).status for _ in range(2)] == [200, 403]


async def test_a_withdrawn_token_is_refused(sim):
    visitor, params = await asked(sim)
    await visitor.agent("cancel_file")
    assert (await visitor.poll()).first == {"type": "Canceled"}
    assert (await upload(sim, params, form())).status == 403


async def test_nobody_may_upload_unasked(sim):
    visitor = await sim.active()
    params = {"orgId": ORG, "chatKey": visitor.id, "fileToken": "tok", "encoding": "UTF-8"}
    assert (await upload(sim, params, form())).status == 403


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("orgId", "00D000000000002", 403),
        ("fileToken", "tok-other", 403),
        ("chatKey", "nobody", 403),
        ("chatKey", "", 400),
        ("encoding", "", 400),
        ("encoding", "latin-1", 400),
    ],
)
async def test_every_parameter_is_checked(sim, name, value, status):
    _, params = await asked(sim)
    assert (await upload(sim, params | {name: value}, form())).status == status


async def test_the_chat_key_is_the_id_not_the_whole_key(sim):
    visitor, params = await asked(sim)
    assert (await upload(sim, params | {"chatKey": visitor.key}, form())).status == 403


async def test_the_part_is_called_file_and_has_a_name(sim):
    _, params = await asked(sim)
    assert (await upload(sim, params, form(name="document"))).status == 400
    assert (await upload(sim, params, aiohttp.FormData({"file": "text"}))).status == 400
    assert (await upload(sim, params, b"jpeg")).status == 400


async def test_limits_are_switches_and_a_failure_is_announced(sim):
    await sim.rules(file_max_bytes=3, file_extensions=["png", "jpg"])
    visitor, params = await asked(sim)
    assert (await upload(sim, params, form())).status == 413
    assert (await visitor.poll()).first == {"type": "Failure"}
    visitor, params = await asked(sim)
    assert (await upload(sim, params, form(b"x", filename="virus.exe"))).status == 415


async def test_a_failure_may_be_told_by_the_event_alone(sim):
    await sim.rules(file_max_bytes=3, file_failure="event")
    visitor, params = await asked(sim)
    assert (await upload(sim, params, form())).status == 200
    assert (await visitor.poll()).first == {"type": "Failure"}
    assert (await visitor.chat())["files"] == []


async def test_what_the_server_cannot_hold_is_a_failure_too(sim):
    await sim.rules(file_max_bytes=10**9)
    visitor, params = await asked(sim)
    assert (await upload(sim, params, form(bytes(65 * 1024 * 1024)))).status == 413
    assert (await visitor.poll()).first == {"type": "Failure"}


async def test_a_plain_part_beside_the_file_does_no_harm(sim):
    visitor, params = await asked(sim)
    data = form()
    data.add_field("filename", "receipt.jpg")
    assert (await upload(sim, params, data)).status == 200
    async with sim.http.get(f"{sim.url}/sim/chats/{visitor.id}/files/0") as answer:
        assert (await answer.read(), answer.content_type) == (b"jpeg", "image/jpeg")
    assert (await sim.ask("GET", f"/sim/chats/{visitor.id}/files/1")).status == 404
