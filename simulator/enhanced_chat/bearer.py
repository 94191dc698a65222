"""Whose request it is: the bearer token, the body and the conversation in the path."""

from __future__ import annotations

import json

from aiohttp import web

from ..protocol_options import Json
from ..refusal import Refused
from ..shape import require
from ..world import WORLD
from .conversation import Conversation
from .refusal import unauthorized, unknown_conversation
from .setup import Deployment
from .tokens.access_tokens import Grant
from .tokens.jose import BadToken


def granted(request: web.Request) -> Grant:
    """The grant of the token; 401 without a good one (EC §7)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        raise unauthorized("Authorization: Bearer is missing")
    try:
        return request.app[WORLD].enhanced_chat.tokens.grant(token)
    except BadToken as bad:
        raise unauthorized(str(bad)) from bad


async def json_body(request: web.Request) -> Json:
    """The body, if it is sent as JSON and is an object; else 400."""
    raw = await request.read()
    if request.content_type != "application/json":
        raise Refused(400, "Content-Type must be application/json")
    return json_object(raw)


def json_object(raw: bytes) -> Json:
    """The object in these bytes; else 400."""
    try:
        body: object = json.loads(raw.decode())
    except ValueError:
        raise Refused(400, "The body is not JSON") from None
    if not isinstance(body, dict):
        raise Refused(400, "The body is not a JSON object")
    return body


def theirs(request: web.Request, grant: Grant, *, to_read: bool = False) -> Conversation:
    """The conversation in the path: 404 when there is none, 403 when it is another user's.

    A closed one is only there to read, and a switch denies that too.
    """
    world = request.app[WORLD]
    chat = world.enhanced_chat.conversations.get(request.match_info["id"])
    if chat is None:
        raise unknown_conversation()
    if chat.user.subject != grant.subject:
        raise Refused(403, "This is not your conversation")
    if chat.closed and not (to_read and world.rules.closed_entries == "kept"):
        raise Refused(world.rules.closed_status, "The conversation is closed")
    return chat


def deployment(request: web.Request, grant: Grant, name: object) -> Deployment:
    """The deployment that a body or a query names: the token's own, else 403."""
    if not isinstance(name, str) or not name:
        raise Refused(400, "Missing required field esDeveloperName")
    found = request.app[WORLD].enhanced_chat.setup.deployment(name)
    if found is None or name != grant.deployment:
        raise Refused(403, "esDeveloperName is not the deployment of this token")
    return found


def named(request: web.Request, grant: Grant, body: Json) -> Deployment:
    """The deployment that a body names."""
    return deployment(request, grant, require(body, "esDeveloperName", str))
