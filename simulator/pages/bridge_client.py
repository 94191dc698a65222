"""What a bot calls at the bridge: log in, ask for a human, finish.  A browser could not: the bridge is elsewhere."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from urllib.parse import quote

import aiohttp
from aiohttp import web

from ..control.request_parsing import Wrong
from ..protocol_options import Json
from .bridge_info import STAGE, Facts

PATIENCE = 120.0  # s: the bridge asks Salesforce before it answers
CLIENT: web.AppKey[aiohttp.ClientSession] = web.AppKey("bot_calls", aiohttp.ClientSession)


async def client(app: web.Application) -> AsyncIterator[None]:
    """One HTTP client for all calls, as long as the server lives."""
    app[CLIENT] = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE))
    yield
    await app[CLIENT].close()


async def connect(app: web.Application, wish: Json) -> Json:
    """POST /v1/chats/connect; {"status", "body"}."""
    return await _call(app, "POST", "v1/chats/connect", wish)


async def finish(app: web.Application, user_id: str, bot: str | None) -> Json:
    """DELETE /v1/chat/finish/{user}?bot=…; {"status", "body"}."""
    path = f"v1/chat/finish/{quote(user_id, safe='')}?bot={quote(bot or known(app).bot or '', safe='')}"
    return await _call(app, "DELETE", path)


def known(app: web.Application) -> Facts:
    """The stage, if it is set: 409 otherwise."""
    facts = app[STAGE]
    if not facts.api or not facts.bot or not facts.login:
        raise Wrong(409, "Nobody has said where the bridge is: PUT /sim/stage with api, login and bot.")
    return facts


async def _call(app: web.Application, method: str, path: str, body: Json | None = None) -> Json:
    facts, http = known(app), app[CLIENT]
    login = {"username": facts.login[0], "password": facts.login[1]}
    try:
        entered = await _ask(http, "POST", f"{facts.api}/v1/authenticate", login, {})
        token = entered["body"].get("token") if isinstance(entered["body"], dict) else None
        if entered["status"] != 200 or not isinstance(token, str):
            return entered
        return await _ask(http, method, f"{facts.api}/{path}", body, {"Authorization": f"Bearer {token}"})
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as trouble:
        return {"status": None, "body": f"{type(trouble).__name__}: {trouble}"}


async def _ask(
    http: aiohttp.ClientSession, method: str, url: str, body: Json | None, headers: dict[str, str]
) -> Json:
    async with http.request(method, url, json=body, headers=headers) as answer:
        text = await answer.text(errors="replace")
        try:
            return {"status": answer.status, "body": json.loads(text)}
        except ValueError:
            return {"status": answer.status, "body": text}
