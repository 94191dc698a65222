"""The floor of the webhooks: checks what proves the sender (Yalo's token, Meta's signature over the body), reads the
JSON and adds what was said to a stream.

`python -m benchmarks.bare_webhook FD REDIS`: FD is a listening socket.

httptools on uvloop, one pipelined connection to Redis; no framework, no lanes, no duplicates, no log.
"""

import asyncio
import contextlib
import gc
import hashlib
import hmac
import os
import socket
import sys
from urllib.parse import parse_qs

import orjson
import uvloop

from benchmarks.http11 import Door
from benchmarks.redis_line import RedisLine
from simulator.graph import accounts as graph

KEPT = b'{"Message": "insert success"}'
APP_SECRET = graph.APP_SECRET.encode()


class BareWebhook:
    def __init__(self, redis: RedisLine, secret: bytes) -> None:
        self.redis, self.secret = redis, secret
        self.keeping: set[asyncio.Task[None]] = set()

    def answer(self, door: Door) -> None:
        signed = door.headers.get(b"x-hub-signature-256")
        if not (self._has_token(door.query) if signed is None else _is_signature(signed, door.body)):
            door.reply(403, b"{}")
            return
        told = orjson.loads(door.body)
        if signed is not None:
            [told] = told["entry"][0]["changes"][0]["value"]["messages"]
        task = asyncio.ensure_future(self._keep(door, told))
        self.keeping.add(task)
        task.add_done_callback(self.keeping.discard)

    async def _keep(self, door: Door, told: dict[str, dict[str, str]]) -> None:
        said = ("id", told["id"], "from", told["from"], "text", told["text"]["body"])
        await self.redis.transaction(("XADD", "floor:heard", "MAXLEN", "~", 1000, "*", *said))  # type: ignore[arg-type]
        door.reply(200, KEPT)

    def _has_token(self, query: bytes) -> bool:
        return hmac.compare_digest(parse_qs(query).get(b"token", [b""])[0], self.secret)


def _is_signature(shown: bytes, body: bytes) -> bool:
    return hmac.compare_digest(shown, b"sha256=" + hmac.new(APP_SECRET, body, hashlib.sha256).hexdigest().encode())


async def _main(descriptor: int, redis_url: str) -> None:
    webhook = BareWebhook(await RedisLine.dial(redis_url), os.environ["BENCH_SECRET"].encode())
    listener = socket.socket(fileno=descriptor)
    server = await asyncio.get_running_loop().create_server(lambda: Door(webhook.answer), sock=listener, backlog=2048)
    gc.collect()
    gc.freeze()
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(_main(int(sys.argv[1]), sys.argv[2]))
