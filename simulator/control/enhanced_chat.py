"""`/sim/enhanced`: being the admin of messaging, and what can happen to tokens and streams."""

from __future__ import annotations

from aiohttp import web

from ..enhanced_chat import sessions, setup
from ..enhanced_chat.conversation import Conversation
from ..enhanced_chat.end_user import EndUser
from ..enhanced_chat.options import TROUBLES
from ..protocol_options import Json
from ..world import WORLD
from .request_parsing import Answer, Wrong, pick, wishes


async def look(request: web.Request) -> Answer:
    """GET: the setup, tokens issued, users with their conversations and streams, refusals."""
    server = request.app[WORLD].enhanced_chat
    return {
        "setup": setup.shown(server.setup),
        "issued": server.tokens.issued,
        "users": [_shown(user) for user in server.users.values()],
        "open_streams": sum(len(user.open_streams()) for user in server.users.values()),
        "refusals": list(server.refusals),
    }


def _shown(user: EndUser) -> Json:
    return {
        "subject": user.subject,
        "verified": user.verified,
        "conversations": [chat.id for chat in user.conversations],
        "newest_event": user.log.newest,
        "double_streams": user.double_streams,
        "streams": [
            {
                "last_event_id": one.last_event_id,
                "began": one.began,
                "ended": one.ended,
                "how": one.how,
                "written": one.written,
                "port": one.port,
            }
            for one in user.streams
        ],
    }


async def configure(request: web.Request) -> Answer:
    """PUT {"deployments", "key_sets"}: what is named."""
    server = request.app[WORLD].enhanced_chat
    try:
        server.setup = setup.change(server.setup, await wishes(request, anything=True))
    except setup.BadSetup as bad:
        raise Wrong(400, f"{bad}.") from bad
    return setup.shown(server.setup)


async def expire(request: web.Request) -> Answer:
    """POST {"chat"?}: the tokens of this chat's user end now, or all; their streams are told as the switch says."""
    users = await _users(request)
    server = request.app[WORLD].enhanced_chat
    return {"expired": sum(server.expire(user.subject) for user in users)}


async def trouble(request: web.Request) -> Answer:
    """POST /sim/enhanced/streams/{trouble} {"chat"?}: now, to the open streams of this chat's user, or to all."""
    what = request.match_info["trouble"]
    if what not in TROUBLES:
        raise Wrong(404, f"A stream can meet {', '.join(TROUBLES)}.")
    users, met = await _users(request), 0
    for user in users:
        if what == "unknown":
            user.log.stranger()
        elif what == "foreign":
            user.log.foreigner()
        elif what == "forget":
            user.log.forget()
        met += user.order(what)
    return {"streams": met}


async def close(request: web.Request) -> Answer:
    """POST {"chat"}: the same user closes it somewhere else, as with call 14."""
    chat = _chat(request, pick(await wishes(request, "chat"), "chat", str))
    if chat.closed:
        raise Wrong(409, "This conversation is closed.")
    sessions.close(chat)
    return chat.shown()


async def _users(request: web.Request) -> list[EndUser]:
    server = request.app[WORLD].enhanced_chat
    id = pick(await wishes(request, "chat"), "chat", str, None)
    if id is None:
        return list(server.users.values())
    return [_chat(request, id).user]


def _chat(request: web.Request, id: str) -> Conversation:
    if (chat := request.app[WORLD].enhanced_chat.conversations.get(id)) is None:
        raise Wrong(404, "There is no conversation of this id.")
    return chat


ROUTES = [
    ("GET", "/enhanced", look),
    ("PUT", "/enhanced", configure),
    ("POST", "/enhanced/expire", expire),
    ("POST", "/enhanced/close", close),
    ("POST", "/enhanced/streams/{trouble}", trouble),
]
