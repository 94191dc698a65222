"""Conversations: begun, asked about, listed, ended (EC §4.1, §4.2, §4.7, §4.8)."""

from __future__ import annotations

from aiohttp import web

from ..protocol_options import Json
from ..refusal import Refused
from ..shape import optional, require
from ..world import WORLD, World
from . import bearer, said, sessions
from .conversation import Conversation
from .refusal import TooMany
from .tokens.access_tokens import Grant

STARTS = 30.0  # s in which so many conversations may begin
MOST = 50  # of a list


async def create(request: web.Request) -> web.StreamResponse:
    """Call 5: 201 and nothing more; the client made the id."""
    world, grant = request.app[WORLD], bearer.granted(request)
    server, body = world.enhanced_chat, await bearer.json_body(request)
    id = said.uuid4(require(body, "conversationId", str), "conversationId")
    deployment = bearer.named(request, grant, body)
    attributes, language = said.attributes(body), optional(body, "language", str)
    if deployment.type != "api":
        raise Refused(403, "The deployment is not of type Custom Client")
    server.rates.take("conversation starts", _starter(world, grant), world.rules.conversation_starts, STARTS)
    if (there := server.conversations.get(id)) is not None:
        return _repeated(world, there, grant)
    if server.active_sessions() >= world.rules.active_sessions_max:
        raise TooMany(f"More than {world.rules.active_sessions_max} sessions are active", STARTS)
    chat = server.open(id, server.users[grant.subject], deployment, str(request.url.origin()))
    said.know(chat, attributes or {})
    chat.language = language
    if world.rules.routing_begins == "conversation":
        sessions.begin(chat)
        world.floor.queued(chat)
    return _created(world, chat, 201)


def _starter(world: World, grant: Grant) -> str:
    """Whose starts are counted together: unconfirmed, so a switch."""
    by = {"client": grant.client, "user": grant.subject, "deployment": grant.deployment}
    return by[world.rules.conversation_starts_per]


def _repeated(world: World, there: Conversation, grant: Grant) -> web.StreamResponse:
    status = world.rules.conversation_repeated
    if status == 409 or there.user.subject != grant.subject:
        raise Refused(409, "conversationId is used already")
    return _created(world, there, status)


def _created(world: World, chat: Conversation, status: int) -> web.StreamResponse:
    if world.rules.conversation_answer == "json":
        return web.json_response({"conversationId": chat.id}, status=status)
    return web.Response(status=status)


async def routing_status(request: web.Request) -> web.StreamResponse:
    """Call 6."""
    chat = bearer.theirs(request, bearer.granted(request), to_read=True)
    return web.json_response({"conversationId": chat.id, "routingStatus": chat.routing})


async def every(request: web.Request) -> web.StreamResponse:
    """Call 11: the user's conversations, in no order that a client may rely on."""
    grant = bearer.granted(request)
    user = request.app[WORLD].enhanced_chat.users[grant.subject]
    limit = count(request, "limit", 20, MOST)
    asked = request.query.get("inclClosedConvs", "false")
    if asked not in ("true", "false"):
        raise Refused(400, "inclClosedConvs is true or false")
    closed = [chat for chat in user.conversations if chat.closed]
    shown = [chat for chat in user.conversations if asked == "true" or not chat.closed]
    answer: Json = {
        "openConversationsFound": len(user.conversations) - len(closed),
        "closedConversationsFound": len(closed) if asked == "true" else 0,
        "conversations": [
            {"conversationId": chat.id, "startTimestamp": chat.opened_at, "endTimestamp": chat.closed_at}
            for chat in shown[:limit]
        ],
    }
    return web.json_response(answer)


def count(request: web.Request, name: str, default: int, most: int) -> int:
    """A whole number of the query, from 1 on."""
    text = request.query.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= most:
        raise Refused(400, f"{name} is a whole number from 1 to {most}")
    return int(text)


async def end_session(request: web.Request) -> web.StreamResponse:
    """Call 13: the session ends, the conversation stays open."""
    world, grant = request.app[WORLD], bearer.granted(request)
    bearer.deployment(request, grant, request.query.get("esDeveloperName"))
    if (chat := _to_end(request, grant)) is None:
        return web.Response(status=204)
    if not chat.serving:
        if world.rules.close_again == "ok":
            return web.Response(status=204)
        raise Refused(404, "No session is open in this conversation")
    if world.rules.session_end_closes == "anonymous" and not grant.verified:
        sessions.close(chat)
    else:
        sessions.end(chat, "EndUser", "client")
    return web.Response(status=204)


async def close(request: web.Request) -> web.StreamResponse:
    """Call 14: the conversation is closed for good, and that is told."""
    grant = bearer.granted(request)
    bearer.deployment(request, grant, request.query.get("esDeveloperName"))
    if (chat := _to_end(request, grant)) is not None:
        sessions.close(chat)
    return web.Response(status=204)


def _to_end(request: web.Request, grant: Grant) -> Conversation | None:
    """None: it is closed already, and the switch takes that for done."""
    chat = bearer.theirs(request, grant, to_read=True)
    if not chat.closed:
        return chat
    if request.app[WORLD].rules.close_again == "ok":
        return None
    raise Refused(request.app[WORLD].rules.closed_status, "The conversation is closed")
