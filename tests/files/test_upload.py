"""The file that an agent asked for, brought to the simulated Salesforce."""

import hashlib
import io

import pytest

from interconnections.desks.live_agent.reader import read_poll
from interconnections.desks.live_agent.upload import upload
from interconnections.desks.news import FileTransfer
from interconnections.errors import DeskRefused, DeskUnwell
from interconnections.multipart import PIECE
from interconnections.transport import new_wire
from interconnections.wire import Reply, Unreachable
from tests.simulator.conftest import ORG
from tests.unit.wires import ScriptedWire

PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * (PIECE // 200)  # more than one piece


@pytest.fixture
async def wire():
    made = new_wire()
    yield made
    await made.close()


async def asked(sim):
    """A chat in which the agent pressed the button, and what the poll said of it."""
    visitor = await sim.active()
    await visitor.agent("request_file")
    answer = await visitor.poll()
    [event] = read_poll(answer.status, answer.text.encode()).events
    assert isinstance(event.news, FileTransfer)
    return visitor, event.news


def bring(wire, sim, visitor, request, **changes):
    file = {"name": "recibo «año».jpg", "mime": "image/jpeg", "content": io.BytesIO(PHOTO)} | changes
    return upload(wire, request, org_url=sim.url, organization_id=ORG, session_id=visitor.id, **file)


async def test_it_arrives_whole_under_its_name_and_is_announced(sim, wire):
    visitor, request = await asked(sim)
    await bring(wire, sim, visitor, request)
    [file] = (await visitor.chat())["files"]
    assert (file["name"], file["content_type"]) == ("recibo «año».jpg", "image/jpeg")
    assert file["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    assert (await visitor.poll()).first == {"type": "Success"}


async def test_a_request_serves_once(sim, wire):
    visitor, request = await asked(sim)
    await bring(wire, sim, visitor, request)
    with pytest.raises(DeskRefused, match="403"):
        await bring(wire, sim, visitor, request)


async def test_a_request_may_be_withdrawn(sim, wire):
    visitor, request = await asked(sim)
    await visitor.agent("cancel_file")
    with pytest.raises(DeskRefused, match="403"):
        await bring(wire, sim, visitor, request)


async def test_what_they_do_not_want_is_refused(sim, wire):
    await sim.rules(file_max_bytes=100)
    visitor, request = await asked(sim)
    with pytest.raises(DeskRefused, match="413"):
        await bring(wire, sim, visitor, request)


async def test_a_request_that_leads_elsewhere_gets_nothing():
    away = FileTransfer("Requested", "https://evil.example/content/fileUpload")
    with pytest.raises(DeskRefused, match="out of Salesforce"):
        await upload(
            ScriptedWire([]), away, org_url="https://d.la1.salesforceliveagent.com", organization_id=ORG,
            session_id="s", name="a.jpg", mime="image/jpeg", content=io.BytesIO(b"x"),
        )  # fmt: skip


@pytest.mark.parametrize("answer", [Unreachable("ClientOSError"), Reply(503, b""), Reply(429, b"")])
async def test_a_lost_answer_leaves_it_open(answer):
    deaf = ScriptedWire([answer])
    there = FileTransfer("Requested", "https://c.la1.salesforceliveagent.com/content/fileUpload?x=1")
    with pytest.raises(DeskUnwell) as caught:
        await upload(
            deaf, there, org_url="https://d.la1.salesforceliveagent.com", organization_id=ORG, session_id="s",
            name="a.jpg", mime="image/jpeg", content=io.BytesIO(b"x"),
        )  # fmt: skip
    assert "salesforce" not in str(caught.value)
    assert deaf.asked[0].url.startswith(f"{there.upload_url}&orgId={ORG}&chatKey=s&fileToken=")
