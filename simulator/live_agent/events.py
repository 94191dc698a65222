"""The events of the catalogue (§8), as the server writes them.  Plain values in, plain JSON out."""

from __future__ import annotations

import html
from typing import Any

from ..protocol_options import Json, Rules

WAIT_VERSION, IDLE_VERSION = 47, 35  # from which on wait times and idle time-outs are told (§1)
TYPING_UUID = "9f1f6f0e-0000-4000-8000-0000000000aa"  # typing events carry a UUID, not the user id


def event(kind: str, message: Json | None = None) -> Json:
    """Any event."""
    return {"type": kind, "message": {} if message is None else message}


def shaped(rules: Rules, one: Json) -> Json:
    """An event as it goes out: `message` may be `{}` or missing where it has no properties (§8)."""
    if rules.empty_message == "missing" and one.get("message") == {}:
        return {"type": one["type"]}
    return one


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


def queue_update(position: int, wait: int, *, with_wait: bool) -> Json:
    """The queue moved."""
    message: Json = {"position": position}
    if with_wait:
        message["estimatedWaitTime"] = wait
    return event("QueueUpdate", message)


def agent_joined(kind: str, rules: Rules, name: str, user_id: str, version: int) -> Json:
    """ChatEstablished or ChatTransferred: an agent serves from now on."""
    message: Json = {"name": name, "userId": user_id, "sneakPeekEnabled": rules.sneak_peek}
    if version >= IDLE_VERSION:
        message[rules.idle_key] = _idle(rules)
    if kind == "ChatEstablished":
        message["items"] = []
    return event(kind, message)


def _idle(rules: Rules) -> Json:
    """Whole seconds; both absent where it is disabled."""
    if not rules.idle_enabled:
        return {"isEnabled": False}
    return {"isEnabled": True, "warningTime": _whole(rules.idle_warning), "timeout": _whole(rules.idle_timeout)}


def _whole(seconds: float) -> float:
    """As an int, unless a test is in a hurry."""
    return int(seconds) if seconds == int(seconds) else seconds


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


def agent_typing(rules: Rules, on: bool, name: str) -> Json:
    """The agent types, or stopped."""
    return event("AgentTyping" if on else "AgentNotTyping", _agent(name) if rules.typing_names else None)


def agent_disconnect(rules: Rules, name: str) -> Json:
    """The agent's connection dropped."""
    return event("AgentDisconnect", _agent(name) if rules.disconnect_names else None)


def _agent(name: str) -> Json:
    return {"name": name, "agentId": TYPING_UUID}


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
