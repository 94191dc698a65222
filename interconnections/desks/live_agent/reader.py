"""Live Agent's answers in our words.  Pure: bytes and status in, small classes out, or an error of desks.

Unknown fields are tolerated; wrong types are read as absent.  `events` reads what a poll brought.  Sections are
those of salesforce-live-agent.md.
"""

import re
from dataclasses import dataclass

from interconnections.desks import news
from interconnections.desks.live_agent.events import read_event
from interconnections.desks.loosely import Json, list_of, number, object_of, objects, text, whole
from interconnections.errors import (
    ChatGone,
    DeskError,
    DeskRefused,
    DeskUnwell,
    HandedOver,
    OutOfSequence,
    PollRefused,
)
from interconnections.fast_json import loads
from interconnections.secret import Secret

LONGEST_POLL = 300  # seconds; a time-out beyond it would hide a dead socket


@dataclass(frozen=True, slots=True)
class Session:
    """Section 4.1.  `poll_timeout`: seconds."""

    id: str
    key: Secret
    affinity: Secret
    poll_timeout: int


def read_session(status: int, content: bytes, pause: float | None = None) -> Session:
    """SessionId's answer; `pause`: seconds that it asked for.

    Raises DeskUnwell where a repeat may help (403 and 503 included: no session yet).
    """
    if status in (400, 404, 405, 410) or 300 <= status < 400:
        raise DeskRefused(f"SessionId answered {status}: the chat address is wrong, or this channel is retired")
    if status != 200:
        raise DeskUnwell(f"SessionId answered {status}", wait=pause or 0.0)
    body = _object(content)
    timeout = whole(body, "clientPollTimeout", 30)
    session = Session(
        text(body, "id"),
        Secret(text(body, "key")),
        Secret(text(body, "affinityToken")),
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
    for raw in list_of(messages):
        event = read_event(raw)
        if isinstance(event.news, news.Moved):
            return Availability(moved=event.news.url)
        if event.type == "Availability":
            return Availability(open=_is_open(raw, button))
    return Availability()


def _is_open(raw: object, button: str) -> bool | None:
    for row in objects(object_of(object_of(raw).get("message")).get("results")):
        if str(row.get("id", ""))[:15] == button[:15]:
            return row.get("isAvailable") is True  # missing is no (section 10)
    return None


def read_poll(status: int, content: bytes) -> news.Poll | None:
    """Messages' answer (section 5); None is silence (204).  Raises as section 11 says."""
    if status == 204:
        return None
    if status != 200:
        raise _refusal(status, content, poll=True)
    body = _object(content)
    sequence, events = number(body.get("sequence")), body.get("messages")
    if sequence is None or not isinstance(events, list):
        raise DeskUnwell("Messages answered without sequence or messages")
    offset = whole(body, "offset", 0)
    return news.Poll(sequence, offset if offset > 0 else None, tuple(read_event(raw) for raw in events))


def read_reconnect(status: int, content: bytes) -> tuple[Secret, bool]:
    """ReconnectSession's answer (section 6): the new affinity, and whether sequence numbers start again.

    Raises ChatGone (403), DeskRefused (405: no hand-over is pending), DeskUnwell (anything to repeat).
    """
    if status != 200:
        raise (
            DeskUnwell("still moving", undone=True) if status in (409, 503) else _refusal(status, content, poll=False)
        )
    first = next(iter(list_of(_object(content).get("messages"))), None)
    body = object_of(object_of(first).get("message"))
    affinity = text(body, "affinityToken")
    if not affinity:
        raise DeskUnwell("ReconnectSession answered without an affinityToken")
    return Secret(affinity), body.get("resetSequence") is not False


def read_post(status: int, content: bytes, pause: float | None = None) -> None:
    """A POST's or DELETE's answer: returns when it was taken, raises otherwise (sections 3.7, 11).

    `pause`: seconds that it asked for.
    """
    if not 200 <= status < 300:
        raise _refusal(status, content, poll=False, pause=pause)


def _refusal(status: int, content: bytes, *, poll: bool, pause: float | None = None) -> DeskError:
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
    return DeskUnwell(f"answered {status}", wait=pause or 0.0)


def _actual(content: bytes) -> int | None:
    found = re.search(rb"Actual\s+(-?\d{1,9})", content[:500])
    return int(found[1]) if found else None


def _object(content: bytes) -> Json:
    try:
        body = loads(content)
    except (ValueError, RecursionError):
        raise DeskUnwell("the answer is not JSON") from None
    if not isinstance(body, dict):
        raise DeskUnwell("the answer is not a JSON object")
    return body
