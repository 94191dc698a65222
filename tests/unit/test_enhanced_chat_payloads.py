"""Enhanced Chat's recorded events and answers, through the readers."""

import json

import pytest

from interconnections import errors
from interconnections.desks.enhanced_chat.entries import read_entries, read_list
from interconnections.desks.enhanced_chat.events import EVENTS, KNOWN, MEANINGS, PASSED_OVER, UNTOLD, read_frame
from interconnections.desks.enhanced_chat.reader import read_accepted, read_business_hours, read_status
from interconnections.desks.enhanced_chat.sse import Frame, Parser
from interconnections.desks.enhanced_chat.tokens import read_token
from tests.unit.payloads import ROOT, cases, content, files, plain, told

CONVERSATION = "3f2b8c1a-77c1-4f0e-9a55-0d6c2b1e4a10"
# Every event of section 6.2's table.
EVENT_NAMES = {
    "ping",
    "CONVERSATION_MESSAGE",
    "CONVERSATION_PARTICIPANT_CHANGED",
    "CONVERSATION_ROUTING_RESULT",
    "CONVERSATION_ROUTING_WORK_RESULT",
    "CONVERSATION_SESSION_STATUS_CHANGED",
    "CONVERSATION_CLOSE_CONVERSATION",
    "CONVERSATION_TYPING_STARTED_INDICATOR",
    "CONVERSATION_TYPING_STOPPED_INDICATOR",
    "CONVERSATION_TYPING_INDICATOR",
    "CONVERSATION_DELIVERY_ACKNOWLEDGEMENT",
    "CONVERSATION_READ_ACKNOWLEDGEMENT",
    "CONVERSATION_QUEUE_POSITION",
    "CONVERSATION_PROGRESS_INDICATOR",
    "CONVERSATION_STREAMING_TOKEN",
    "CONVERSATION_END_USER_CONSENT_UPDATED",
    "CONVERSATION_CLIENT_ACTION",
    "CONVERSATION_CLIENT_MENU",
}
FOLDERS = {"events", "entries", "tokens", "routing", "accepted", "list", "hours", "streams"}


def read(case, reader, *arguments, **more):
    """What is read; None where it must raise, and did."""
    if isinstance(case["expect"], dict) and "raises" in case["expect"]:
        with pytest.raises(errors.DeskError) as caught:
            reader(*arguments, **more)
        assert type(caught.value).__name__ == case["expect"]["raises"]
        return None
    return reader(*arguments, **more)


def frame(case):
    return Frame(case["event"], case["text"] if "text" in case else json.dumps(case["data"]))


@pytest.mark.parametrize("case", cases("enhanced_chat/events"))
def test_an_event_is_read(case):
    event, expect = read_frame(frame(case), CONVERSATION), case["expect"]
    if expect is None:
        assert event is None
        return
    assert told(event.news) == expect["news"]
    assert (event.type, event.id, event.at) == (case["event"], expect["id"], expect["at"])
    assert event.known is expect.get("known", True)
    assert event.answers == expect.get("answers", "")
    if "kept" in expect:
        assert json.loads(event.kept) == expect["kept"]


@pytest.mark.parametrize("case", cases("enhanced_chat/entries"))
def test_a_page_of_entries_is_read(case):
    page = read(case, read_entries, content(case), from_end=case.get("from_end", False))
    if page is not None:
        assert (page.rows, page.last) == (case["expect"]["rows"], case["expect"]["last"])
        found = [[event.type, event.id, event.at, told(event.news)] for event in page.events]
        assert found == case["expect"]["events"]


@pytest.mark.parametrize("case", cases("enhanced_chat/tokens"))
def test_a_token_is_read(case):
    token = read(case, read_token, content(case), verified=case["verified"])
    if token is not None:
        assert {name: plain(getattr(token, name)) for name in token.__slots__} == case["expect"]
        assert "value=***" in repr(token)


@pytest.mark.parametrize("case", cases("enhanced_chat/routing"))
def test_a_routing_status_is_read(case):
    assert (status := read(case, read_status, content(case))) is None or status == case["expect"]


@pytest.mark.parametrize("case", cases("enhanced_chat/accepted"))
def test_what_was_accepted_is_read(case):
    assert read_accepted(content(case)) == case["expect"]


@pytest.mark.parametrize("case", cases("enhanced_chat/list"))
def test_a_list_of_conversations_is_read(case):
    found = read(case, read_list, content(case))
    if found is not None:
        assert [[each.id, each.started, each.ended] for each in found] == case["expect"]


@pytest.mark.parametrize("case", cases("enhanced_chat/hours"))
def test_business_hours_are_read(case):
    hours = read_business_hours(content(case))
    assert {"active": hours.active, "windows": [list(each) for each in hours.windows]} == case["expect"]


def test_business_hours_say_whether_it_is_open():
    hours = read_business_hours(
        b'{"businessHoursInfo":{"isActive":true,"businessHours":[{"startTime":1000,"endTime":2000}]}}'
    )
    assert [hours.open_at(now) for now in (999, 1000, 1999, 2000)] == [False, True, True, False]
    assert read_business_hours(b"{}").open_at(1500) is None
    assert read_business_hours(b'{"businessHoursInfo":{"isActive":false}}').open_at(1500) is None


@pytest.mark.parametrize("case", cases("enhanced_chat/streams"))
def test_a_stream_is_read(case):
    parser = Parser()
    frames = parser.feed(case["text"].encode())
    assert [[each.event, each.data, each.id] for each in frames] == case["expect"]["frames"]
    assert (parser.expired, parser.skipped) == (case["expect"]["expired"], 0)


def test_every_file_is_a_case_of_one_of_these_tests():
    found = {path for folder in FOLDERS for path in files(f"enhanced_chat/{folder}")}
    assert found == set((ROOT / "enhanced_chat").rglob("*.*"))


def test_every_event_of_the_sheet_has_a_file_and_a_place():
    assert {json.loads(path.read_text())["event"] for path in files("enhanced_chat/events")} >= EVENT_NAMES
    assert {*MEANINGS, *PASSED_OVER, *UNTOLD} == EVENT_NAMES
    assert set(EVENTS.values()) == EVENT_NAMES - {"ping"}


def test_unknown_events_are_counted_under_one_name():
    event = read_frame(Frame("CONVERSATION_" + "X" * 500, "{}"), CONVERSATION)
    assert (len(event.type), event.counted) == (80, "unknown")
    whole = json.dumps({"conversationEntry": {"identifier": "e"}})
    assert all(read_frame(Frame(name, whole), CONVERSATION).counted == name for name in KNOWN)


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_what_should_hold_an_entry_and_does_not_is_unknown_but_where_nobody_asks_what_it_says(name):
    assert read_frame(Frame(name, "{}"), CONVERSATION).counted == (name if name in PASSED_OVER else "unknown")


def kept(payload, **more):
    raw = {"conversationId": CONVERSATION, "conversationEntry": {"identifier": "e", "entryPayload": payload, **more}}
    return json.loads(read_frame(Frame("CONVERSATION_MESSAGE", json.dumps(raw)), CONVERSATION).kept)


def test_what_is_kept_is_the_entry_with_its_payload_read():
    assert kept('{"a":"{\\"b\\":1}"}', relatedRecords=["0Mw"]) == {
        "identifier": "e",
        "entryPayload": {"a": '{"b":1}'},
        "relatedRecords": ["0Mw"],
    }


def test_what_is_kept_holds_no_key_to_a_file_and_no_token():
    payload = {"attachments": [{"url": "https://f.invalid/1?sig=abc"}], "token": "t", "accessToken": "t", "text": "x"}
    for written in (payload, json.dumps(payload), json.dumps(json.dumps(payload))):
        assert kept(written)["entryPayload"] == {
            "attachments": [{"url": "https://f.invalid/1?***"}],
            "token": "***",
            "accessToken": "***",
            "text": "x",
        }


def test_what_is_kept_of_an_event_is_bounded():
    event = read_frame(Frame("CONVERSATION_MESSAGE", json.dumps({"x": "ñ" * 50_000})), CONVERSATION)
    assert len(event.kept) == 8_001
