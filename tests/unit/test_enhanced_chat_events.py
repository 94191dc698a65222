"""Every event of Enhanced Chat: what user, agent and bot get of it, and what a supervisor reads.

The way of the product, over recorded events: reader, desk, news, change.  docs/events.md says the same to people,
held to this table.
"""

import json
import re
from pathlib import Path
from unittest.mock import AsyncMock, Mock

import pytest

from interconnections.bridge.desk_words import event_line
from interconnections.bridge.transitions import ConversationState, changes_for
from interconnections.desks.desk import Batch
from interconnections.desks.enhanced_chat.chat import EnhancedChatChat
from interconnections.desks.enhanced_chat.events import KNOWN, UNTOLD, read_frame
from interconnections.desks.enhanced_chat.sse import Frame
from interconnections.items import Kind
from interconnections.lifecycle import Status
from tests.unit.payloads import ROOT
from tests.unit.test_enhanced_chat_payloads import CONVERSATION, EVENT_NAMES
from tests.unit.test_events import BOT, SUCCESS, TIMEOUT, Shows

WAITING, TALKING, AGAIN = "waiting", "talking", "waiting again"
KEPT = "which the bridge keeps and passes over"

# (recorded event, when it comes, the routing status that is answered when the desk asks for it) -> what it shows
CATALOGUE = {
    ("10-1-queued", WAITING, ""): Shows(
        user=("Espera", "Faltan 1 min"), timeline="Salesforce put the user into the queue, for about 40 s."
    ),
    ("RoutingResult-no-wait", WAITING, ""): Shows(
        user=("Espera",), timeline="Salesforce put the user into the queue."
    ),
    ("10-2-routing-failed", WAITING, ""): Shows(
        user=("No hay nadie",),
        bot=TIMEOUT,
        becomes="Failed: no agent",
        timeline="Salesforce found no agent: No agents are",
    ),
    ("RoutingResult-submission-error", WAITING, ""): Shows(
        user=("No hay nadie",),
        bot=TIMEOUT,
        becomes="Failed: refused by Salesforce",
        timeline="Salesforce found no agent: Queue is gone",
    ),
    ("10-2-routing-failed", TALKING, ""): Shows(timeline="Salesforce found no agent: No agents are"),
    ("QueuePosition", WAITING, ""): Shows(user=("Lugar 3",), timeline="The queue moved, at place 3."),
    ("ParticipantChanged-agent-joins", WAITING, ""): Shows(
        user=("Te atiende Luz R.",), becomes="Active", timeline="Luz R. took the conversation."
    ),
    ("10-1-bot-leaves-agent-joins", WAITING, ""): Shows(
        user=("Te atiende Luz R.",), becomes="Active", timeline="Luz R. took the conversation."
    ),
    ("ParticipantChanged-agent-joins", AGAIN, ""): Shows(
        user=("Te atiende Luz R.",), timeline="Luz R. took the conversation."
    ),
    ("ParticipantChanged-one-for-another", TALKING, ""): Shows(
        user=("Sigue Raúl",), timeline="Transferred: Raúl has the conversation"
    ),
    ("ParticipantChanged-agent-leaves", TALKING, "TRANSFER"): Shows(
        user=("A la fila",), timeline="Luz R. left the conversation."
    ),
    ("ParticipantChanged-agent-leaves", TALKING, "INITIAL"): Shows(
        user=("Se cortó",), timeline="Luz R. left the conversation."
    ),
    ("ParticipantChanged-agent-leaves", TALKING, "NEEDS_ROUTING"): Shows(
        user=("Adiós",), bot=SUCCESS, becomes="Closed: agent ended", timeline="Luz R. left the conversation."
    ),
    ("ParticipantChanged-agent-leaves", TALKING, "ROUTED"): Shows(timeline="Luz R. left the conversation."),
    ("ParticipantChanged-bot", WAITING, ""): Shows(),
    ("10-2-agent-text", TALKING, ""): Shows(user=("¿En qué ayudo?",)),
    ("Message-bot", WAITING, ""): Shows(user=("Soy el bot",)),
    ("10-2-agent-file", TALKING, ""): Shows(user=("guia.pdf\nhttps://files.example.invalid/att-1?sig=abc",)),
    ("Message-rich-link", TALKING, ""): Shows(user=("Ayuda\nhttps://ayuda.example.invalid/a",)),
    ("Message-quick-replies", TALKING, ""): Shows(user=("¿Cuál?\n1. Uno\n2. Dos",)),
    ("Message-form", TALKING, ""): Shows(
        user=(BOT.texts["formNotShown"],), agent=(BOT.texts["formNotShownToAgent"],)
    ),
    ("Message-unknown-type", TALKING, ""): Shows(
        user=(BOT.texts["notShown"],), agent=(BOT.texts["notShownToAgent"],)
    ),
    ("10-1-echo", TALKING, ""): Shows(),
    ("10-2-session-ended", TALKING, ""): Shows(
        user=("Adiós",), bot=SUCCESS, becomes="Closed: agent ended", timeline="Salesforce ended the chat: the agent"
    ),
    ("SessionStatusChanged-ended-by-nobody", TALKING, ""): Shows(
        user=("Adiós",), bot=SUCCESS, becomes="Closed: agent ended", timeline="Salesforce ended the chat: it did not"
    ),
    ("10-2-session-active", TALKING, ""): Shows(),
    ("10-2-closed", TALKING, ""): Shows(
        bot=SUCCESS, becomes="Closed: user left", timeline="Salesforce ended the chat: the conversation was closed"
    ),
    ("TypingStarted", TALKING, ""): Shows(),
    ("TypingStopped", TALKING, ""): Shows(),
    ("Typing-mobile", TALKING, ""): Shows(),
    ("Progress", TALKING, ""): Shows(),
    ("Delivery", TALKING, ""): Shows(),
    ("10-2-read", TALKING, ""): Shows(),
    ("RoutingWorkResult", WAITING, ""): Shows(),
    ("EndUserConsentUpdated", WAITING, ""): Shows(),
    ("ClientAction", TALKING, ""): Shows(),
    ("ClientMenu", TALKING, ""): Shows(),
    ("unknown-event", TALKING, ""): Shows(timeline=f"Salesforce told “CONVERSATION_HOLOGRAM”, {KEPT}."),
}


def recorded(name):
    case = json.loads((ROOT / f"enhanced_chat/events/{name}.json").read_text())
    return Frame(case["event"], case["text"] if "text" in case else json.dumps(case["data"]))


def chat(when, routing):
    """Of an org that answers `routing`, and lets us close."""
    client = Mock(routing_status=AsyncMock(return_value=routing), close=AsyncMock())
    fields = {
        "sessionId": CONVERSATION,
        "status": "OnHold" if when == WAITING else "Active",
        "waitingAgain": "1" if when == AGAIN else "0",
    }
    return EnhancedChatChat(client, Mock(), Mock(), fields, {}, None)


async def shown(name, when, routing):
    event = read_frame(recorded(name), CONVERSATION)
    [settled] = (await chat(when, routing)._settled(Batch((event,), "1", {}))).events
    known = ConversationState("whatsapp", "Ana", waiting_again=when == AGAIN, waits=False)
    changes = changes_for([settled], Status.ON_HOLD if when == WAITING else Status.ACTIVE, BOT, known)
    to_user = [item for change in changes for item in change.to_user]
    line = event_line("enhanced_chat", event.type, event.kept)
    moved = [f"{change.to}: {change.reason}" if change.reason else str(change.to) for change in changes if change.to]
    return Shows(
        user=tuple(item.text for item in to_user if item.kind is Kind.TEXT),
        agent=tuple(item.text for change in changes for item in change.first_to_agent),
        bot="".join(item.text for item in to_user if item.kind is Kind.STATE),
        becomes="".join(moved),
        timeline=line.words if line else None,
    )


@pytest.mark.parametrize(
    ("event", "expected"), CATALOGUE.items(), ids=[" ".join(filter(None, row)) for row in CATALOGUE]
)
async def test_what_an_event_shows(event, expected):
    found = await shown(*event)
    assert (found.user, found.agent, found.bot, found.becomes) == (
        expected.user,
        expected.agent,
        expected.bot,
        expected.becomes,
    )
    if expected.timeline is None:
        assert found.timeline is None
    else:
        assert found.timeline.startswith(expected.timeline)


def test_every_event_of_the_sheet_is_in_the_catalogue():
    assert {recorded(name).event for name, _, _ in CATALOGUE} & EVENT_NAMES == EVENT_NAMES - UNTOLD
    assert EVENT_NAMES - UNTOLD == KNOWN


def test_the_page_about_events_has_a_row_for_each():
    [_, page] = (Path(__file__).parents[2] / "docs/events.md").read_text().split("\n## Enhanced Chat\n")
    assert set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE)) == EVENT_NAMES
    told_apart = set(re.findall(r"^\| `CONVERSATION_PARTICIPANT_CHANGED` .*?`(\w+)` \|", page, re.MULTILINE))
    assert told_apart == {status for _, _, status in CATALOGUE if status}
