"""Every path of EC §2, by the name under which faults know it, and how a refusal is written."""

from __future__ import annotations

import math

from aiohttp import web

from .. import ids
from ..protocol_options import Json
from ..refusal import Refused
from ..refusing import Handler, refusing
from ..world import WORLD
from . import (
    attachments,
    conversation_door,
    file_door,
    message_door,
    public_door,
    reading_door,
    stream_door,
    token_door,
)
from .refusal import TooMany, body_of
from .tokens.jose import BadToken

API = "/iamessage/api/v2"
ONE = f"{API}/conversation/{{id}}"
TOKEN = f"{API}/authorization"

ROUTES: list[tuple[str, str, str, Handler]] = [
    ("anonymous_token", "POST", f"{TOKEN}/unauthenticated/access-token", token_door.unauthenticated),
    ("verified_token", "POST", f"{TOKEN}/authenticated/access-token", token_door.authenticated),
    ("revoke_token", "DELETE", f"{TOKEN}/authenticated/access-token", token_door.revoke),
    ("continuation_token", "GET", f"{TOKEN}/continuation-access-token", token_door.continuation),
    ("create_conversation", "POST", f"{API}/conversation", conversation_door.create),
    ("list_conversations", "GET", f"{API}/conversation/list", conversation_door.every),
    ("routing_status", "GET", ONE, conversation_door.routing_status),
    ("send_message", "POST", f"{ONE}/message", message_door.message),
    ("send_file", "POST", f"{ONE}/file", file_door.send),
    ("send_typing", "POST", f"{ONE}/entry", message_door.typing),
    ("acknowledge", "POST", f"{ONE}/acknowledge-entries", message_door.acknowledge),
    ("list_entries", "GET", f"{ONE}/entries", reading_door.entries),
    ("end_session", "DELETE", f"{ONE}/session", conversation_door.end_session),
    ("close_conversation", "DELETE", ONE, conversation_door.close),
    ("transcript", "GET", f"{ONE}/transcript", reading_door.transcript),
    ("sse", "GET", stream_door.PATH, stream_door.sse),
    ("business_hours", "GET", "/embeddedservice/v1/businesshours", public_door.business_hours),
    ("attachment", "GET", f"{attachments.PATH}/{{id}}/{{number}}/{{name}}", file_door.fetch),
]
OPERATIONS = frozenset(name for name, *_ in ROUTES)
STREAMED = frozenset({"sse"})  # answers that go on until somebody leaves
PREFIXES = ("/iamessage/", "/eventrouter/", "/embeddedservice/", f"{attachments.PATH}/")


def add(app: web.Application) -> None:
    """Hang the doors."""
    for name, method, path, handler in ROUTES:
        app.router.add_route(method, path, refusing(handler, remember, _answer), name=name)


def remember(request: web.Request, status: int, why: str) -> None:
    """Write a refusal down with its conversation, or with the server when it has none."""
    server = request.app[WORLD].enhanced_chat
    chat = server.conversations.get(request.match_info.get("id", ""))
    if chat is None:
        server.refused(request.path, status, why)
        return
    refusal: Json = {"status": status, "path": request.path, "why": why, "at": ids.now_ms()}
    chat.refusals.append(refusal)
    chat.bell.ring()


def keys(request: web.Request) -> list[str]:
    """The conversation and the user that a request is about, as faults name them."""
    found = [request.match_info["id"]] if "id" in request.match_info else []
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        return [*found, request.app[WORLD].enhanced_chat.tokens.grant(token).subject]
    except BadToken:
        return found


def _answer(request: web.Request, refused: Refused) -> web.Response:
    rules = request.app[WORLD].rules
    headers = {}
    if isinstance(refused, TooMany) and rules.rate_retry_after == "seconds":
        headers["Retry-After"] = str(math.ceil(refused.seconds))
    body = body_of(refused, rules.error_keys)
    if body is None:
        return web.Response(status=refused.status, headers=headers)
    return web.json_response(body, status=refused.status, headers=headers)
