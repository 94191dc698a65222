"""Live Agent's answers in our words.  Pure: bytes and status in, small classes out, or an error of desks.

Unknown events and fields are tolerated; wrong types are read as absent; JSON never leaves this file, but for
what EventsChat keeps.  Sections are those of salesforce-live-agent.md.
"""

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interconnections.desks import news
from interconnections.errors import (
    ChatGone,
    DeskError,
    DeskRefused,
    DeskUnwell,
    HandedOver,
    OutOfSequence,
    PollRefused,
)
from interconnections.secret import Secret

Json = Mapping[str, object]
KEPT = 8_000  # characters of an event that EventsChat keeps
HIDDEN = frozenset({"affinitytoken", "key", "sessionkey", "filetoken"})


@dataclass(frozen=True, slots=True)
class Session:
    """Section 4.1.  `poll_timeout`: seconds."""

    id: str
    key: Secret
    affinity: Secret
    poll_timeout: int


def read_session(status: int, content: bytes) -> Session:
    """SessionId's answer; raises DeskUnwell where a repeat may help (403 and 503 included: no session yet)."""
    if status in (404, 405, 410) or 300 <= status < 400:
        raise DeskRefused(
            f"SessionId answered {status}: the chat address is wrong, or this channel is retired"
        )
    if status != 200:
        raise DeskUnwell(f"SessionId answered {status}")
    body = _object(content)
    session = Session(
        _text(body, "id"),
        Secret(_text(body, "key")),
        Secret(_text(body, "affinityToken")),
        _whole(body, "clientPollTimeout", 30),
    )
    if not (session.id and session.key and session.affinity):
        raise DeskUnwell("SessionId answered without id, key or affinityToken")
    return session


def read_poll(status: int, content: bytes) -> news.Poll | None:
    """Messages' answer (section 5); None is silence (204).  Raises as section 11 says."""
    if status == 204:
        return None
    if status != 200:
        raise _refusal(status, content, poll=True)
    body = _object(content)
    sequence, events = body.get("sequence"), body.get("messages")
    sequence = (
        int(sequence) if isinstance(sequence, str) and re.fullmatch(r"-?\d{1,18}", sequence) else sequence
    )
    if not isinstance(sequence, int) or isinstance(sequence, bool) or not isinstance(events, list):
        raise DeskUnwell("Messages answered without sequence or messages")
    offset = _whole(body, "offset", 0)
    return news.Poll(sequence, offset if offset > 0 else None, tuple(_event(raw) for raw in events))


def read_post(status: int, content: bytes) -> None:
    """A POST's or DELETE's answer: returns when it was taken, raises otherwise (sections 3.7, 11)."""
    if not 200 <= status < 300:
        raise _refusal(status, content, poll=False)


def _refusal(status: int, content: bytes, *, poll: bool) -> DeskError:
    match status:
        case 403:
            return ChatGone("the session is gone")
        case 409 if poll:
            return PollRefused("another poll was open")
        case 409:
            return OutOfSequence(_actual(content))
        case 503:
            return HandedOver("the affinity is no longer valid")
        case 400 | 404 | 405 | 410:
            return DeskRefused(f"answered {status}")
    return DeskUnwell(f"answered {status}")


def _actual(content: bytes) -> int | None:
    found = re.search(rb"Actual\s+(-?\d{1,9})", content[:500])
    return int(found[1]) if found else None


def _object(content: bytes) -> Json:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise DeskUnwell("the answer is not JSON") from None
    if not isinstance(body, dict):
        raise DeskUnwell("the answer is not a JSON object")
    return body


def _text(body: Json, name: str, default: str = "") -> str:
    value = body.get(name)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else default


def _whole(body: Json, name: str, default: int) -> int:
    """Numbers come as 40, 40.0 or "40"; anything else is absent."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return default
    try:
        return int(float(value)) if abs(float(value)) < 1e15 else default
    except ValueError:
        return default


def _event(raw: object) -> news.Event:
    event: Json = raw if isinstance(raw, dict) else {}
    type = _text(event, "type", "(none)")[:80]
    message = event.get("message")
    body: Json = message if isinstance(message, dict) else {}
    meaning = MEANINGS.get(type)
    kept = json.dumps(_without_secrets(message if message is not None else raw), ensure_ascii=False)
    kept = kept.encode("utf-8", "replace").decode()
    return news.Event(
        type, kept if len(kept) <= KEPT else kept[:KEPT] + "…", meaning(body) if meaning else news.Other()
    )


def _without_secrets(value: object, depth: int = 0) -> object:
    if depth > 20:
        return "…"
    if isinstance(value, dict):
        return {
            name: "***" if name.lower() in HIDDEN else _without_secrets(inner, depth + 1)
            for name, inner in value.items()
        }
    return [_without_secrets(inner, depth + 1) for inner in value] if isinstance(value, list) else value


def _said(body: Json) -> news.News:
    # Agents' texts may come with HTML entities (section 8, unconfirmed): &lt; is never what was meant.
    text = html.unescape(_text(body, "text"))
    return news.AgentSaid(text, _text(body, "name")) if text.strip() else news.Other()


# Section 8.  What is not listed is kept, counted, and passed over.
MEANINGS: dict[str, Callable[[Json], news.News]] = {
    "ChatRequestSuccess": lambda body: news.Queued(
        _whole(body, "queuePosition", 0),
        _whole(body, "estimatedWaitTime", -1),
        _whole(body, "connectionTimeout", 0),
    ),
    "ChatRequestFail": lambda body: news.NoAgent(_text(body, "reason", "Unknown")),
    "QueueUpdate": lambda body: news.QueueMoved(
        _whole(body, "position", 0), _whole(body, "estimatedWaitTime", -1)
    ),
    "ChatEstablished": lambda body: news.AgentJoined(_text(body, "userId"), _text(body, "name")),
    "ChatMessage": _said,
    "AgentTyping": lambda body: news.AgentTyping(True),
    "AgentNotTyping": lambda body: news.AgentTyping(False),
    "AgentDisconnect": lambda body: news.WaitingAgain(),
    "TransferToButtonInitiated": lambda body: news.WaitingAgain(),
    "ChatTransferred": lambda body: news.AgentChanged(_text(body, "userId"), _text(body, "name")),
    "ChatEnded": lambda body: news.Ended(_text(body, "reason", "unknown")),
}
KNOWN = frozenset(MEANINGS) | {
    "ChasitorSessionData",
    "CustomEvent",
    "FileTransfer",
    "AsyncResult",
    "SwitchServer",
}
