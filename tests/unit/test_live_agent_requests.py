"""What we ask of Live Agent: method, address, headers and body of every request (sections 2.1, 4, 5, 7)."""

from contextlib import nullcontext

import pytest

from interconnections.desks.live_agent.client import Access, ChatRequest, Deployment, LiveAgent
from interconnections.desks.news import Poll
from interconnections.errors import ChatGone, DeskUnwell
from interconnections.secret import Secret
from interconnections.wire import Reply, Unreachable
from tests.unit.wires import ScriptedWire

HOST = "https://d.la1-c1.salesforceliveagent.com"
ID = "7a0b7d5e-0a55-4c0e-9c3a-1f2e3d4c5b6a"
KEY = f"{ID}!1780000000123!kQ9zr+8Zt0Y="
DEPLOYMENT = Deployment(HOST, "00D000000000001", "572000000000001", 58)
ACCESS = Access(HOST, 58, Secret(KEY), Secret("1c2d3e4f"), poll_timeout=40)
REQUEST = ChatRequest(
    ID,
    "573000000000001",
    "Ana P. 👩‍🔬",
    "es-MX",
    ({"label": "CaseId", "value": "500000000000001AAA", "transcriptFields": ["CaseId"]},),
    ({"entityName": "Case", "entityFieldsMaps": []},),
)
OPENED = Reply(200, b'{"id":"i","key":"k","affinityToken":"a","clientPollTimeout":40}')
RECONNECTED = Reply(
    200, b'{"messages":[{"type":"ReconnectSession","message":{"resetSequence":true,"affinityToken":"aa11bb22"}}]}'
)
OK = Reply(200, b"OK")
SILENCE = Reply(204, b"")

VERSION = {"X-LIVEAGENT-API-VERSION": "58"}
SESSION = VERSION | {"X-LIVEAGENT-AFFINITY": "1c2d3e4f", "X-LIVEAGENT-SESSION-KEY": KEY}
JSON = {"Content-Type": "application/json"}

# Sections 2.1 and 7, a row a request: how it is asked for, what answers, and what goes out.
REQUESTS = {
    "Availability": (
        lambda desk: desk.availability(DEPLOYMENT, "573000000000001"),
        Reply(200, b"{}"),
        (
            "GET",
            "/chat/rest/Visitor/Availability?org_id=00D000000000001&deployment_id=572000000000001"
            "&Availability.ids=573000000000001",
            VERSION,
            None,
        ),
    ),
    "SessionId": (
        lambda desk: desk.open_session(DEPLOYMENT),
        OPENED,
        ("GET", "/chat/rest/System/SessionId", VERSION | {"X-LIVEAGENT-AFFINITY": "null"}, None),
    ),
    "ChasitorInit": (
        lambda desk: desk.request_chat(ACCESS, DEPLOYMENT, REQUEST),
        OK,
        (
            "POST",
            "/chat/rest/Chasitor/ChasitorInit",
            SESSION | JSON | {"X-LIVEAGENT-SEQUENCE": "1"},
            {
                "organizationId": "00D000000000001",
                "deploymentId": "572000000000001",
                "buttonId": "573000000000001",
                "sessionId": ID,
                "userAgent": "bridge/1",
                "language": "es-MX",
                "screenResolution": "1900x1080",
                "visitorName": "Ana P. 👩‍🔬",
                "prechatDetails": [
                    {"label": "CaseId", "value": "500000000000001AAA", "transcriptFields": ["CaseId"]}
                ],
                "prechatEntities": [{"entityName": "Case", "entityFieldsMaps": []}],
                "buttonOverrides": [],
                "receiveQueueUpdates": True,
                "isPost": True,
            },
        ),
    ),
    "Messages": (
        lambda desk: desk.poll(ACCESS, -1),
        SILENCE,
        ("GET", "/chat/rest/System/Messages?ack=-1", SESSION, None),
    ),
    "ReconnectSession": (
        lambda desk: desk.reconnect(ACCESS, 1574190102),
        RECONNECTED,
        (
            "GET",
            "/chat/rest/System/ReconnectSession?ReconnectSession.offset=1574190102",
            SESSION | {"X-LIVEAGENT-AFFINITY": "null"},
            None,
        ),
    ),
    "ChasitorResyncState": (
        lambda desk: desk.resync(ACCESS, "00D000000000001"),
        OK,
        (
            "POST",
            "/chat/rest/Chasitor/ChasitorResyncState",
            SESSION | JSON,
            {"organizationId": "00D000000000001"},
        ),
    ),
    "ChatMessage": (
        lambda desk: desk.say(ACCESS, "Hola, mi pedido no llega\n👩‍🔬", 2),
        OK,
        (
            "POST",
            "/chat/rest/Chasitor/ChatMessage",
            SESSION | JSON | {"X-LIVEAGENT-SEQUENCE": "2"},
            {"text": "Hola, mi pedido no llega\n👩‍🔬"},
        ),
    ),
    "ChatEnd": (
        lambda desk: desk.end(ACCESS, 6),
        OK,
        (
            "POST",
            "/chat/rest/Chasitor/ChatEnd",
            SESSION | JSON | {"X-LIVEAGENT-SEQUENCE": "6"},
            {"reason": "client"},
        ),
    ),
    "drop": (
        lambda desk: desk.drop(ACCESS),
        OK,
        (
            "DELETE",
            f"/chat/rest/System/SessionId/{ID}%211780000000123%21kQ9zr%2B8Zt0Y%3D",
            VERSION | {"X-LIVEAGENT-AFFINITY": "1c2d3e4f"},
            None,
        ),
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_goes_out_as_the_sheet_has_it(name):
    call, answer, (method, path, headers, body) = REQUESTS[name]
    wire = ScriptedWire([answer])
    await call(LiveAgent(wire))
    [asked] = wire.asked
    assert (asked.method, asked.url, asked.body) == (method, HOST + path, body)
    assert asked.headers == headers


def test_only_sequenced_posts_carry_a_sequence():
    carrying = {name for name, (_, _, sent) in REQUESTS.items() if "X-LIVEAGENT-SEQUENCE" in sent[2]}
    assert carrying == {"ChasitorInit", "ChatMessage", "ChatEnd"}


def test_the_table_has_every_request_that_the_client_can_make():
    can = {name for name, value in vars(LiveAgent).items() if callable(value) and not name.startswith("_")}
    talk = {"poll", "reconnect", "resync", "say", "end", "drop"}
    assert can == talk | {"availability", "open_session", "request_chat"}
    assert len(REQUESTS) == len(can)


async def test_the_version_is_the_deployments_and_the_sessions():
    wire = ScriptedWire([OPENED, SILENCE])
    desk = LiveAgent(wire)
    await desk.open_session(Deployment(HOST, "00D", "572", api_version=47))
    await desk.poll(Access(HOST, 50, Secret("k"), Secret("a")), 3)
    assert [asked.headers["X-LIVEAGENT-API-VERSION"] for asked in wire.asked] == ["47", "50"]


async def test_a_reconnect_which_is_answered_once_is_written_once():
    wire = ScriptedWire([RECONNECTED, SILENCE])
    await LiveAgent(wire).reconnect(ACCESS, 7)
    await LiveAgent(wire).poll(ACCESS, 0)
    assert [asked.once for asked in wire.asked] == [True, False]


async def test_a_poll_lasts_as_long_as_salesforce_holds_it():
    wire = ScriptedWire([SILENCE])
    await LiveAgent(wire).poll(ACCESS, 0)
    assert wire.asked[0].timeout == 40
    assert wire.asked[0].url.endswith("?ack=0")


async def test_a_poll_that_told_nothing_in_its_time_is_silence():
    assert await LiveAgent(ScriptedWire([Unreachable("SocketTimeoutError", silent=True)])).poll(ACCESS, 3) is None


async def test_a_poll_gives_what_was_read():
    answer = Reply(200, b'{"messages":[],"sequence":0}')
    assert await LiveAgent(ScriptedWire([answer])).poll(ACCESS, -1) == Poll(0, None, ())


MATTER = [name for name in REQUESTS if name != "Availability"]  # that one is a courtesy and never raises


@pytest.mark.parametrize("name", MATTER)
async def test_a_lost_answer_may_be_asked_for_again_and_names_no_address(name):
    call, _, _ = REQUESTS[name]
    with pytest.raises(DeskUnwell) as caught:
        await call(LiveAgent(ScriptedWire([Unreachable("ClientOSError")])))
    assert str(caught.value) == "no answer: ClientOSError"


@pytest.mark.parametrize("name", MATTER)
async def test_what_the_reader_raises_reaches_the_caller(name):
    call, _, _ = REQUESTS[name]
    error = DeskUnwell if name == "SessionId" else ChatGone
    with pytest.raises(error):
        await call(LiveAgent(ScriptedWire([Reply(403, b"Session required but was invalid or not found")])))


async def test_every_call_is_one_exchange():
    """Repeating belongs to the caller: the wire's script has one answer, and nobody asks for a second."""
    for name, (call, _, _) in REQUESTS.items():
        wire = ScriptedWire([Reply(500, b"")])
        with pytest.raises(DeskUnwell) if name in MATTER else nullcontext():
            await call(LiveAgent(wire))
        assert len(wire.asked) == 1


def test_what_a_session_carries_does_not_print():
    assert KEY not in repr(ACCESS)
    assert "1c2d3e4f" not in repr(ACCESS)
