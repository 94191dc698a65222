"""The floor of Live Agent: the least, and the fastest, that carries an agent's message to a user.

`python -m benchmarks.floor URL REDIS SESSIONS`

httptools on uvloop with a frozen collector, a coroutine and a connection a session: poll, one MULTI to Redis (ack and
events) over the one pipelined connection, one POST a message in order, next poll.  No retries, lanes, leases, logs or
metrics.
"""

import asyncio
import contextlib
import gc
import os
import resource
import ssl
import sys
from urllib.parse import urlsplit

import orjson
import uvloop

from benchmarks.http11 import Line, Lines, dial
from benchmarks.redis_line import RedisLine
from benchmarks.user_ids import floor_users

AT_ONCE = 32  # sessions opened at once
BOT = "/api/outgoing_webhook/bots/floor/messages"


class Floor:
    def __init__(self, url: str, redis: RedisLine) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "", parts.port or 0
        authority = os.environ.get("SSL_CERT_FILE")
        self.tls = ssl.create_default_context(cafile=authority) if parts.scheme == "https" else None
        self.redis = redis
        self.posts = Lines(self.host, self.port, {"Authorization": "Bearer demo-token"}, self.tls)
        self.opening = asyncio.Semaphore(AT_ONCE)

    async def run(self, users: list[str]) -> None:
        async with asyncio.TaskGroup() as carrying:
            for user in users:
                carrying.create_task(self.carry(user))

    async def carry(self, user: str) -> None:
        async with self.opening:
            line, headers = await self.open(user)
        await self.follow(user, line, headers)

    async def open(self, user: str) -> tuple[Line, bytes]:
        """A session in which an agent is found at once; its connection and its headers."""
        line = await dial(Line, self.host, self.port, self.tls)
        shown = self.headers(**{"X-LIVEAGENT-API-VERSION": "58", "X-LIVEAGENT-AFFINITY": "null"})
        told = await line.send(b"GET /chat/rest/System/SessionId HTTP/1.1\r\n%b\r\n" % shown)
        session = orjson.loads(told.body)
        shown = self.headers(
            **{
                "X-LIVEAGENT-API-VERSION": "58",
                "X-LIVEAGENT-AFFINITY": session["affinityToken"],
                "X-LIVEAGENT-SESSION-KEY": session["key"],
            }
        )
        body = orjson.dumps({"sessionId": session["id"], "visitorName": user, "isPost": True})
        first = shown + b"X-LIVEAGENT-SEQUENCE: 1\r\nContent-Type: application/json\r\n"
        await line.send(
            b"POST /chat/rest/Chasitor/ChasitorInit HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n%b"
            % (first, len(body), body)
        )
        return line, shown

    async def follow(self, user: str, line: Line, headers: bytes) -> None:
        ack = -1
        while True:
            answer = await line.send(b"GET /chat/rest/System/Messages?ack=%d HTTP/1.1\r\n%b\r\n" % (ack, headers))
            if answer.status != 200:
                continue
            told = orjson.loads(answer.body)
            ack = told["sequence"]
            await self.redis.transaction(
                ("HSET", f"floor:{user}", "ack", ack, "offset", told["offset"]),
                ("XADD", f"floor:{user}:events", "MAXLEN", "~", 50, "*", "data", answer.body),
            )
            for event in told["messages"]:
                if event["type"] == "ChatMessage":
                    await self.send(user, f"{user}-{ack}", event["message"]["text"])

    async def send(self, user: str, id: str, text: str) -> None:
        body = orjson.dumps({"id": id, "type": "text", "userId": user, "text": {"body": text}})
        await self.posts.post(BOT.encode(), body)

    def headers(self, **shown: str) -> bytes:
        lines = {"Host": f"{self.host}:{self.port}", **shown}
        return "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()


async def _main(floor: type[Floor], url: str, redis_url: str, sessions: int) -> None:
    carrier = floor(url, await RedisLine.dial(redis_url))
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    await carrier.run(floor_users(sessions))


def run(floor: type[Floor], url: str, redis_url: str, sessions: int) -> None:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(_main(floor, url, redis_url, sessions))


if __name__ == "__main__":
    run(Floor, sys.argv[1], sys.argv[2], int(sys.argv[3]))
