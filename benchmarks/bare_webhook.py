"""The floor of the webhooks: a bare ASGI callable that checks the token, reads the JSON and adds it to a stream.

For uvicorn, as the bridge's own web process; no Django, no lanes, no duplicates, no log.
"""

import hmac
import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from redis.asyncio import Redis

Message = MutableMapping[str, Any]
KEPT = b'{"Message": "insert success"}'
SECRET = os.environ["BENCH_SECRET"].encode()
redis = Redis.from_url(os.environ["REDIS_URL"])


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    if scope["type"] != "http":
        return
    shown = parse_qs(scope["query_string"]).get(b"token", [b""])[0]
    if not hmac.compare_digest(shown, SECRET):
        await _answer(send, 403, b"{}")
        return
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    told = json.loads(body)
    entry = {"id": told["id"], "from": told["from"], "text": told["text"]["body"]}
    await redis.xadd("floor:heard", entry, maxlen=1000, approximate=True)
    await _answer(send, 200, KEPT)


async def _answer(send: Callable[[Message], Awaitable[None]], status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
