"""GET /eventrouter/v1/sse: one stream for all conversations of the token's user (EC §5)."""

from __future__ import annotations

import asyncio

from aiohttp import web

from .. import ids
from ..refusal import Refused
from ..world import WORLD
from . import bearer
from .end_user import EndUser, Stream
from .stream import EXPIRED, Over, Writer
from .token_door import check_org_id
from .tokens.access_tokens import Grant

HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
PATH = "/eventrouter/v1/sse"


async def sse(request: web.Request) -> web.StreamResponse:
    """Call 16: events after Last-Event-Id, then what comes, with pings in between."""
    world = request.app[WORLD]
    try:
        grant = bearer.granted(request)
    except Refused as refused:
        world.enhanced_chat.refused(request.path, 401, refused.text)
        return await _unauthorized(request)
    last = _asked(request, grant)
    user = world.enhanced_chat.users[grant.subject]
    response = web.StreamResponse(headers=HEADERS)
    stream = _open(user, grant, request, last)
    try:
        await response.prepare(request)
        await Writer(user, grant, stream, world.rules, response, request).run(last)
    except Over as over:
        stream.how = str(over)
    except (asyncio.CancelledError, ConnectionError):
        stream.how = "stalled" if stream.how == "stalled" else "left"
        raise
    finally:
        stream.ended = ids.now_ms()
        for chat in user.conversations:
            chat.bell.ring()
    response.force_close()
    return response


def _asked(request: web.Request, grant: Grant) -> int:
    """The Last-Event-Id; 400 for what is missing or wrong in the headers."""
    world = request.app[WORLD]
    if "text/event-stream" not in request.headers.get("Accept", ""):
        raise Refused(400, "Accept must be text/event-stream")
    org_id = request.headers.get("X-Org-Id")
    if org_id is None:
        raise Refused(400, "Missing required header X-Org-Id")
    check_org_id(world, org_id, "X-Org-Id")
    if org_id[:15] != grant.org_id:
        raise Refused(403, "X-Org-Id is not the org of this token")
    last = request.headers.get("Last-Event-Id")
    if last is None and not world.rules.last_event_id_required:
        newest = world.enhanced_chat.users[grant.subject].log.newest
        return newest + grant.event_offset
    if last is None or not (last.isascii() and last.isdigit()):
        raise Refused(400, "Last-Event-Id is required and is a number")
    return int(last)


def _open(user: EndUser, grant: Grant, request: web.Request, last: int) -> Stream:
    if any(one.token == grant.id for one in user.open_streams()):
        user.double_streams += 1
    peer = request.transport.get_extra_info("peername") if request.transport else None
    stream = Stream(grant.id, int(peer[1]) if peer else 0, last)
    user.streams.append(stream)
    for chat in user.conversations:
        chat.bell.ring()
    return stream


async def _unauthorized(request: web.Request) -> web.StreamResponse:
    """The sheet's own body, or the raw text on a stream (EC §3.3)."""
    if request.app[WORLD].rules.expired_at_connect == "401":
        return web.json_response({"status": 401, "error": "Unauthorized", "path": PATH}, status=401)
    response = web.StreamResponse(headers=HEADERS)
    await response.prepare(request)
    await response.write(EXPIRED)
    response.force_close()
    return response
