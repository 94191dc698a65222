"""The page's story: everything by time, in words, with how long it took."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from interconnections.admin.durations import lag
from interconnections.admin.timeline import fate, timeline
from interconnections.bridge.desk_words import event_line
from interconnections.desks.live_agent.event_text import STAGES, WORDS
from interconnections.desks.live_agent.events import MEANINGS, PASSED_OVER
from interconnections.models import Interconnection
from interconnections.models.rows import history
from interconnections.store.keys import key

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
URL = "/admin/interconnections/interconnection/"


def ms(seconds):
    return str(int((START + timedelta(seconds=seconds)).timestamp() * 1000))


def story(events=(), messages=(), more=None, audit=(), **hash_fields):
    stored = {"sessionId": "s", "userId": "u", "status": "Active", "botSlug": "tienda", "provider": "whatsapp",
              "openedAt": ms(0), "owner": "w", "agentName": "Luz"}  # fmt: skip
    row = Interconnection.from_hash(stored | hash_fields)
    row.__dict__["events_chat"] = history.poll_events(
        [{"sequence": "1", "type": type, "data": json.dumps(data), "at": ms(at)} for at, type, data in events]
    )
    row.__dict__["messages"] = history.messages(messages)
    return [line.words or f"{line.message.text} | {line.fate}" for line in timeline(row, more or {}, audit, START)]


def said(number, at, lane, words, origin="user"):
    item = json.dumps(["text", origin, words, ""])
    return {"number": str(number), "lane": lane, "item": item, "at": ms(at)}


def point(number, at, what, why=""):
    return {"number": str(number), "checkpoint": what, "at": ms(at), "why": why}


def test_what_the_platform_tells_of_a_message_stands_behind_it():
    lines = story(
        messages=[
            said(1, 3, "integration", "Buenas", "agent"), point(1, 3.2, "delivered"), point(1, 4, "status:sent"),
            point(1, 5, "status:delivered"), point(1, 9, "status:read"),
            said(2, 10, "integration", "¿Sigue?", "agent"), point(2, 10.2, "delivered"),
            point(2, 12, "status:failed", "131026"),
        ],
    )  # fmt: skip
    assert (
        "Buenas | delivered after 0.2 s, sent by the platform after 1.0 s, on the phone after 2.0 s, read after 6.0 s"
        in lines
    )
    assert "¿Sigue? | delivered after 0.2 s, failed at the platform after 2.0 s: 131026" in lines
    assert "Message #2 to the user was taken by the platform and failed (131026)." in lines


def test_everything_stands_in_the_order_of_time():
    lines = story(
        events=[
            (0.2, "ChatRequestSuccess", {"queuePosition": 3, "estimatedWaitTime": 90}),
            (5, "QueueUpdate", {"position": 1}),
            (10, "ChatEstablished", {"name": "Luz"}),
            (12, "ChatMessage", {"text": "Buenas"}),
            (20, "ChatTransferred", {"name": "Rosa"}),
            (30, "AgentDisconnect", {}),
            (40, "ChatEstablished", {"name": "Iris"}),
            (60, "ChatEnded", {"reason": "agent"}),
        ],
        messages=[
            said(1, 3, "salesforce", "Hola"), said(2, 12, "integration", "Buenas", "agent"),
            point(1, 10.3, "delivered"), point(2, 12.4, "delivered"), said(3, 50, "salesforce", "¿Sigue?"),
            point(3, 55, "given up", "the session is gone"),
        ],
        status="Closed", reason="agent ended", endedAt=ms(60), acceptedAt=ms(10), more={"endWord": "agent"},
    )  # fmt: skip
    assert lines == [
        "Opened for the bot tienda, on WhatsApp.",
        "Salesforce put the user into the queue, at place 3, for about 90 s.",
        "Hola | delivered after 7.3 s",
        "The queue moved, at place 1.",
        "Luz took the conversation.",
        "Buenas | delivered after 0.4 s",
        "Transferred: Rosa has the conversation from here on.",
        "Waiting again: the agent's connection was lost. The chat lives, the next agent goes on.",
        "Iris took the conversation.",
        "¿Sigue? | given up after 5.0 s: the session is gone",
        "Message #3 to the agent was given up: the session is gone.",
        "Salesforce ended the chat: the agent ended the chat.",
        "Closed: agent ended (agent).",
    ]


@pytest.mark.parametrize(
    ("more", "fields", "sentence"),
    [
        ({"queuePosition": "4"}, {"status": "OnHold"}, "Waiting for an agent, at place 4 of the queue."),
        ({}, {"status": "OnHold"}, "Waiting for an agent. What the user says is kept"),
        (
            {"waits": "0"},
            {"status": "OnHold"},
            "Waiting for an agent. What the user says goes to Salesforce at once.",
        ),
        ({}, {}, "Talking to Luz."),
        ({}, {"waitingAgain": "1"}, "Waiting again: the agent is gone, the chat lives. What the user says is kept"),
        (
            {"waits": "0"},
            {"waitingAgain": "1"},
            "Waiting again: the agent is gone, the chat lives. What the user says goes",
        ),
        ({"leavingReason": "bot finished"}, {"leaving": "1"}, "Its end is ordered (bot finished) and on its way"),
        ({}, {"owner": ""}, "No worker has it at the moment"),
        *(({"handover": stage}, {}, words[:40]) for stage, words in STAGES.items()),
    ],
)
def test_what_is_so_now_is_said_last(more, fields, sentence):
    assert any(line.startswith(sentence) for line in story(more=more, **fields)[1:])


def test_a_hand_over_is_told_in_words():
    lines = story(
        events=[(5, "ChasitorSessionData", {"chatMessages": [{}, {}]})],
        messages=[said(1, 1, "salesforce", "Hola"), point(1, 2, "delivered"),
                  point(1, 5, "sent again", "missing after the hand-over")],
        more={"handover": "resync"},
    )  # fmt: skip
    assert "Hand-over: the new server told what it knows (messages: 2), and both sides were compared." in lines
    assert "Message #1 to the agent is sent again: missing after the hand-over." in lines
    assert lines[-2].startswith("Hand-over: both sides were compared.")


def test_a_supervisors_end_is_part_of_the_story():
    audit = [(START + timedelta(seconds=9), "ada", "Ended by a supervisor: spam"), (START, "ada", "something else")]
    assert story(audit=audit)[1] == "ada ended the conversation: spam"


def test_those_who_had_it_before_are_told_where_it_changed_hands():
    assert story(more={"claim:1": f"{ms(1)} w1"}) == story()
    lines = story(more={"claim:0": f"{ms(30)} w3", "claim:1": f"{ms(1)} w1", "claim:9": f"{ms(20)} w2"})
    assert lines[1:4] == ["The worker w1 took it.", "The worker w2 took it.", "The worker w3 took it."]


def test_an_agent_whose_event_was_dropped_is_told_by_the_hash():
    assert story(acceptedAt=ms(3))[1] == "Luz took the conversation."


def test_every_event_of_the_desk_has_its_words_or_is_silent_on_purpose():
    for type in {*MEANINGS, *PASSED_OVER}:
        found = event_line("", type, "{}")
        assert found is None or "passes over" not in found.words, type
    assert set(WORDS) <= {*MEANINGS, *PASSED_OVER}


@pytest.mark.parametrize("data", ["", "[]", "null", "{broken", '{"name": {"x": 1}}', '"text"'])
def test_odd_events_are_told_all_the_same(data):
    for type in (*WORDS, "Made Up"):
        line = event_line("", type, data)
        assert line.words
        assert line.mood in ("plain", "good", "bad")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.31, "0.3 s"), (0.025, "25 ms"), (-5, "0 ms"), (9.94, "9.9 s"), (42, "42 s"), (250, "4 min 10 s"),
     (3600, "1 h"), (7500, "2 h 5 min"), (273_600, "3 d 4 h")],
)  # fmt: skip
def test_durations_are_words(seconds, words):
    assert lag(START, START + timedelta(seconds=seconds)) == words


def test_what_is_not_delivered_says_for_how_long():
    [message] = history.messages([said(1, 0, "salesforce", "Hola")])
    assert fate(message, START + timedelta(minutes=3)) == "not delivered yet, for 3 min"


def test_the_page_shows_it(viewer, tell, small):
    session = tell()
    row = Interconnection.objects.get(pk=session)
    small.hset(key("hash", row.id), mapping={"waitingAgain": "1", "handover": "data"})
    page = viewer.get(f"{URL}{session}/change/").content.decode()
    for words in ("Opened for the bot tienda", "Luz took the conversation.", "delivered after", "Waiting again:",
                  "Hand-over: the new server has the chat."):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es-MX,es;q=0.9", ("Luz tomó la conversación.", "Lo que pasó", "Quién")),
        ("pt-BR", ("Luz assumiu a conversa.", "O que aconteceu", "Quem")),
        ("fr", ("Luz took the conversation.", "What happened", "Who")),
    ],
)
def test_a_supervisors_browser_chooses_the_language(viewer, tell, small, language, words):
    page = viewer.get(f"{URL}{tell()}/change/", headers={"Accept-Language": language}).content.decode()
    assert [each for each in words if each not in page] == []
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", page)  # moments are written alike in all
