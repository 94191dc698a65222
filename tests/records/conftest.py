"""The bridge's records over HTTP with the simulated org: a bot, an org of it, and what Salesforce has afterwards."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from interconnections.bridge.connect import connect
from interconnections.bridge.connect_request import ConnectRequest
from interconnections.bridge.services import Bridge
from interconnections.desks.records.login import Credentials
from interconnections.directory import Bot, Org, RecordSettings, Route
from interconnections.errors import StartFailed
from interconnections.secret import Secret
from interconnections.store.connection import AsyncRedis
from interconnections.store.keys import key
from interconnections.transport import Transport, new_wire
from tests.simulator.conftest import BUTTON, DEPLOYMENT, ORG, Sim, sim
from tests.simulator.org import KEY, SECRET
from tests.unit.bots import bot as configured

__all__ = ["sim"]

QUEUE = "00G000000000001EAA"
PERSONS = "012000000000002AAA"  # the simulated org's record type of person accounts
people = itertools.count(1)


class ConversationState:
    """A directory of one bot."""

    def __init__(self, bot: Bot) -> None:
        self.known = {bot.slug: bot}

    async def bots(self) -> dict[str, Bot]:
        return self.known

    async def bot(self, slug: str) -> Bot | None:
        return self.known.get(slug)


@dataclass
class Acme:
    """The org at Salesforce, our configuration of it, and a bridge between them."""

    sim: Sim
    redis: AsyncRedis
    wire: Transport
    bot: Bot

    @property
    def keeping(self) -> RecordSettings:
        assert self.bot.org and self.bot.org.records
        return self.bot.org.records

    def set(self, **changes: Any) -> None:
        """Change how the org keeps people and cases, or how it is logged in to."""
        own = {name: changes.pop(name) for name in list(changes) if name in Credentials.__slots__}
        credentials = replace(self.keeping.credentials, **own)
        assert self.bot.org
        org = replace(self.bot.org, records=replace(self.keeping, credentials=credentials, **changes))
        self.bot = replace(self.bot, org=org)

    def bridge(self, redis: AsyncRedis | None = None, wire: Any = None) -> Bridge:
        return replace(Bridge.over(redis or self.redis, wire or self.wire), directory=ConversationState(self.bot))

    def wish(self, **changes: Any) -> ConnectRequest:
        """Somebody nobody has seen before."""
        number = next(people)
        known = {
            "user_id": f"52155{number:08}", "name": "Zoë O'Hara-Ñuñez", "provider": "whatsapp", "bot_id": "1",
            "bot_slug": self.bot.slug, "email": f"zoe.o'hara+{number}%@example.org",
            "phone_number": f"52155{number:08}",
        }  # fmt: skip
        return ConnectRequest(**(known | changes))

    async def has(self, kind: str) -> list[Any]:
        return (await self.sim.do("GET", f"/org/records/{kind}"))["records"]

    async def seed(self, kind: str, **fields: Any) -> str:
        return str((await self.sim.do("POST", f"/org/records/{kind}", fields))["Id"])

    async def asked_for(self) -> list[Any]:
        """Chats that were requested, not only sessions."""
        return [chat for chat in (await self.sim.do("GET", "/chats"))["chats"] if chat["visitor_name"] is not None]

    async def row(self, session_id: str) -> dict[str, str]:
        id = await self.redis.hget(key("ids"), session_id)
        found: dict[str, str] = await self.redis.hgetall(key("hash", id))
        return found

    async def last(self, user: str) -> dict[str, str]:
        id = await self.redis.get(key("last", self.bot.slug, user))
        found: dict[str, str] = await self.redis.hgetall(key("hash", id))
        return found

    async def calls(self) -> dict[str, int]:
        """How often Salesforce was asked, by operation."""
        told = await self.sim.do("GET", "/org")
        return dict(told["calls"]) | {"logins": sum(told["issued"].values())}


@pytest.fixture
async def acme(sim: Sim, store: AsyncRedis) -> AsyncIterator[Acme]:
    wire = new_wire()
    credentials = Credentials(
        "client_credentials", sim.url, KEY, Secret(SECRET), "", Secret(""), Secret(""), Secret("")
    )
    keeping = RecordSettings(
        credentials=credentials, version="62.0", case_record_type="", account_record_type="", account_birthdate="",
        case_fields={"order_id": "OrderId__c", "estado": "Status"}, contact_fields={}, account_fields={},
        search_fields={}, blocked_field="", case_key_field="", contact_key_field="", case_status="Nuevo",
        case_priority="Medium",
    )  # fmt: skip
    await sim.do("PUT", "/org", {"fields": {
        "Case": ["OrderId__c", {"name": "Bridge_Key__c", "unique": True, "external_id": True}],
        "Contact": ["Customer__c", {"name": "Blocked__c", "kind": "boolean"},
                    {"name": "Bridge_Key__c", "unique": True, "external_id": True}],
    }})  # fmt: skip
    org = Org("Acme", "live_agent", sim.url, ORG, DEPLOYMENT, 58, "", records=keeping)
    routes = {"": (Route(BUTTON, "", "Ayuda"),), "PEDIDO": (Route(BUTTON, QUEUE[:15], "Pedido"),)}
    await store.zadd(key("workers"), {"somebody": 9e15})
    yield Acme(sim, store, wire, configured(org=org, routes=routes, state_delay=0.0))
    await wire.close()


async def opened(acme: Acme, **wish: Any) -> dict[str, str]:
    return await acme.row(await connect(acme.bridge(), acme.bot, acme.wish(**wish)))


async def failed(acme: Acme, **wish: Any) -> str:
    with pytest.raises(StartFailed) as failure:
        await opened(acme, **wish)
    return str(failure.value)
