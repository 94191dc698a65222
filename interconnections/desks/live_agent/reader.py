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
LONGEST_POLL = 300  # seconds; a time-out beyond it would hide a dead socket
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
    if status in (400, 404, 405, 410) or 300 <= status < 400:
        raise DeskRefused(f"SessionId answered {status}: the chat address is wrong, or this channel is retired")
    if status != 200:
        raise DeskUnwell(f"SessionId answered {status}")
    body = _object(content)
    timeout = _whole(body, "clientPollTimeout", 30)
    session = Session(
        _text(body, "id"),
        Secret(_text(body, "key")),
        Secret(_text(body, "affinityToken")),
        timeout if 0 < timeout <= LONGEST_POLL else 30,
    )
    if not (session.id and session.key and session.affinity):
        raise DeskUnwell("SessionId answered without id, key or affinityToken")
    return session


@dataclass(frozen=True, slots=True)
class Availability:
    """Section 10.  `open`: None when the answer says nothing of it; `moved`: where the org is served, or ""."""

    open: bool | None = None
    moved: str = ""


def read_availability(status: int, content: bytes, button: str) -> Availability:
    """Visitor/Availability's answer.  Never raises: it is a courtesy, the chat request itself decides."""
    if status != 200:
        return Availability()
    try:
        messages = _object(content).get("messages")
    except DeskUnwell:
        return Availability()
    for raw in messages if isinstance(messages, list) else []:
        event = _event(raw)
        if isinstance(event.news, news.Moved):
            return Availability(moved=event.news.url)
        if event.type == "Availability":
            return Availability(open=_is_open(raw, button))
    return Availability()


def _is_open(raw: object, button: str) -> bool | None:
    message = raw.get("message") if isinstance(raw, dict) else None
    results = message.get("results") if isinstance(message, dict) else None
    for row in results if isinstance(results, list) else []:
        if isinstance(row, dict) and str(row.get("id", ""))[:15] == button[:15]:
            return row.get("isAvailable") is True  # missing is no (section 10)
    return None


def read_poll(status: int, content: bytes) -> news.Poll | None:
    """Messages' answer (section 5); None is silence (204).  Raises as section 11 says."""
    if status == 204:
        return None
    if status != 200:
        raise _refusal(status, content, poll=True)
    body = _object(content)
    sequence, events = _number(body.get("sequence")), body.get("messages")
    if sequence is None or not isinstance(events, list):
        raise DeskUnwell("Messages answered without sequence or messages")
    offset = _whole(body, "offset", 0)
    return news.Poll(sequence, offset if offset > 0 else None, tuple(_event(raw) for raw in events))


def read_reconnect(status: int, content: bytes) -> tuple[Secret, bool]:
    """ReconnectSession's answer (section 6): the new affinity, and whether sequence numbers start again.

    Raises ChatGone (403), DeskRefused (405: no hand-over is pending), DeskUnwell (anything to repeat).
    """
    if status != 200:
        raise DeskUnwell("still moving") if status in (409, 503) else _refusal(status, content, poll=False)
    messages = _object(content).get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    message = first.get("message") if isinstance(first, dict) else None
    body: Json = message if isinstance(message, dict) else {}
    affinity = _text(body, "affinityToken")
    if not affinity:
        raise DeskUnwell("ReconnectSession answered without an affinityToken")
    return Secret(affinity), body.get("resetSequence") is not False


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
    found = _number(body.get(name))
    return default if found is None else found


def _number(value: object) -> int | None:
    """Numbers come as 40, 40.0 or "40"; anything else is absent, and so is what no counter reaches."""
    if isinstance(value, str) and (digits := re.fullmatch(r"(-?\d{1,18})(?:\.\d*)?", value)):
        value = int(digits[1])
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 10**18:
        return None
    return int(value)


def _event(raw: object) -> news.Event:
    event: Json = raw if isinstance(raw, dict) else {}
    type = _text(event, "type", "(none)")[:80]
    message = event.get("message")
    body: Json = message if isinstance(message, dict) else {}
    meaning = MEANINGS.get(type)
    kept = json.dumps(_without_secrets(message if message is not None else raw), ensure_ascii=False)
    kept = kept.encode("utf-8", "replace").decode()
    return news.Event(
        type,
        kept if len(kept) <= KEPT else kept[:KEPT] + "…",
        meaning(body) if meaning else news.Other(),
        known=type in MEANINGS or type in PASSED_OVER,
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


def _session_data(body: Json) -> news.News:
    """Blank texts of agents are left out, as `_said` leaves them out: the two are compared after a hand-over."""
    lines = body.get("chatMessages")
    rows: list[Json] = [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
    said = [(row.get("type"), html.unescape(_text(row, "content")), _text(row, "name")) for row in rows]
    return news.SessionData(
        by_user=tuple(text for type, text, _ in said if type == "Chasitor"),
        by_agent=tuple((text, name) for type, text, name in said if type == "Agent" and text.strip()),
    )


# Section 8.  What is not listed is kept, counted, and passed over.
MEANINGS: dict[str, Callable[[Json], news.News]] = {
    "ChatRequestSuccess": lambda body: news.Queued(
        _whole(body, "queuePosition", 0),
        _whole(body, "estimatedWaitTime", -1),
        _whole(body, "connectionTimeout", 0),
    ),
    "ChatRequestFail": lambda body: news.NoAgent(_text(body, "reason") or "Unknown"),
    "QueueUpdate": lambda body: news.QueueMoved(_whole(body, "position", 0), _whole(body, "estimatedWaitTime", -1)),
    "ChatEstablished": lambda body: news.AgentJoined(_text(body, "userId"), _text(body, "name")),
    "ChatMessage": _said,
    "AgentTyping": lambda body: news.AgentTyping(True),
    "AgentNotTyping": lambda body: news.AgentTyping(False),
    "AgentDisconnect": lambda body: news.WaitingAgain(dropped=True),
    "TransferToButtonInitiated": lambda body: news.WaitingAgain(),
    "ChatTransferred": lambda body: news.AgentChanged(_text(body, "userId"), _text(body, "name")),
    "ChasitorSessionData": _session_data,
    "Availability": lambda body: news.Other(),
    "SwitchServer": lambda body: news.Moved(_text(body, "newUrl")),
    "ChatEnded": lambda body: news.Ended(_text(body, "reason") or "unknown"),
}
# Documented, and not our business: kept in EventsChat like all others.
PASSED_OVER = frozenset(
    {"CustomEvent", "FileTransfer", "NewVisitorBreadcrumb", "SensitiveDataRules", "RichMessage", "AsyncResult"}
)
