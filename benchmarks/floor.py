"""The floor of Live Agent: the least that carries an agent's message to a user.

`python -m benchmarks.floor URL REDIS SESSIONS`

aiohttp on uvloop with a frozen collector, a coroutine a session: poll, one MULTI to Redis (ack and events), one
POST a message in order, next poll.  No retries, lanes, leases, logs or metrics.
"""

import asyncio
import contextlib
import gc
import json
import resource
import sys

import aiohttp
import uvloop
from redis.asyncio import BlockingConnectionPool, Redis

from benchmarks.user_ids import floor_users

AT_ONCE = 32  # sessions opened at once


class Floor:
    def __init__(self, url: str, redis_url: str) -> None:
        self.url = url
        self.redis = Redis(connection_pool=BlockingConnectionPool.from_url(redis_url, max_connections=64))
        jar = aiohttp.DummyCookieJar()
        unending = aiohttp.ClientTimeout(total=None)
        self.polls = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), cookie_jar=jar, timeout=unending)
        self.posts = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64), cookie_jar=jar)
        self.opening = asyncio.Semaphore(AT_ONCE)

    async def run(self, users: list[str]) -> None:
        await asyncio.gather(*(self.carry(user) for user in users))

    async def carry(self, user: str) -> None:
        async with self.opening:
            headers = await self.open(user)
        await self.follow(user, headers)

    async def open(self, user: str) -> dict[str, str]:
        """A session in which an agent is found at once; its headers."""
        headers = {"X-LIVEAGENT-API-VERSION": "58", "X-LIVEAGENT-AFFINITY": "null"}
        async with self.polls.get(f"{self.url}/chat/rest/System/SessionId", headers=headers) as response:
            session = json.loads(await response.read())
        headers |= {"X-LIVEAGENT-AFFINITY": session["affinityToken"], "X-LIVEAGENT-SESSION-KEY": session["key"]}
        body = json.dumps({"sessionId": session["id"], "visitorName": user, "isPost": True}).encode()
        first = headers | {"X-LIVEAGENT-SEQUENCE": "1", "Content-Type": "application/json"}
        async with self.polls.post(f"{self.url}/chat/rest/Chasitor/ChasitorInit", data=body, headers=first) as taken:
            await taken.read()
        return headers

    async def follow(self, user: str, headers: dict[str, str]) -> None:
        ack = -1
        while True:
            address = f"{self.url}/chat/rest/System/Messages?ack={ack}"
            async with self.polls.get(address, headers=headers) as response:
                content = await response.read()
            if response.status != 200:
                continue
            told = json.loads(content)
            ack = told["sequence"]
            async with self.redis.pipeline(transaction=True) as multi:
                multi.hset(f"floor:{user}", mapping={"ack": ack, "offset": told["offset"]})
                multi.xadd(f"floor:{user}:events", {"data": content}, maxlen=50, approximate=True)
                await multi.execute()
            for event in told["messages"]:
                if event["type"] == "ChatMessage":
                    await self.send(user, f"{user}-{ack}", event["message"]["text"])

    async def send(self, user: str, id: str, text: str) -> None:
        body = json.dumps({"id": id, "type": "text", "userId": user, "text": {"body": text}}).encode()
        headers = {"Content-Type": "application/json", "Authorization": "Bearer demo-token"}
        address = f"{self.url}/api/outgoing_webhook/bots/floor/messages"
        async with self.posts.post(address, data=body, headers=headers) as response:
            await response.read()


async def _main(floor: type[Floor], url: str, redis_url: str, sessions: int) -> None:
    carrier = floor(url, redis_url)
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
