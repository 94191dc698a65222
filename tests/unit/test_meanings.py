"""A fault of ours over one event leaves those beside it as they are."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from interconnections.desks import news
from interconnections.desks.enhanced_chat import events as enhanced_chat
from interconnections.desks.enhanced_chat.entries import read_entries
from interconnections.desks.live_agent import events as live_agent
from interconnections.desks.live_agent.reader import read_poll


def polled() -> tuple[news.Event, ...]:
    told = [
        {"type": "QueueUpdate", "message": {}},
        {"type": "ChatMessage", "message": {"text": "Hola", "name": "Luz"}},
    ]
    found = read_poll(200, json.dumps({"sequence": 1, "offset": 1, "messages": told}).encode())
    assert found
    return found.events


def listed() -> tuple[news.Event, ...]:
    text = {"messageType": "StaticContentMessage", "staticContent": {"formatType": "Text", "text": "Hola"}}
    rows = [
        {"identifier": "1", "entryType": "RoutingResult", "entryPayload": {}},
        {
            "identifier": "2",
            "entryType": "Message",
            "entryPayload": {"abstractMessage": text},
            "sender": {"role": "Agent"},
        },
    ]
    return read_entries(json.dumps({"conversationEntries": rows}).encode()).events


@pytest.mark.parametrize(
    ("meanings", "type", "read"),
    [
        (live_agent.MEANINGS, "QueueUpdate", polled),
        (enhanced_chat.MEANINGS, "CONVERSATION_ROUTING_RESULT", listed),
    ],
    ids=["Live Agent", "Enhanced Chat"],
)
def test_an_event_that_we_stumble_on_is_unknown_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch, meanings: dict[str, Any], type: str, read: Callable[[], tuple[news.Event, ...]]
) -> None:
    assert read()[0].counted == type

    def stumbles(told: Any) -> news.News:
        raise TypeError("nobody expected this")

    monkeypatch.setitem(meanings, type, stumbles)
    unread, said = read()
    assert (unread.counted, unread.news, isinstance(unread.fault, TypeError)) == ("unknown", news.Other(), True)
    assert isinstance(said.news, news.AgentSaid)
