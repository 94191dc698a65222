"""The Integrations API (Yalo §3.1): messages to users, registration and removal of webhooks."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from .. import ids
from ..protocol_options import Json
from ..world import WORLD
from . import sends
from .platform import Platform

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class No(Exception):
    """The platform refuses; JSON objects are all that its callers need (Yalo §10)."""

    def __init__(self, status: int, why: str, user_id: str | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.user_id = user_id


def refusing(handler: Handler) -> Handler:
    """The handler, with its refusals written down and answered."""

    async def door(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except No as no:
            platform = request.app[WORLD].platform
            where = platform.user(no.user_id).refusals if no.user_id else platform.refusals
            where.append({"status": no.status, "path": request.path, "why": no.why, "at": ids.now_ms()})
            return web.json_response({"error": no.why}, status=no.status)

    return door


def bearer(request: web.Request, wanted: str | None) -> None:
    """401 without `Authorization: Bearer …`, or with another token than the one that is set."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token.strip():
        raise No(401, "an Authorization header with a Bearer token is required")
    if wanted is not None and token != wanted:
        raise No(401, "the token is not valid")


async def json_object(request: web.Request) -> Json:
    """The body, if it is sent as JSON and is an object."""
    if request.content_type != "application/json":
        raise No(400, "Content-Type must be application/json")
    try:
        body = json.loads((await request.read()).decode())
    except ValueError:
        raise No(400, "the body is not JSON") from None
    if not isinstance(body, dict):
        raise No(400, "the body is not a JSON object")
    return body


def _bot(request: web.Request) -> tuple[Platform, str]:
    """Checks channel and token; (platform, provider of the channel)."""
    platform = request.app[WORLD].platform
    wanted = platform.settings.bots.get(request.match_info["bot"])
    bearer(request, wanted)
    if platform.settings.bots and wanted is None:
        raise No(404, f"there is no bot {request.match_info['bot']!r}")
    provider = platform.settings.channels.get(request.match_info["channel"])
    if provider is None:
        raise No(404, f"there is no channel {request.match_info['channel']!r}")
    return platform, provider


async def send(request: web.Request) -> web.StreamResponse:
    """POST …/messages: 200 or 201 `{"messages":[{"id":"…"}]}`."""
    platform, provider = _bot(request)
    body = await json_object(request)
    try:
        user_id, message = sends.read(provider, body, platform.rules)
    except sends.BadBody as bad:
        raise No(400, str(bad), recipient(body)) from bad
    message |= {"channel": request.match_info["channel"], "bot": request.match_info["bot"]}
    answer = {"messages": [{"id": platform.take(user_id, message)}]}
    return web.json_response(answer, status=platform.rules.platform_status)


async def register(request: web.Request) -> web.StreamResponse:
    """POST …/healthcheck: 201 `{"bot_id","channel","webhook"}`."""
    platform, provider = _bot(request)
    try:
        wanted = sends.registration(provider, await json_object(request))
    except sends.BadBody as bad:
        raise No(400, str(bad)) from bad
    platform.registered[wanted["provider"]] = wanted
    answer = {
        "bot_id": request.match_info["bot"],
        "channel": request.match_info["channel"],
        "webhook": wanted["webhook"],
    }
    return web.json_response(answer, status=201)


async def remove(request: web.Request) -> web.StreamResponse:
    """POST …/remove: 204."""
    platform, provider = _bot(request)
    try:
        platform.registered.pop(sends.removal(provider, await json_object(request)), None)
    except sends.BadBody as bad:
        raise No(400, str(bad)) from bad
    return web.Response(status=204)


def recipient(body: Json) -> str | None:
    """The user a body is about, if it says so."""
    to = body.get("recipient")
    user_id = body.get("userId") or (to.get("id") if isinstance(to, dict) else None)
    return user_id if isinstance(user_id, str) else None
