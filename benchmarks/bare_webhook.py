"""The floor of the webhooks: a bare ASGI callable that checks what proves the sender (Yalo's token, Meta's signature
over the body), reads the JSON and adds what was said to a stream.

For uvicorn, as the bridge's own web process; no Django, no lanes, no duplicates, no log.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from redis.asyncio import Redis

from simulator.graph import accounts as graph

Message = MutableMapping[str, Any]
KEPT = b'{"Message": "insert success"}'
SECRET = os.environ["BENCH_SECRET"].encode()
APP_SECRET = graph.APP_SECRET.encode()
redis = Redis.from_url(os.environ["REDIS_URL"])


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    signed = next((value for name, value in scope["headers"] if name == b"x-hub-signature-256"), None)
    if not (_has_token(scope["query_string"]) if signed is None else _is_signature(signed, body)):
        await _answer(send, 403, b"{}")
        return
    told = json.loads(body)
    if signed is not None:
        [told] = told["entry"][0]["changes"][0]["value"]["messages"]
    entry = {"id": told["id"], "from": told["from"], "text": told["text"]["body"]}
    await redis.xadd("floor:heard", entry, maxlen=1000, approximate=True)
    await _answer(send, 200, KEPT)


def _has_token(query: bytes) -> bool:
    return hmac.compare_digest(parse_qs(query).get(b"token", [b""])[0], SECRET)


def _is_signature(shown: bytes, body: bytes) -> bool:
    return hmac.compare_digest(shown, b"sha256=" + hmac.new(APP_SECRET, body, hashlib.sha256).hexdigest().encode())


async def _answer(send: Callable[[Message], Awaitable[None]], status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
