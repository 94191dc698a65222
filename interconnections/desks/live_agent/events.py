"""A poll's events in our words.  Pure: JSON in, one Event each, whatever it holds.

JSON never leaves this room, but for what EventsChat keeps.  Section 8 of salesforce-live-agent.md.
"""

import html
from collections.abc import Callable

from interconnections.desks import news
from interconnections.desks.kept import kept
from interconnections.desks.live_agent.markup import in_words, rich_in_words
from interconnections.desks.loosely import (
    Json,
    list_of,
    number,
    object_of,
    objects,
    parsed,
    text,
    whole,
    whole_characters,
)
from interconnections.desks.meanings import meant
from interconnections.lifecycle import Reason
from interconnections.secret import Secret

HIDDEN = frozenset({"affinitytoken", "key", "sessionkey", "filetoken"})
MOST_RULES = 50  # of sensitive data; an org has a handful


def read_event(raw: object) -> news.Event:
    event = object_of(raw)
    type = text(event, "type", "(none)")[:80]
    message = event.get("message")
    meaning = MEANINGS.get(type)
    told, fault = meant(meaning, object_of(message))
    return news.Event(
        type,
        kept(message if message is not None else raw, HIDDEN),
        told,
        known=not fault and (type in MEANINGS or type in PASSED_OVER),
        fault=fault,
    )


def read_kept(type: str, stored: str) -> news.News | None:
    """The same from what EventsChat keeps; None where that was cut."""
    body = parsed(stored)
    meaning = MEANINGS.get(type)
    return None if body is None else meant(meaning, object_of(body))[0]


def _said(body: Json) -> news.News:
    """A blank text says nothing; without one nobody can tell what was said."""
    if not isinstance(body.get("text"), str):
        return news.NotShown("ChatMessage", text(body, "name"))
    words = in_words(text(body, "text"))
    return news.AgentSaid(words, text(body, "name")) if words.strip() else news.Other()


def _showed(body: Json) -> news.News:
    """Only bots show menus: told that one cannot be read, a bot may answer with the next, and so for ever."""
    words = rich_in_words(body)
    return news.AgentShowed(words, text(body, "name")) if words.strip() else news.Other()


def _queued(body: Json) -> news.News:
    return news.Queued(
        whole(body, "queuePosition", 0),
        whole(body, "estimatedWaitTime", -1),
        whole(body, "connectionTimeout", 0),
        rules_of(body),
    )


def rules_of(body: Json) -> tuple[news.Rule, ...]:
    """Of what is no rule at all only its name is left: it is counted as one that cannot be applied."""
    rows = list_of(body.get("sensitiveDataRules"))[:MOST_RULES]
    return tuple(
        news.Rule(*(text(row, name) for name in ("id", "name", "pattern", "replacement", "actionType")))
        if isinstance(row, dict)
        else news.Rule(name=whole_characters(str(row)[:80]))
        for row in rows
    )


def idle_of(body: Json) -> news.Idle | None:
    """The guide and the wire spell its name differently (section 8)."""
    told = next((value for name, value in body.items() if name.lower() == "chasitoridletimeout"), None)
    if not isinstance(told, dict):
        return None
    if told.get("isEnabled") is False:
        return news.Idle()
    warning, end = (number(told.get(name)) or 0 for name in ("warningTime", "timeout"))
    return news.Idle(max(0, warning), max(0, end))


# How a chat ended, by the desk's word for it; what is not listed ended as agents end chats.
ENDINGS = {
    "agent": Reason.AGENT_ENDED,
    "client": Reason.USER_LEFT,
    "clientIdleTimeout": Reason.USER_SILENT,
    "agentsUnavailable": Reason.NO_AGENT,
    "agentPushTimeout": Reason.NO_AGENT,
    "NoPost": Reason.NO_AGENT,
}
# Why there will be no agent; what is not listed is a failure of Salesforce's own.
REFUSALS = {"Unavailable": Reason.NO_AGENT, "Blocked": Reason.BLOCKED}


def chat_ended(word: str) -> news.Ended:
    return news.Ended(word, ENDINGS.get(word, Reason.AGENT_ENDED))


def chat_refused(word: str) -> news.NoAgent:
    """ChatRequestFail (section 8): final, before an agent came or after the only one dropped."""
    return news.NoAgent(word, REFUSALS.get(word, Reason.REFUSED))


def _file(body: Json) -> news.News:
    return news.FileTransfer(
        text(body, "type"),
        text(body, "uploadServletUrl"),
        text(body, "cdmServletUrl"),
        Secret(text(body, "fileToken")),
    )


def _session_data(body: Json) -> news.News:
    """Blank texts of agents are left out, as `_said` leaves them out: the two are compared after a hand-over."""
    rows = objects(body.get("chatMessages"))
    said = [(row.get("type"), text(row, "content"), text(row, "name")) for row in rows]
    by_agent = [(in_words(written), name) for type, written, name in said if type == "Agent"]
    return news.SessionData(
        by_user=tuple(_readings(written) for type, written, _ in said if type == "Chasitor"),
        by_agent=tuple((words, name) for words, name in by_agent if words.strip()),
    )


def _readings(written: str) -> tuple[str, ...]:
    """As we sent it; as that reads with its markup escaped, or with links made of addresses (section 8, U)."""
    return tuple(dict.fromkeys((written, html.unescape(written), in_words(written))))


# What is not listed is kept, counted, and passed over.
MEANINGS: dict[str, Callable[[Json], news.News]] = {
    "ChatRequestSuccess": _queued,
    "ChatRequestFail": lambda body: chat_refused(text(body, "reason") or "Unknown"),
    "QueueUpdate": lambda body: news.QueueMoved(whole(body, "position", 0), whole(body, "estimatedWaitTime", -1)),
    "ChatEstablished": lambda body: news.AgentJoined(text(body, "userId"), text(body, "name"), idle_of(body)),
    "ChatMessage": _said,
    "RichMessage": _showed,
    "AgentTyping": lambda body: news.AgentTyping(True),
    "AgentNotTyping": lambda body: news.AgentTyping(False),
    "AgentDisconnect": lambda body: news.WaitingAgain(dropped=True),
    "TransferToButtonInitiated": lambda body: news.WaitingAgain(),
    "ChatTransferred": lambda body: news.AgentChanged(text(body, "userId"), text(body, "name"), idle_of(body)),
    "FileTransfer": _file,
    "SensitiveDataRules": lambda body: news.Masked(rules_of(body)),
    "ChasitorSessionData": _session_data,
    "Availability": lambda body: news.Other(),
    "SwitchServer": lambda body: news.Moved(text(body, "newUrl")),
    "ChatEnded": lambda body: chat_ended(text(body, "reason") or "unknown"),
}
# Documented, and not our business: kept in EventsChat like all others.
PASSED_OVER = frozenset({"CustomEvent", "NewVisitorBreadcrumb", "AsyncResult"})
