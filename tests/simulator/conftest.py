"""A simulator on a free port, its director's chair, and a visitor who does exactly what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest_asyncio

from simulator.server import serving
from simulator.world import World

from .org import Org, opened

ORG, DEPLOYMENT, BUTTON = "00D000000000001", "572000000000001", "573000000000001"
GONE = "Session required but was invalid or not found"


@dataclass
class Answer:
    status: int
    text: str
    json: Any = None

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.json["messages"]]

    @property
    def first(self) -> Any:
        return self.json["messages"][0]["message"]


@dataclass
class Sim:
    """Both worlds, seen from the director's chair (`do`) and from the wire (`ask`)."""

    url: str
    world: World
    http: aiohttp.ClientSession

    async def ask(self, method: str, path: str, **more: Any) -> Answer:
        async with self.http.request(method, self.url + path, **more) as response:
            text = await response.text()
            is_json = response.content_type == "application/json" and text
            return Answer(response.status, text, await response.json() if is_json else None)

    async def do(self, method: str, path: str, body: Any = None, *, expect: int = 200) -> Any:
        answer = await self.ask(method, f"/sim{path}", json=body)
        assert answer.status == expect, answer
        return answer.json

    async def rules(self, **rules: Any) -> None:
        await self.do("PUT", "/rules", rules)

    async def fault(self, on: str, kind: str, **more: Any) -> int:
        return int((await self.do("POST", "/faults", {"on": on, "kind": kind, **more}))["id"])

    async def session(self) -> Visitor:
        """SessionId only."""
        headers = {"X-LIVEAGENT-API-VERSION": "58", "X-LIVEAGENT-AFFINITY": "null"}
        answer = await self.ask("GET", "/chat/rest/System/SessionId", headers=headers)
        assert answer.status == 200, answer
        return Visitor(self, answer.json["id"], answer.json["key"], answer.json["affinityToken"])

    async def waiting(self, **changes: Any) -> Visitor:
        """In the queue, and told so."""
        visitor = await self.session()
        assert (await visitor.init(**changes)).status == 200
        await visitor.poll()
        return visitor

    async def active(self, **changes: Any) -> Visitor:
        """With an agent, and told so."""
        visitor = await self.waiting(**changes)
        await visitor.agent("accept", name="Luz R.")
        await visitor.poll()
        return visitor


@dataclass
class Visitor:
    """A client of Live Agent that counts, but decides nothing."""

    sim: Sim
    id: str
    key: str
    affinity: str
    ack: int = -1
    number: int = 0
    seen: list[Any] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        return {
            "X-LIVEAGENT-API-VERSION": "58",
            "X-LIVEAGENT-AFFINITY": self.affinity,
            "X-LIVEAGENT-SESSION-KEY": self.key,
        }

    def init_body(self, **changes: Any) -> dict[str, Any]:
        body = {
            "organizationId": ORG,
            "deploymentId": DEPLOYMENT,
            "buttonId": BUTTON,
            "sessionId": self.id,
            "userAgent": "",
            "language": "es-MX",
            "screenResolution": "",
            "visitorName": "Ana P.",
            "prechatDetails": [],
            "prechatEntities": [],
            "receiveQueueUpdates": True,
            "isPost": True,
        } | changes
        return {name: value for name, value in body.items() if value is not ...}

    async def get(self, noun: str, **headers: str) -> Answer:
        return await self.sim.ask("GET", f"/chat/rest/System/{noun}", headers=self.headers | headers)

    async def post(self, noun: str, body: Any = None, number: int | None = None, **more: Any) -> Answer:
        """Without a number: the next one.  A number of 0 sends no header."""
        if number is None:
            self.number = number = self.number + 1
        headers = self.headers | ({"X-LIVEAGENT-SEQUENCE": str(number)} if number else {})
        path = noun if "/" in noun else f"Chasitor/{noun}"
        sent = {"json": {} if body is None else body} | more
        return await self.sim.ask("POST", f"/chat/rest/{path}", headers=headers, **sent)

    async def init(self, number: int | None = None, **changes: Any) -> Answer:
        return await self.post("ChasitorInit", self.init_body(**changes), number)

    async def say(self, text: str, number: int | None = None) -> Answer:
        return await self.post("ChatMessage", {"text": text}, number)

    async def poll(self, ack: int | None = None) -> Answer:
        """Poll; a 200 moves the ack."""
        answer = await self.get(f"Messages?ack={self.ack if ack is None else ack}")
        if answer.status == 200:
            self.ack = answer.json["sequence"]
            self.seen += answer.json["messages"]
        return answer

    def polling(self) -> asyncio.Task[Answer]:
        return asyncio.create_task(self.poll())

    async def polled(self) -> asyncio.Task[Answer]:
        """A poll that the server knows to be open."""
        task = self.polling()
        chat = self.sim.world.floor.chats[self.id]
        assert await chat.bell.until(lambda: chat.polls.open > 0, 30)
        return task

    async def agent(self, verb: str, *, expect: int = 200, **body: Any) -> Any:
        return await self.sim.do("POST", f"/chats/{self.id}/{verb}", body, expect=expect)

    async def chat(self, query: str = "") -> Any:
        return await self.sim.do("GET", f"/chats/{self.id}{query}")

    async def reconnect(self, offset: int = 0) -> Answer:
        """ReconnectSession, and on success what a client does next with it."""
        noun = f"ReconnectSession?ReconnectSession.offset={offset}"
        answer = await self.get(noun, **{"X-LIVEAGENT-AFFINITY": "null"})
        if answer.status == 200:
            self.affinity, self.ack, self.number = answer.first["affinityToken"], -1, 0
        return answer

    async def resync(self) -> Answer:
        return await self.post("ChasitorResyncState", {"organizationId": ORG}, 0)


@pytest_asyncio.fixture
async def sim() -> AsyncIterator[Sim]:
    world = World()
    async with serving("127.0.0.1", 0, world) as url:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            yield Sim(url, world, http)


@pytest_asyncio.fixture
async def org(sim: Sim) -> Org:
    return await opened(sim)
