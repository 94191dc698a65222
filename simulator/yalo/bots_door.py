"""Botrunner and Studio NG (Yalo §3.2, §3.3): a bot takes its user back, at a named state."""

from __future__ import annotations

from aiohttp import web

from ..protocol_options import Json
from ..world import WORLD
from .integrations_door import No, bearer, json_object, recipient


def _text(body: Json, name: str, *, empty: bool = False) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not (value or empty):
        raise No(400, f"{name} is required", recipient(body))
    return value


async def send_to(request: web.Request) -> web.StreamResponse:
    """POST /{botSlug}/send-to[?jwt=…]: 200 and a JSON object.  No Authorization header."""
    platform = request.app[WORLD].platform
    wanted = platform.settings.botrunner_token
    if wanted is not None and request.query.get("jwt") != wanted:
        raise No(401, "the jwt is not valid")
    body = await json_object(request)
    user_id, state = _text(body, "userId"), _text(body, "state")
    _text(body, "message", empty=True)
    platform.move(user_id, state, "botrunner", request.match_info["bot"])
    return web.json_response({})


async def trigger(request: web.Request) -> web.StreamResponse:
    """POST /v1/triggers/{state}/webhook: 200."""
    platform = request.app[WORLD].platform
    bearer(request, platform.settings.studio_token)
    user_id = _text(await json_object(request), "userId")
    platform.move(user_id, request.match_info["state"], "studio_ng")
    return web.json_response({})
