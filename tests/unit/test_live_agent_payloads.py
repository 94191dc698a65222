"""Live Agent's recorded answers, through the reader."""

import json

import pytest

from interconnections import errors
from interconnections.desks.live_agent.events import MEANINGS
from interconnections.desks.live_agent.reader import (
    Session,
    read_poll,
    read_post,
    read_reconnect,
    read_session,
)
from tests.unit.payloads import ROOT, cases, content, files, told

DOORS = {"session": read_session, "poll": read_poll, "post": read_post, "reconnect": read_reconnect}

# Every type of section 8's table.
EVENT_TYPES = {
    "ChatRequestSuccess",
    "ChatRequestFail",
    "QueueUpdate",
    "ChatEstablished",
    "ChatMessage",
    "AgentTyping",
    "AgentNotTyping",
    "AgentDisconnect",
    "ChatTransferred",
    "TransferToButtonInitiated",
    "ChasitorSessionData",
    "ChatEnded",
    "CustomEvent",
    "FileTransfer",
    "NewVisitorBreadcrumb",
    "SensitiveDataRules",
    "RichMessage",
    "AsyncResult",
    "SwitchServer",
    "ReconnectSession",
    "Availability",
    "Settings",
    "VisitorId",
}


def refused(door, case):
    """The answer must raise what the file says; what it cannot read, it says without the answer's words."""
    with pytest.raises(getattr(errors, case["expect"]["raises"])) as caught:
        DOORS[door](case["status"], content(case))
    assert type(caught.value).__name__ == case["expect"]["raises"]
    if "actual" in case["expect"]:
        assert caught.value.actual == case["expect"]["actual"]


def raises(case):
    return isinstance(case["expect"], dict) and "raises" in case["expect"]


@pytest.mark.parametrize("case", cases("live_agent/session"))
def test_a_session_is_read(case):
    if raises(case):
        return refused("session", case)
    session = read_session(case["status"], content(case))
    assert isinstance(session, Session)
    assert case["expect"] == {
        "id": session.id,
        "key": session.key.reveal(),
        "affinity": session.affinity.reveal(),
        "poll_timeout": session.poll_timeout,
    }
    return None


@pytest.mark.parametrize("case", cases("live_agent/poll"))
def test_a_polls_answer_is_read(case):
    if raises(case):
        return refused("poll", case)
    poll = read_poll(case["status"], content(case))
    if case["expect"] is None:
        assert poll is None
        return None
    assert (poll.sequence, poll.offset) == (case["expect"]["sequence"], case["expect"]["offset"])
    assert [told(event.news) for event in poll.events] == case["expect"]["news"]
    if "kept" in case["expect"]:
        assert [json.loads(event.kept) for event in poll.events] == case["expect"]["kept"]
    return None


@pytest.mark.parametrize("case", cases("live_agent/post"))
def test_a_posts_answer_is_read(case):
    if raises(case):
        return refused("post", case)
    assert case["expect"] == "taken"
    read_post(case["status"], content(case))
    return None


@pytest.mark.parametrize("case", cases("live_agent/reconnect"))
def test_a_hand_overs_answer_is_read(case):
    if raises(case):
        return refused("reconnect", case)
    affinity, reset = read_reconnect(case["status"], content(case))
    assert case["expect"] == {"affinity": affinity.reveal(), "reset": reset}
    return None


def test_every_file_is_a_case_of_one_of_these_tests():
    read = {path for door in DOORS for path in files(f"live_agent/{door}")}
    assert read == set((ROOT / "live_agent").rglob("*.*"))


def types_in_files():
    for path in files("live_agent/poll"):
        body = json.loads(path.read_text()).get("body")
        events = body.get("messages") if isinstance(body, dict) else None
        for event in events if isinstance(events, list) else ():
            if isinstance(event, dict) and isinstance(event.get("type"), str):
                yield event["type"]


def test_every_type_of_the_sheet_has_a_file():
    assert set(types_in_files()) >= EVENT_TYPES


def test_every_meaning_is_of_a_type_of_the_sheet():
    assert set(MEANINGS) <= EVENT_TYPES


def test_the_type_on_the_wire_is_kept_beside_its_meaning():
    answer = {"messages": [{"type": "T" * 500, "message": {}}, {"message": {"a": 1}}], "sequence": 1}
    events = read_poll(200, json.dumps(answer).encode()).events
    assert [event.type for event in events] == ["T" * 80, "(none)"]


def test_an_event_without_a_message_is_kept_as_it_came():
    [event] = read_poll(200, b'{"messages":[{"type":"AgentTyping","fileToken":"t"}],"sequence":1}').events
    assert json.loads(event.kept) == {"type": "AgentTyping", "fileToken": "***"}


def test_what_is_kept_of_an_event_is_bounded():
    answer = {"messages": [{"type": "CustomEvent", "message": {"data": "ñ" * 50_000}}], "sequence": 1}
    [event] = read_poll(200, json.dumps(answer).encode()).events
    assert len(event.kept) == 8_001
    assert event.kept.endswith("…")


def test_no_secret_of_a_session_is_printed():
    session = read_session(200, b'{"id":"abc","key":"abc!1!k=","affinityToken":"1c2d3e4f"}')
    assert "k=" not in repr(session)
    assert "1c2d3e4f" not in repr(session)
