"""How service begins and ends within a conversation (EC §4.8), and how the conversation itself ends."""

from __future__ import annotations

import itertools

from .. import ids
from ..desk.chat import Status
from ..salesforce.record_ids import long
from . import payloads
from .conversation import Conversation, Routing, Session
from .entries import CHATBOT

NO_AGENTS = "No agents are available"
_numbers = itertools.count(1)


def begin(chat: Conversation) -> None:
    """A new session: the user is queued, or told that nobody can be found."""
    chat.session = Session(long(f"0Mw{next(_numbers):012d}"))
    chat.sessions += 1
    chat.agent, chat.end_reason = None, None
    chat.records = chat.attach(chat.attributes)
    chat.routed_to = chat.deployment.name
    chat.step("session")
    if {"*", chat.deployment.name} & set(chat.rules.closed_buttons):
        fail(chat, "Unavailable")
        return
    chat.routing = Routing.INITIAL
    chat.become(Status.WAITING)
    if chat.rules.chatbot_first:
        chat.tell("ParticipantChanged", payloads.participants(("add", CHATBOT.shown(), CHATBOT.name)))
    chat.tell("RoutingResult", payloads.routing_result("Initial", chat.session.id, wait=chat.rules.estimated_wait))
    become(chat, "Waiting")


def become(chat: Conversation, status: str, role: str | None = None) -> None:
    """The session's status changes, and that is told; `role`: who ended it."""
    assert chat.session is not None
    before, chat.session.status = chat.session.status, status
    chat.tell("SessionStatusChanged", payloads.session_status(before, status, _told_role(chat, role)))


def fail(chat: Conversation, reason: str) -> None:
    """Nobody takes it: told as the result of routing, and by nothing else."""
    assert chat.session is not None
    kind = "Transfer" if chat.established else "Initial"
    why = NO_AGENTS if reason == "Unavailable" else reason
    chat.tell("RoutingResult", payloads.routing_result(kind, chat.session.id, failure="RoutingError", reason=why))
    chat.session.status = "Ended"
    over(chat, reason)


def end(chat: Conversation, role: str, reason: str, *, told: bool = True) -> None:
    """The session ends; the conversation goes on, unless it lives by its sessions."""
    if told:
        become(chat, "Ended", role)
    elif chat.session is not None:
        chat.session.status = "Ended"
    over(chat, reason)


def over(chat: Conversation, reason: str) -> None:
    """What follows from the end of a session, whoever ended it."""
    chat.agent, chat.visitor_typing, chat.end_reason = None, False, reason
    chat.routing = Routing.NEEDS_ROUTING
    if chat.rules.session_based and not chat.user.verified:  # the two cannot be combined
        shut(chat)
    chat.step("ended")
    chat.become(Status.ENDED)


def close(chat: Conversation) -> None:
    """The end user closes the conversation: an open session ends, then the thread (EC §4.8)."""
    if chat.serving:
        end(chat, "EndUser", "client")
    shut(chat)
    chat.tell("CloseConversation", {"conversationIdentifier": chat.id}, chat.end_user)
    if chat.status is not Status.ENDED:
        chat.end_reason = "client"
        chat.step("ended")
        chat.become(Status.ENDED)


def shut(chat: Conversation) -> None:
    """Nothing can be sent any more."""
    chat.closed, chat.closed_at = True, ids.now_ms()
    chat.step("closed")


def _told_role(chat: Conversation, role: str | None) -> str | None:
    if role is None or chat.rules.ended_by_role == "missing":
        return None
    if chat.rules.ended_by_role == "wrong":
        return "Agent" if role == "EndUser" else "EndUser"
    return role
