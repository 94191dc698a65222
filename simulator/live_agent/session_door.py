"""System/SessionId, System/ReconnectSession, System/ResyncSession (§4.1, §6)."""

from __future__ import annotations

from aiohttp import web

from ..refusal import Refused
from ..world import WORLD
from . import headers, server_handover
from .refusal import gone


async def session_id(request: web.Request) -> web.StreamResponse:
    """GET: a new session."""
    version = headers.version(request)
    headers.no_affinity_yet(request)
    headers.no_sequence(request)
    world = request.app[WORLD]
    chat = world.live_agent.open(str(request.url.origin()), version)
    timeout = world.rules.client_poll_timeout
    return web.json_response(
        {
            "id": chat.id,
            "key": chat.key,
            "affinityToken": chat.affinity,
            "clientPollTimeout": str(timeout) if world.rules.client_poll_timeout_as == "string" else timeout,
        }
    )


async def delete_session(request: web.Request) -> web.StreamResponse:
    """DELETE: drop the session; the key is in the path, percent-encoded."""
    headers.version(request)
    headers.no_sequence(request)
    chat = request.app[WORLD].live_agent.by_key(request.match_info["key"])
    if chat is None or chat.gone:
        raise gone()
    headers.delete_affinity(request, chat)
    chat.forget("deleted")
    return web.Response(text="OK")


async def reconnect(request: web.Request) -> web.StreamResponse:
    """GET ReconnectSession?ReconnectSession.offset=…: only after a 503."""
    if headers.version(request) < headers.RECONNECT_VERSION:
        raise Refused(404, "Not Found")
    headers.no_affinity_yet(request)
    headers.no_sequence(request)
    chat = headers.known(request)
    offset = headers.whole_number(request, "ReconnectSession.offset")
    return web.json_response(server_handover.reconnect(chat, offset))


async def resync_session(request: web.Request) -> web.StreamResponse:
    """The legacy call of versions 29 to 36: gone (§6.1)."""
    raise Refused(404, "Not Found")
