"""Counting a request and doing to it what a fault says: refusing it, or spoiling its answer on the way out."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

from aiohttp import web
from aiohttp.typedefs import Handler

from .enhanced_chat import routes as enhanced_chat
from .faults import GRAPH_CODE, Fault
from .graph import door as graph
from .graph.call import FAILS_LATER
from .graph.refusal import of_words
from .live_agent import headers
from .live_agent import routes as live_agent
from .protocol_options import Json
from .salesforce import routes as salesforce
from .world import WORLD
from .yalo import routes as yalo
from .yalo.integrations_door import recipient

WORLDS = {
    "live_agent": live_agent.OPERATIONS,
    "enhanced_chat": enhanced_chat.OPERATIONS,
    "salesforce": salesforce.OPERATIONS,
    "yalo": yalo.OPERATIONS,
    "graph": graph.OPERATIONS,
}
OPERATIONS = frozenset[str]().union(*WORLDS.values())
GARBAGE = "<html><body>Service is being maintained</body>"


@web.middleware
async def faulty(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Stand between every door and the network."""
    faults = request.app[WORLD].faults
    operation = salesforce.operation(request) or graph.operation(request).removesuffix("_slash")
    if operation not in OPERATIONS:
        return await handler(request)
    request.app[WORLD].traffic.note(operation, _chat(request))
    if not faults:
        return await handler(request)
    group = next(name for name, operations in WORLDS.items() if operation in operations)
    fault = faults.met(operation, group, await _keys(request, group))
    if fault is None:
        return await handler(request)
    if fault.kind == "drop":
        return _hang_up(request)
    if fault.kind == "status":
        return _refuse(request, fault, operation, group)
    if fault.kind == "fails_later":
        request[FAILS_LATER] = fault.code or ""
        return await handler(request)
    if operation in enhanced_chat.STREAMED:
        return await _spoil_stream(request, fault, handler, operation, group)
    return await _spoil(request, fault, await handler(request), operation, group)


async def _spoil_stream(
    request: web.Request, fault: Fault, handler: Handler, operation: str, group: str
) -> web.StreamResponse:
    """An answer without an end: it begins late, or is cut after the fault's `seconds`."""
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return await handler(request)
    if fault.kind not in ("drop_after", "truncated"):
        return await _spoil(request, fault, web.Response(), operation, group)
    with suppress(TimeoutError):
        async with asyncio.timeout(fault.seconds):
            await handler(request)
    return _hang_up(request)


async def _spoil(
    request: web.Request, fault: Fault, answer: web.StreamResponse, operation: str, group: str
) -> web.StreamResponse:
    """The request was processed; now something happens to the answer."""
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return answer
    if fault.kind == "status_after":
        return _refuse(request, fault, operation, group)
    if fault.kind == "garbage":
        return web.Response(text=GARBAGE, content_type="text/html")
    body = answer.body if isinstance(answer, web.Response) else None
    if fault.kind == "truncated" and isinstance(body, (bytes, bytearray)) and body:
        return await _half(request, answer, bytes(body))
    return _hang_up(request)


def _refuse(request: web.Request, fault: Fault, operation: str, group: str) -> web.Response:
    after = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
    body: Json | list[Json] = {"error": f"fault {fault.id}"}
    if group == "salesforce":
        body = salesforce.refuse(fault, operation)
    if group == "graph":
        code = fault.code if fault.code and GRAPH_CODE.fullmatch(fault.code) else "2"
        body = graph.error(request, of_words(code, fault.message or ""))
    return web.json_response(body, status=fault.status, headers=after)


def _hang_up(request: web.Request) -> web.Response:
    """Close the socket; what is returned here can no longer be written."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _half(request: web.Request, answer: web.StreamResponse, body: bytes) -> web.StreamResponse:
    """Promise the whole body and more, send half, hang up."""
    half = web.StreamResponse(status=answer.status, headers={"Content-Type": answer.content_type})
    half.content_length = len(body) + 10
    half.force_close()
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()  # not abort: the half is to arrive
    return half


def _chat(request: web.Request) -> str:
    """The id of the chat that a request is about."""
    if request.path.startswith(enhanced_chat.PREFIXES):
        return request.match_info.get("id", "")
    key = request.headers.get(headers.SESSION_KEY) or request.match_info.get("key")
    chat = request.app[WORLD].live_agent.by_key(key)
    return chat.id if chat else request.query.get("chatKey", "")


async def _keys(request: web.Request, group: str) -> list[str]:
    """The chat id, the user id or the objects that a request is about."""
    if group == "salesforce":
        return await salesforce.subjects(request)
    if group == "live_agent":
        return [_chat(request)]
    if group == "enhanced_chat":
        return enhanced_chat.keys(request)
    if group == "graph":
        return await graph.keys(request)
    try:
        body = json.loads(await request.read())
    except ValueError:
        return []
    user_id = recipient(body) if isinstance(body, dict) else None
    return [user_id] if user_id else []
