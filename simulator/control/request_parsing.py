"""How the control API reads requests and says what is wrong with them."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from ..protocol_options import Json
from ..yalo.postman import Postman

POSTMAN: web.AppKey[Postman] = web.AppKey("postman", Postman)
DEFAULT_TIMEOUT = 10.0  # s that a waiting question waits

Answer = Json | list[Json]
Handler = Callable[[web.Request], Awaitable[Answer]]
_REQUIRED: Any = object()
_WORDS = {str: "a string", bool: "true or false", int: "a whole number", float: "a number", dict: "an object"}


class Wrong(Exception):
    """The director asked for something that cannot be; `status` says of which sort."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


def door(handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A handler that returns JSON, as an HTTP handler."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response(await handler(request))
        except Wrong as wrong:
            return web.json_response({"error": wrong.sentence}, status=wrong.status)

    return answer


async def wishes(request: web.Request, *names: str, anything: bool = False) -> Json:
    """The body, an object (nothing at all is an empty one) with no fields but these, or with any."""
    raw = await request.read()
    try:
        body = json.loads(raw) if raw.strip() else {}
    except ValueError:
        raise Wrong(400, "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Wrong(400, "The body is not a JSON object.")
    for name in body:
        if not anything and name not in names:
            raise Wrong(400, f"There is no field {name!r} here; there are {', '.join(names) or 'none'}.")
    return body


def pick(body: Json, name: str, kind: type, default: Any = _REQUIRED) -> Any:
    """A field of the body, of its kind; null counts as missing."""
    value = body.get(name)
    if value is None:
        if default is _REQUIRED:
            raise Wrong(400, f"{name} is required and is {_WORDS[kind]}.")
        return default
    accepted = (int, float) if kind is float else kind
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
        raise Wrong(400, f"{name} is {_WORDS[kind]}.")
    return value


def number(request: web.Request, name: str) -> int | None:
    """A whole number of the query, or None."""
    text = request.query.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Wrong(400, f"{name} is a whole number.")
    return int(text)


def timeout(request: web.Request) -> float:
    """How long a waiting question waits, in seconds."""
    try:
        seconds = float(request.query.get("timeout", DEFAULT_TIMEOUT))
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= 3600:
        raise Wrong(400, "timeout is a number of seconds.")
    return seconds


def asked(request: web.Request, *names: str) -> None:
    """400 for a query parameter that nobody reads: a misspelt condition would never wait."""
    for name in request.query:
        if name not in names:
            raise Wrong(400, f"There is no parameter {name!r} here; there are {', '.join(names) or 'none'}.")
