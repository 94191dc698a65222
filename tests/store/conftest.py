"""An interconnection in a real Valkey, opened through the scripts, and workers that own it."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from interconnections.items import Change, Item, Kind, Lane, Origin
from interconnections.lifecycle import Status
from interconnections.secret import Secret
from interconnections.store import hearing, lanes, leases, polls, starts
from interconnections.store.connection import AsyncRedis
from interconnections.store.keys import key
from interconnections.store.leases import Hold

numbers = itertools.count(1)
LEASE = 4_000


def text(words: str, origin: Origin = Origin.USER) -> Item:
    return Item(Kind.TEXT, origin, words)


@dataclass
class Desk:
    """Short words for what tests do to the store."""

    redis: AsyncRedis

    async def opened(self, user: str = "", bot: str = "tienda", *, started: bool = True, **more: str) -> str:
        user = user or f"user{next(numbers)}"
        session = f"session-{next(numbers)}"
        fields = {
            "id": f"{user}-{session}", "userId": user, "sessionId": session, "status": Status.ON_HOLD,
            "timestamp": datetime.now(UTC).isoformat(), "provider": "whatsapp", "botSlug": bot, "name": "Ana",
            "email": "ana@example.org", "ack": "-1", "epoch": "0", "sequence": "1", **more,
        }  # fmt: skip
        await self.redis.zadd(key("workers"), {"somebody": 9e15})
        assert (await starts.reserve(self.redis, bot, user, "token")).state == "reserved"
        assert await starts.store(self.redis, "token", fields, {"sessionKey": Secret("key!1")}, {"order": "A-77"})
        await self.redis.zrem(key("workers"), "somebody")
        if started:
            assert await starts.started(self.redis, fields["id"])
        return fields["id"]

    async def claimed(self, worker: str = "w1", lease: int = LEASE) -> list[Hold]:
        return list((await leases.beat(self.redis, worker, lease, 100, 1000)).claims)

    async def held(self, **more: str) -> Hold:
        id = await self.opened(**more)
        return next(hold for hold in await self.claimed() if hold.id == id)

    async def active(self, *first: Item, **more: str) -> Hold:
        hold = await self.held(**more)
        joined = Change(to=Status.ACTIVE, fields={"agentName": "Luz"}, first_to_agent=first)
        stored = await polls.store_change(self.redis, hold, joined)
        assert stored.fields["status"] == Status.ACTIVE
        return hold

    async def hear(self, hold: Hold, words: str, message: str = "", origin: str = "user") -> hearing.Receipt:
        fields = await self.fields(hold.id)
        return await hearing.hear(
            self.redis, fields["botSlug"], fields["userId"], message=message, dedupe=60,
            items=(text(words),), entry='[1, "user", "x", "", "", ""]', context=(60, 10), origin=origin,
        )  # fmt: skip

    async def news(
        self, hold: Hold, used: int, ack: int, *changes: Change, epoch: str = "0", take: lanes.Terms | None = None
    ) -> polls.Stored:
        return await polls.store_news(
            self.redis, hold, epoch=epoch, used=str(used), mark=str(ack), fields={"offset": str(ack * 10)},
            events=[("ChatMessage", "{}", "ChatMessage", "")],
            changes=list(changes), take=take,
        )  # fmt: skip

    async def drain(self, hold: Hold, lane: Lane) -> list[str]:
        """Deliver everything that may go now; what was said, in order."""
        said: list[str] = []
        taken = await lanes.take(self.redis, hold, lane)
        while isinstance(taken, lanes.Taken):
            said.append(taken.item.text)
            taken = await lanes.take(self.redis, hold, lane, lanes.Settled(taken.number, "delivered"))
        return said

    async def delivered(self, hold: Hold, words: str, sent_as: str = "") -> str:
        """One text of the agent, which the platform took as `sent_as`; gives its number."""
        said = Change(to_user=(text(words, Origin.AGENT),))
        await polls.store_change(self.redis, hold, said)
        taken = await lanes.take(self.redis, hold, Lane.INTEGRATION)
        assert isinstance(taken, lanes.Taken)
        assert taken.item.text == words
        await lanes.take(
            self.redis, hold, Lane.INTEGRATION, lanes.Settled(taken.number, "delivered", sent_as=sent_as, took=5)
        )
        return taken.number

    async def fields(self, id: str) -> dict[str, str]:
        found: dict[str, str] = await self.redis.hgetall(key("hash", id))
        return found

    async def status(self, hold: Hold) -> str:
        return (await self.fields(hold.id))["status"]


@pytest.fixture
def desk(store: AsyncRedis) -> Desk:
    return Desk(store)


Opened = Callable[..., Awaitable[str]]
