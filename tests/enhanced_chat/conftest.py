"""A bot whose org speaks Enhanced Chat, a worker's own parts, and the simulated Salesforce to which they talk."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from interconnections.bridge.connect import connect
from interconnections.bridge.connect_request import ConnectRequest
from interconnections.bridge.services import Bridge
from interconnections.directory import Bot, Org, Route
from interconnections.errors import LostOwnership
from interconnections.items import File, Item, Kind, Lane, Origin
from interconnections.secret import Secret
from interconnections.store import hearing, lanes, leases
from interconnections.store.connection import AsyncRedis
from interconnections.store.keys import key
from interconnections.transport import Transport, new_wire
from interconnections.worker.owned_conversations import OwnedConversations
from tests.records.conftest import ConversationState
from tests.simulator import enhanced
from tests.simulator.conftest import Sim, sim
from tests.store.conftest import Desk
from tests.unit.bots import bot as configured

__all__ = ["sim"]

users = itertools.count(1)


async def until(condition: Callable[[], Awaitable[Any]], seconds: float = 20) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := await condition()):
            await asyncio.sleep(0.02)
    return found


class Worker:
    """Claims what is free and carries it; what is for users stays in their lanes, for the test to read."""

    def __init__(self, bridge: Bridge, name: str) -> None:
        self.owned = OwnedConversations(bridge, name, asyncio.Event())
        self.bridge, self.name = bridge, name
        self._life = asyncio.create_task(self._live())

    async def _live(self) -> None:
        while True:
            beat = await leases.beat(self.bridge.redis, self.name, 1000, 100, 1000)
            await self.owned.take(list(beat.claims))
            for runner in self.owned.runners.values():
                runner.lanes[Lane.INTEGRATION].rest()
            await self.owned.sweep()
            await asyncio.sleep(0.05)

    async def die(self) -> None:
        """As by kill -9: nothing is handed over."""
        self._life.cancel()
        self.owned.drop_all()
        await asyncio.wait([self._life])


@dataclass
class Messaging:
    """The org, our configuration of it, and what is between them."""

    sim: Sim
    redis: AsyncRedis
    wire: Transport
    bot: Bot
    workers: list[Worker] = field(default_factory=list)

    @property
    def bridge(self) -> Bridge:
        return replace(Bridge.over(self.redis, self.wire), directory=ConversationState(self.bot))  # type: ignore[arg-type]

    def anonymously(self) -> None:
        """From here on users are not verified."""
        assert self.bot.org
        org = replace(self.bot.org, es_developer_name=enhanced.CLIENT, user_verification="none")
        self.bot = replace(self.bot, org=org)

    def worker(self) -> Worker:
        self.workers.append(Worker(self.bridge, f"w{len(self.workers) + 1}"))
        return self.workers[-1]

    async def connects(self, user: str = "", **more: Any) -> Talk:
        user = user or f"52155{next(users):08}"
        wish = ConnectRequest(
            user_id=user, name="Ana P.", provider="whatsapp", bot_id="1", bot_slug=self.bot.slug,
            email="ana@example.org", phone_number=user, **more,
        )  # fmt: skip
        session = await connect(self.bridge, self.bot, wish)
        return Talk(self, user, session, f"{user}-{session}")

    async def asks(self) -> Talk:
        """Connected, and the first word is at the desk."""
        talk = await self.connects()
        await talk.says("hola")
        await talk.agent_heard("hola")
        return talk


@dataclass
class Talk:
    messaging: Messaging
    user: str
    session: str
    id: str
    read: list[str] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return Desk(self.messaging.redis)

    async def says(self, *texts: str) -> None:
        for words in texts:
            hold = leases.Hold(self.id, "", "")
            await self.desk.hear(hold, words)

    async def shows(self, url: str) -> None:
        """A picture."""
        picture = Item(Kind.FILE, Origin.USER, url, file=File(url, "image"))
        await hearing.hear(
            self.messaging.redis, self.messaging.bot.slug, self.user,
            message="", dedupe=60, items=(picture,), entry="", context=(60, 10), origin=Origin.USER,
        )  # fmt: skip

    async def agent(self, verb: str, **body: Any) -> Any:
        return await self.messaging.sim.do("POST", f"/chats/{self.session}/{verb}", body)

    async def chat(self) -> Any:
        return await self.messaging.sim.do("GET", f"/chats/{self.session}")

    async def heard(self) -> list[str]:
        return list((await self.chat())["heard"])

    async def fields(self) -> dict[str, str]:
        found: dict[str, str] = await self.messaging.redis.hgetall(key("hash", self.id))
        return found

    async def told(self) -> list[str]:
        """What the user was told until now: taken from their lane as a platform takes it."""
        fields = await self.fields()
        if fields["owner"]:
            with suppress(LostOwnership):  # it changed hands meanwhile: the next look reads on
                await self._read_on(leases.Hold(self.id, fields["owner"], fields["fence"]))
        return self.read

    async def _read_on(self, hold: leases.Hold) -> None:
        taken = await lanes.take(self.messaging.redis, hold, Lane.INTEGRATION)
        while isinstance(taken, lanes.Taken):
            settled = lanes.Settled(taken.number, "delivered")
            following = await lanes.take(self.messaging.redis, hold, Lane.INTEGRATION, settled)
            self.read.append(taken.item.text)
            taken = following

    async def agent_heard(self, *texts: str) -> None:
        wanted = list(texts)

        async def all_there() -> bool:
            return await self.heard() == wanted

        try:
            await until(all_there)
        except TimeoutError:
            assert await self.heard() == wanted

    async def user_was_told(self, *texts: str) -> None:
        wanted = list(texts)

        async def all_there() -> bool:
            return await self.told() == wanted

        try:
            await until(all_there)
        except TimeoutError:
            assert await self.told() == wanted

    async def becomes(self, status: str) -> dict[str, str]:
        async def so() -> dict[str, str] | None:
            fields = await self.fields()
            return fields if fields["status"] == status else None

        return dict(await until(so))


@pytest.fixture
async def messaging(sim: Sim, store: AsyncRedis) -> AsyncIterator[Messaging]:
    wire = new_wire()
    await enhanced.register_key(sim)
    await sim.rules(conversation_starts=1000)
    pem = enhanced.private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    org = Org(
        name="Acme", chat_api="enhanced_chat", chat_url=sim.url, organization_id=enhanced.ORG, deployment_id="",
        api_version=58, wrong="", es_developer_name=enhanced.VERIFIED, user_verification="jwt",
        verification_issuer=enhanced.ISSUER, verification_audience=enhanced.AUDIENCE,
        verification_key_id=enhanced.KID, verification_key=Secret(pem),
        routing_attributes={"name": "_firstName", "email": "_email", "order": "Order_Id"},
    )  # fmt: skip
    bot = configured(
        org=org,
        routes={"": (Route("", "", "Ayuda"),)},
        state_delay=0.0,
        words={"waitAgent": "", "welcomeTemplate": ""},
    )
    await store.zadd(key("workers"), {"somebody": 9e15})
    found = Messaging(sim, store, wire, bot)
    yield found
    for worker in found.workers:
        await worker.die()
    await wire.close()


@pytest.fixture
async def waiting(messaging: Messaging) -> Talk:
    """A user who wrote once, which agents can read; nobody has taken it yet."""
    messaging.worker()
    return await messaging.asks()


@pytest.fixture
async def served(waiting: Talk) -> Talk:
    """An agent has taken it."""
    await waiting.agent("accept")
    await waiting.becomes("Active")
    return waiting
