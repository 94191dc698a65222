"""The events of the catalogue (§8), as the server writes them.  Plain values in, plain JSON out."""

from __future__ import annotations

import html
from typing import Any

from ..rules import Json, Rules

TYPING_UUID = "9f1f6f0e-0000-4000-8000-0000000000aa"  # typing events carry a UUID, not the user id


def event(kind: str, message: Json | None = None) -> Json:
    """Any event."""
    return {"type": kind, "message": {} if message is None else message}


def chat_request_success(rules: Rules, details: list[Any], visitor_id: str, *, with_wait: bool) -> Json:
    """The visitor is in a queue; no agent yet.  Wait times exist from version 47 on (§1)."""
    message: Json = {
        "connectionTimeout": rules.connection_timeout_ms,
        "queuePosition": rules.queue_position,
        "geoLocation": {"countryCode": "MX", "countryName": "Mexico", "latitude": 19.4, "longitude": -99.1},
        "url": "",
        "oref": "",
        "postChatUrl": "",
        "customDetails": details if rules.custom_details == "echo" else [],
        "visitorId": visitor_id,
        "sensitiveDataRules": [],
        "transcriptSaveEnabled": False,
    }
    if with_wait:
        message["estimatedWaitTime"] = rules.estimated_wait
    return event("ChatRequestSuccess", message)


def chat_request_fail(reason: str) -> Json:
    """Final: no agent, blocked, not a post…"""
    return event("ChatRequestFail", {"reason": reason, "postChatUrl": ""})


def queue_update(position: int, wait: int) -> Json:
    """The queue moved."""
    return event("QueueUpdate", {"position": position, "estimatedWaitTime": wait})


def agent_joined(kind: str, rules: Rules, name: str, user_id: str) -> Json:
    """ChatEstablished or ChatTransferred: an agent serves from now on."""
    idle: Json = {"isEnabled": rules.idle_enabled}
    if rules.idle_enabled:
        idle |= {"warningTime": rules.idle_warning, "timeout": rules.idle_timeout}
    message: Json = {
        "name": name,
        "userId": user_id,
        "sneakPeekEnabled": rules.sneak_peek,
        rules.idle_key: idle,
    }
    if kind == "ChatEstablished":
        message["items"] = []
    return event(kind, message)


def agent_text(rules: Rules, text: str) -> str:
    """An agent's words as the wire carries them: possibly with HTML entities."""
    return text if rules.html_entities == "none" else html.escape(text)


def visitor_text(rules: Rules, text: str) -> str:
    """A visitor's words as ChasitorSessionData repeats them."""
    return html.escape(text) if rules.html_entities == "all" else text


def chat_message(rules: Rules, text: str, name: str, user_id: str) -> Json:
    """The agent said something."""
    message: Json = {
        "text": agent_text(rules, text),
        "name": name,
        "schedule": {"responseDelayMilliseconds": 0.0},
    }
    if rules.agent_id != "missing":
        message["agentId"] = user_id if rules.agent_id == "user" else TYPING_UUID
    return event("ChatMessage", message)


def agent_typing(on: bool, name: str) -> Json:
    """The agent types, or stopped."""
    return event("AgentTyping" if on else "AgentNotTyping", {"name": name, "agentId": TYPING_UUID})


def chat_ended(reason: str, records: list[Json] | str | None = None) -> Json:
    """Final: it is over."""
    message: Json = {"reason": reason}
    if records:
        message["attachedRecords"] = records
    return event("ChatEnded", message)


def file_requested(origin: str, token: str) -> Json:
    """The agent pressed the file button (§9)."""
    return event(
        "FileTransfer",
        {
            "type": "Requested",
            "uploadServletUrl": f"{origin}/content/fileUpload",
            "cdmServletUrl": f"{origin}/content/cdm",
            "fileToken": token,
        },
    )


def file_news(kind: str) -> Json:
    """Success, Failure or Canceled (§9)."""
    return event("FileTransfer", {"type": kind})


def switch_server(url: str) -> Json:
    """The org lives elsewhere."""
    return event("SwitchServer", {"newUrl": url})
