"""Reading what was: the entries of a conversation (EC §4.7), and its transcript."""

from __future__ import annotations

from aiohttp import web

from ..refusal import Refused
from ..world import WORLD
from . import bearer
from .conversation_door import MOST, count
from .entries import LISTED, Entry

DIRECTIONS = ("FromEnd", "FromStart")
LATEST = 2**63  # ms


async def entries(request: web.Request) -> web.StreamResponse:
    """Call 12: a window of time, from its start or, newest first, from its end."""
    chat = bearer.theirs(request, bearer.granted(request), to_read=True)
    limit = count(request, "limit", 20, MOST)
    start, end = _moment(request, "startTimestamp", 0), _moment(request, "endTimestamp", LATEST)
    direction = request.query.get("direction", DIRECTIONS[0])
    if direction not in DIRECTIONS:
        raise Refused(400, f"direction is one of {', '.join(DIRECTIONS)}")
    wanted = _types(request)
    found = [one for one in chat.entries if start <= one.at <= end and one.type in wanted]
    page = found[:limit] if direction == "FromStart" else found[::-1][:limit]
    payload_as = request.app[WORLD].rules.entries_payload
    return web.json_response({"conversationEntries": [one.listed(payload_as) for one in page]})


def _moment(request: web.Request, name: str, default: int) -> int:
    """Epoch milliseconds; an empty one counts as missing."""
    text = request.query.get(name) or str(default)
    if not (text.isascii() and text.isdigit()):
        raise Refused(400, f"{name} is a whole number of milliseconds")
    return int(text)


def _types(request: web.Request) -> frozenset[str]:
    """Those of the filter that a list keeps; others are no mistake."""
    text = request.query.get("entryTypeFilter")
    if not text:
        return LISTED
    return LISTED & {one.strip() for one in text.split(",")}


async def transcript(request: web.Request) -> web.StreamResponse:
    """Call 15: the messages; the format is unconfirmed."""
    chat = bearer.theirs(request, bearer.granted(request), to_read=True)
    messages = [one for one in chat.entries if one.type == "Message"]
    if request.app[WORLD].rules.transcript_as == "json":
        return web.json_response({"transcript": [one.listed("object") for one in messages]})
    return web.Response(text="".join(f"{_line(one)}\n" for one in messages))


def _line(entry: Entry) -> str:
    abstract = entry.payload["abstractMessage"]
    content = abstract.get("staticContent") or abstract.get("choices") or {}
    return f"[{entry.at}] {entry.sender.name}: {content.get('text') or abstract['messageType']}"
