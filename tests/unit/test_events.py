"""Every event of Live Agent's catalogue: what user, agent and bot get of it, and what a supervisor reads.

The way of the product: JSON, reader, news, change.  docs/events.md says the same to people, held to this table.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interconnections.bridge.desk_words import event_line
from interconnections.bridge.transitions import ConversationState, changes_for
from interconnections.desks.live_agent.events import MEANINGS, PASSED_OVER, read_event
from interconnections.items import Kind
from interconnections.lifecycle import Status
from tests.unit.bots import bot
from tests.unit.test_live_agent_payloads import EVENT_TYPES
from tests.unit.test_properties import anything, words

BOT = bot(
    words={
        "waitAgent": "Espera",
        "queuePosition": "Lugar %s",
        "waitTime": "Faltan %s",
        "welcomeTemplate": "Soy %s",
        "agentJoined": "Te atiende %s",
        "transferred": "Sigue %s",
        "backInQueue": "A la fila",
        "agentDropped": "Se cortó",
        "goodbye": "Adiós",
        "noAgent": "No hay nadie",
        "blocked": "No se puede",
        "userSilent": "Seguimos cuando quieras",
    }
)
WAITING, TALKING = Status.ON_HOLD, Status.ACTIVE
SUCCESS, TIMEOUT, BLOCKED = BOT.success_state, BOT.timeout_state, BOT.blocked_state
CARDS = {"id": "0GO", "name": "cards", "pattern": "[0-9]{16}", "replacement": "*", "actionType": "Replace"}


@dataclass
class Shows:
    """`timeline`: how the supervisor's line begins; None where the message itself tells it, or nobody need know."""

    user: tuple[str, ...] = ()
    agent: tuple[str, ...] = ()
    bot: str = ""
    becomes: str = ""
    timeline: str | None = None


NOT_SHOWN = Shows(
    user=("El agente envió algo que aquí no se puede mostrar.",),
    agent=("**El usuario no puede ver lo último que se envió**",),
)
CATALOGUE = [
    (
        ("ChatRequestSuccess", {"queuePosition": 2, "estimatedWaitTime": 90, "connectionTimeout": 150000}, WAITING),
        Shows(
            user=("Espera", "Lugar 2\nFaltan 2 min"), timeline="Salesforce put the user into the queue, at place 2"
        ),
    ),
    (
        ("ChatRequestSuccess", {"queuePosition": 0, "estimatedWaitTime": -1, "sensitiveDataRules": [CARDS]}, WAITING),
        Shows(user=("Espera",), timeline="Salesforce put the user into the queue. Sensitive data is masked"),
    ),
    (
        ("QueueUpdate", {"position": 1, "estimatedWaitTime": 30}, WAITING),
        Shows(user=("Lugar 1\nFaltan 1 min",), timeline="The queue moved, at place 1"),
    ),
    (("QueueUpdate", {"position": 0}, WAITING), Shows(timeline="The queue moved: the user is next.")),
    (("QueueUpdate", {"position": 3}, TALKING), Shows(timeline="The queue moved, at place 3.")),
    (
        ("ChatRequestFail", {"reason": "Unavailable"}, WAITING),
        Shows(
            user=("No hay nadie",),
            bot=TIMEOUT,
            becomes="Failed: no agent",
            timeline="Salesforce gave up: no agent is online",
        ),
    ),
    (
        ("ChatRequestFail", {"reason": "Blocked"}, WAITING),
        Shows(
            user=("No se puede",),
            bot=BLOCKED,
            becomes="Failed: blocked by Salesforce",
            timeline="Salesforce gave up: this visitor is blocked.",
        ),
    ),
    (
        ("ChatRequestFail", {"reason": "InternalFailure"}, WAITING),
        Shows(
            user=("No hay nadie",),
            bot=TIMEOUT,
            becomes="Failed: refused by Salesforce",
            timeline="Salesforce gave up: it had a failure of its own.",
        ),
    ),
    (
        ("ChatRequestFail", {"reason": "NoPost"}, WAITING),
        Shows(
            user=("No hay nadie",),
            bot=TIMEOUT,
            becomes="Failed: refused by Salesforce",
            timeline="Salesforce gave up: it did not take the way",
        ),
    ),
    (
        ("ChatRequestFail", {}, TALKING),
        Shows(
            user=("No hay nadie",),
            bot=TIMEOUT,
            becomes="Failed: refused by Salesforce",
            timeline="Salesforce gave up: it did not say why.",
        ),
    ),
    (
        (
            "ChatEstablished",
            {"name": "Luz", "userId": "005", "chasitorIdleTimeout": {"isEnabled": True, "timeout": 180}},
            WAITING,
        ),
        Shows(
            user=("Te atiende Luz",),
            agent=("Contexto", "Soy Ana"),
            becomes="Active",
            timeline="Luz took the conversation. Salesforce ends it when the user says nothing for 180 s.",
        ),
    ),
    (
        ("ChatEstablished", {"name": "Eva", "userId": "006"}, TALKING),
        Shows(user=("Te atiende Eva",), timeline="Eva took the conversation."),
    ),
    (("ChatMessage", {"text": "&iexcl;Hola! 1 &lt; 2", "name": "Luz"}, TALKING), Shows(user=("¡Hola! 1 < 2",))),
    (
        ("ChatMessage", {"text": 'Lee <a href="https://x.example/a?b=1&amp;c=2" target="_blank">esto</a>'}, TALKING),
        Shows(user=("Lee esto (https://x.example/a?b=1&c=2)",)),
    ),
    (("ChatMessage", {"text": " "}, TALKING), Shows()),
    (
        ("RichMessage", {"type": "ChatWindowMenu", "text": "¿Cuál?", "items": [{"text": "Uno"}, {"x": 1}]}, TALKING),
        Shows(user=("¿Cuál?\n• Uno",)),
    ),
    (("RichMessage", {"items": "?"}, TALKING), Shows()),
    (("ChatMessage", {"text": ["hola"]}, TALKING), NOT_SHOWN),
    (("AgentTyping", {"name": "Luz"}, TALKING), Shows()),
    (("AgentNotTyping", {}, TALKING), Shows()),
    (("AgentDisconnect", {}, TALKING), Shows(user=("Se cortó",), timeline="Waiting again: the agent's connection")),
    (
        ("TransferToButtonInitiated", {}, TALKING),
        Shows(user=("A la fila",), timeline="Waiting again: the agent handed the user back"),
    ),
    (
        ("ChatTransferred", {"name": "Raúl", "userId": "006"}, TALKING),
        Shows(user=("Sigue Raúl",), timeline="Transferred: Raúl has the conversation"),
    ),
    (
        ("ChasitorSessionData", {"chatMessages": [{"type": "Agent", "content": "x"}]}, TALKING),
        Shows(timeline="Hand-over: the new server told what it knows (messages: 1)"),
    ),
    (
        ("ChatEnded", {"reason": "agent"}, TALKING),
        Shows(
            user=("Adiós",), bot=SUCCESS, becomes="Closed: agent ended", timeline="Salesforce ended the chat: the a"
        ),
    ),
    (
        ("ChatEnded", {"reason": "client"}, TALKING),
        Shows(bot=SUCCESS, becomes="Closed: user left", timeline="Salesforce ended the chat: our side left"),
    ),
    (
        ("ChatEnded", {"reason": "clientIdleTimeout"}, TALKING),
        Shows(
            user=("Seguimos cuando quieras",),
            bot=SUCCESS,
            becomes="Closed: user silent",
            timeline="Salesforce ended the chat: the user said nothing",
        ),
    ),
    *(
        (
            ("ChatEnded", {"reason": reason}, TALKING),
            Shows(
                user=("No hay nadie",),
                bot=TIMEOUT,
                becomes="Failed: no agent",
                timeline=f"Salesforce ended the chat: {words}",
            ),
        )
        for reason, words in {
            "agentsUnavailable": "no agent is available",
            "agentPushTimeout": "no agent took",
            "NoPost": "it did not take the way",
        }.items()
    ),
    (
        ("ChatEnded", {}, TALKING),
        Shows(
            user=("Adiós",), bot=SUCCESS, becomes="Closed: agent ended", timeline="Salesforce ended the chat: it did"
        ),
    ),
    (
        ("SensitiveDataRules", {"sensitiveDataRules": [CARDS, CARDS | {"name": "odd", "pattern": "("}]}, TALKING),
        Shows(timeline="Sensitive data is masked before it is sent; rules: 2. Only Salesforce itself can"),
    ),
    (("CustomEvent", {"type": "survey", "data": "{}"}, TALKING), Shows(timeline="The agent's console sent an event")),
    (
        ("FileTransfer", {"type": "Requested", "uploadServletUrl": "https://x", "fileToken": "t"}, TALKING),
        Shows(timeline="The agent asks the user for a file."),
    ),
    (("FileTransfer", {"type": "Failure"}, TALKING), Shows(timeline="A file of the user did not arrive.")),
    (("NewVisitorBreadcrumb", {"location": "https://x"}, TALKING), Shows()),
    (
        ("AsyncResult", {"isError": True, "message": "failed"}, TALKING),
        Shows(timeline="Salesforce says that a request of ours failed after all: failed."),
    ),
    (
        ("SwitchServer", {"newUrl": "https://d.la4.salesforceliveagent.com/chat"}, WAITING),
        Shows(timeline="Hand-over: Salesforce says that this chat lives on another server."),
    ),
    (("Availability", {"results": []}, WAITING), Shows()),
    (
        ("MadeUp", {"x": 1}, TALKING),
        Shows(timeline="Salesforce told “MadeUp”, which the bridge keeps and passes over."),
    ),
]


def shown(type, message, status):
    event = read_event({"type": type, "message": message})
    changes = changes_for([event], status, BOT, ConversationState("whatsapp", "Ana", ("Contexto",)))
    to_user = [item for change in changes for item in change.to_user]
    line = event_line("", event.type, event.kept)
    moved = [f"{change.to}: {change.reason}" if change.reason else str(change.to) for change in changes if change.to]
    return Shows(
        user=tuple(item.text for item in to_user if item.kind is Kind.TEXT),
        agent=tuple(item.text for change in changes for item in change.first_to_agent),
        bot="".join(item.text for item in to_user if item.kind is Kind.STATE),
        becomes="".join(moved),
        timeline=line.words if line else None,
    )


@pytest.mark.parametrize(
    ("event", "expected"), CATALOGUE, ids=[f"{row[0][0]}-{i}" for i, row in enumerate(CATALOGUE)]
)
def test_what_an_event_shows(event, expected):
    found = shown(*event)
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


# Answers of calls, not events of a poll: a poll that brings one is tolerated as any unknown.
ANSWERS = {"ReconnectSession", "Settings", "VisitorId"}


def test_every_type_of_the_sheet_is_in_the_catalogue():
    assert {event[0] for event, _ in CATALOGUE} - {"MadeUp"} == EVENT_TYPES - ANSWERS
    assert {*MEANINGS, *PASSED_OVER} == EVENT_TYPES - ANSWERS


def test_the_page_about_events_has_a_row_for_each():
    [page, _] = (Path(__file__).parents[2] / "docs/events.md").read_text().split("\n## Enhanced Chat\n")
    rows = re.findall(r"^\| `(\w+)`", page, re.MULTILINE)
    assert set(rows) == EVENT_TYPES - ANSWERS
    reasons = set(re.findall(r"^\| `\w+` `(\w+)`", page, re.MULTILINE))
    told_apart = {event[1]["reason"] for event, _ in CATALOGUE if "reason" in event[1]}
    assert told_apart <= reasons


def test_unknown_types_are_counted_under_one_name():
    assert read_event({"type": "MadeUp"}).counted == "unknown"
    assert read_event({"type": "QueueUpdate"}).counted == "QueueUpdate"


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted({*MEANINGS, *PASSED_OVER})) | words,
    anything
    | st.dictionaries(
        st.sampled_from(
            sorted(
                {name for event, _ in CATALOGUE for name in event[1]}
                | {"isEnabled", "warningTime", "chasitorIdletimeout"}
            )
        ),
        anything,
        max_size=5,
    ),
    st.sampled_from(list(Status)),
)
def test_no_event_whatever_it_holds_stumbles(type, message, status):
    """Through reader, news and timeline; and what comes out can be stored and sent."""
    event = read_event({"type": type, "message": message})
    for change in changes_for([event], status, BOT, ConversationState("messenger", "Ana", waiting_again=True)):
        for item in (*change.to_user, *change.first_to_agent):
            item.encoded().encode()
        json.dumps(change.fields).encode()
        "".join(change.fields.values()).encode()
    event_line("", event.type, event.kept)
