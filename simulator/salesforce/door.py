"""/services/data/…: HTTP in, a call out, its reply or its errors back; `Sforce-Limit-Info` on every answer."""

from __future__ import annotations

import json

from aiohttp import web

from ..protocol_options import Json
from ..world import WORLD
from . import admittance, composite, multipart
from .call import Call, Reply
from .dispatch import Found, find
from .org import Org
from .refusal import Refused, bad_json

JSON_MAX_BYTES = 50 * 1024 * 1024  # of a body that is not multipart (§6)


async def data(request: web.Request) -> web.StreamResponse:
    """Anything below /services."""
    org = request.app[WORLD].org
    try:
        reply = await _perform(request, org)
    except Refused as refused:
        org.refused(request.path, refused.status, str(refused))
        reply = Reply(refused.status, refused.body)
    return _answer(reply, org)


async def versions(request: web.Request) -> web.StreamResponse:
    """GET /services/data: which versions there are; no token is asked for."""
    rules = request.app[WORLD].rules
    there = range(rules.oldest_data_version, rules.newest_data_version + 1)
    return web.json_response(
        [{"label": f"v{one}.0", "url": f"/services/data/v{one}.0", "version": f"{one}.0"} for one in there]
    )


async def _perform(request: web.Request, org: Org) -> Reply:
    if len(request.raw_path) > org.rules.uri_max_bytes:
        raise Refused(414, "URI_TOO_LONG", "The URI is too long")
    if len(request.raw_path) + sum(len(name) + len(value) for name, value in request.raw_headers) > (
        org.rules.uri_max_bytes
    ):
        raise Refused(431, "HEADERS_TOO_LONG", "The URI and the headers are too long")
    user_id = admittance.user(org, request.headers.get("Authorization"))
    admittance.count(org)
    found = find(request.method, request.rel_url.raw_path)
    admittance.version(org, found.version)
    org.calls[found.operation.name] += 1
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = await _body(request, org, found) if request.method in ("POST", "PATCH") else None
    query = composite.pairs(request.rel_url.raw_query_string)
    call = Call(org, user_id, found.version, found.args, query, headers, body)
    with org.tables.all_or_none():  # also a part of a create, such as a file's document, is never there alone
        return (
            composite.perform(call, request.app[WORLD].faults)
            if found.operation.act is None
            else found.operation.act(call)
        )


async def _body(request: web.Request, org: Org, found: Found) -> Json:
    if request.content_type == "multipart/form-data" and found.operation.name == "create":
        return await multipart.read(request, org)
    if request.content_type != "application/json":
        raise Refused(415, "UNSUPPORTED_MEDIA_TYPE", "This service only accepts application/json")
    if (request.content_length or 0) > JSON_MAX_BYTES:
        raise Refused(413, "REQUEST_ENTITY_TOO_LARGE", "The body is too large")
    try:
        body = json.loads((await request.read()).decode())
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "REQUEST_ENTITY_TOO_LARGE", "The body is too large") from None
    except (ValueError, RecursionError) as wrong:
        raise bad_json(str(wrong)) from None
    if not isinstance(body, dict):
        raise bad_json("The body is not a JSON object")
    return body


def _answer(reply: Reply, org: Org) -> web.Response:
    usage = f"api-usage={org.used}/{org.rules.api_calls_max}"
    if org.rules.limit_header == "per_app":
        usage += f"; per-app-{usage}(appName=Bridge)"
    headers = {**reply.headers, "Sforce-Limit-Info": usage}
    if reply.body is None:
        return web.Response(status=reply.status, headers=headers)
    if isinstance(reply.body, bytes):
        return web.Response(body=reply.body, content_type="application/octet-stream", headers=headers)
    return web.json_response(reply.body, status=reply.status, headers=headers)
