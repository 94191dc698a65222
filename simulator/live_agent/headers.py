"""The four headers (§2) and whom they speak for.

The sheet lists which request takes which; what the server answers when VERSION or AFFINITY is missing it
does not say: here 400, so that a client that forgets one is found out.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from ..protocol_options import Json
from ..refusal import Refused
from ..world import WORLD
from .chat import Chat, Handover
from .refusal import gone, moved

VERSION = "X-LIVEAGENT-API-VERSION"
AFFINITY = "X-LIVEAGENT-AFFINITY"
SESSION_KEY = "X-LIVEAGENT-SESSION-KEY"
SEQUENCE = "X-LIVEAGENT-SEQUENCE"
FIRST_VERSION = 29
RECONNECT_VERSION = 37  # §1: ReconnectSession does not exist below


def version(request: web.Request) -> int:
    """A whole number, no `.0`."""
    text = request.headers.get(VERSION)
    if text is None:
        raise Refused(400, f"Missing required header {VERSION}")
    if not (text.isascii() and text.isdigit()) or int(text) < FIRST_VERSION:
        raise Refused(400, f"{VERSION} must be a whole number of at least {FIRST_VERSION}")
    return int(text)


def no_affinity_yet(request: web.Request) -> None:
    """SessionId and ReconnectSession carry the literal four characters `null`."""
    if _affinity(request) != "null":
        raise Refused(400, f"{AFFINITY} must be null in this request")


def _affinity(request: web.Request) -> str:
    token = request.headers.get(AFFINITY)
    if token is None:
        raise Refused(400, f"Missing required header {AFFINITY}")
    return token


def known(request: web.Request) -> Chat:
    """The chat of the session key, whatever its affinity; 403 if there is none."""
    chat = request.app[WORLD].live_agent.by_key(request.headers.get(SESSION_KEY))
    if chat is None or chat.gone:
        raise gone()
    return chat


def addressed(request: web.Request) -> tuple[Chat, str]:
    """The chat that this request speaks of and the affinity that it carries; all its headers are there."""
    version(request)
    token = _affinity(request)
    return known(request), token


def session(request: web.Request) -> Chat:
    """The chat that this request may act on: all headers right, and no hand-over in the way."""
    chat, token = addressed(request)
    at_home(chat, token)
    return chat


def at_home(chat: Chat, token: str) -> None:
    """503 while the server is gone, and ever after to whoever did not learn the new affinity (§6, §13.2)."""
    if chat.handover is Handover.MOVED:
        raise moved()
    if token != chat.affinity:
        if chat.handover is Handover.RECONNECTED and chat.rules.reconnect_again == "after_503":
            chat.handover = Handover.UNHEARD  # a 503 says: call ReconnectSession
        raise moved()
    if chat.handover in (Handover.RECONNECTED, Handover.UNHEARD):
        chat.handover = Handover.RESYNCING  # the new token arrived: it will not be asked for again


def delete_affinity(request: web.Request, chat: Chat) -> None:
    """DELETE carries the affinity too, but its key is in the path."""
    at_home(chat, _affinity(request))


def no_sequence(request: web.Request) -> None:
    """GETs and ChasitorResyncState carry no number (§2.1, §3.2)."""
    if SEQUENCE in request.headers:
        raise Refused(400, f"{SEQUENCE} has no place in this request")


def sequence(request: web.Request, *, required: bool) -> int | None:
    """The number of a sequenced POST; optional in practice (§3.6)."""
    text = request.headers.get(SEQUENCE)
    if text is None:
        if required:
            raise Refused(400, f"Missing required header {SEQUENCE}")
        return None
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise Refused(400, f"{SEQUENCE} must be a whole number from 1 on")
    return int(text)


def json_object(request: web.Request, raw: bytes) -> Json:
    """The body, if it is sent as JSON (§1) and is an object in UTF-8; else 400 (§11)."""
    if request.content_type != "application/json":
        raise Refused(400, "Content-Type must be application/json")
    try:
        body: Any = json.loads(raw.decode())
    except ValueError:
        raise Refused(400, "The body is not JSON") from None
    if not isinstance(body, dict):
        raise Refused(400, "The body is not a JSON object")
    return body


def whole_number(request: web.Request, name: str) -> int:
    """A query parameter that must be a whole number, -1 or more."""
    text = request.query.get(name, "")
    try:
        number = int(text)
    except ValueError:
        number = -2
    if number < -1:
        raise Refused(400, f"{name} must be a whole number of at least -1")
    return number
