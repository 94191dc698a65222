"""A process that dies at any moment of connect, and another that goes on: one contact, one case, one chat."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import pytest

from interconnections.bridge.connect import connect, go_on
from interconnections.bridge.connect_request import ConnectRequest
from interconnections.bridge.services import Bridge
from interconnections.errors import Conflict
from interconnections.lifecycle import Status
from interconnections.store import starts
from interconnections.store.connection import AsyncRedis
from interconnections.store.connection import connect as to_redis
from interconnections.store.keys import key
from interconnections.transport import Transport
from interconnections.wire import Reply
from interconnections.worker.worker import Worker
from tests.records.conftest import Acme


@dataclass
class Death:
    """Strikes before or after the n-th thing that a process asks of anybody; nothing is done after it."""

    at: int
    asked: int = 0
    struck: bool = False

    def passes(self) -> None:
        self.asked += 1
        if self.struck or self.asked == self.at:
            self.struck = True
            raise asyncio.CancelledError


@dataclass
class MortalWire:
    wire: Transport
    death: Death

    async def send(self, *request: Any, **more: Any) -> Reply:
        self.death.passes()
        reply = await self.wire.send(*request, **more)
        self.death.passes()
        return reply


def mortal(redis: AsyncRedis, death: Death) -> AsyncRedis:
    """Every command takes a connection from the pool and gives it back."""
    pool = redis.connection_pool
    take, give = pool.get_connection, pool.release

    async def taken(*args: Any, **more: Any) -> Any:
        death.passes()
        return await take(*args, **more)

    async def given(connection: Any) -> None:
        await give(connection)
        death.passes()

    pool.get_connection, pool.release = taken, given
    return redis


async def dies(acme: Acme, wish: ConnectRequest, at: int) -> Death:
    """A process of its own asks for the chat, and dies there."""
    death, redis = Death(at), to_redis()
    try:
        await connect(acme.bridge(mortal(redis, death), MortalWire(acme.wire, death)), acme.bot, wish)
    except asyncio.CancelledError:
        assert death.struck
    finally:
        death.at, death.struck = -1, False
        await redis.aclose()
    return death


async def time_passes(redis: AsyncRedis) -> None:
    """What the dead one held is free: its reservation, its locks, its deadlines."""
    for pattern in ("reserved", "lock"):
        for name in await redis.keys(key(pattern, *["*"] * (2 if pattern == "reserved" else 1))):
            await redis.delete(name)
    for name in ("starts", "starting"):
        for member in await redis.zrange(key(name), 0, -1):
            await redis.zadd(key(name), {member: 1})


async def worker_goes_on(bridge: Bridge, user: str, bot: str) -> dict[str, str]:
    """A worker lives until this user's chat was asked for; gives its row."""
    worker = Worker(bridge, capacity=100, beat=0.05)
    running = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(20):
            while True:
                id = await bridge.redis.get(key("user", bot, user))
                row = await bridge.redis.hgetall(key("hash", id)) if id else {}
                if row.get("started") == "1":
                    return dict(row)
                assert not running.done()
                await asyncio.sleep(0.02)
    finally:
        worker.stop()
        await running


async def things_asked(acme: Acme) -> int:
    return (await dies(acme, acme.wish(), -1)).asked


@pytest.mark.timeout(300)
@pytest.mark.parametrize("keyed", [False, True], ids=["searched", "keyed"])
@pytest.mark.parametrize("by", ["the bot's repeat", "a worker"])
async def test_whenever_it_dies_there_is_one_of_each(acme: Acme, by: str, keyed: bool) -> None:
    if keyed:
        acme.set(case_key_field="Bridge_Key__c", contact_key_field="Bridge_Key__c")
    await acme.sim.rules(hold_seconds=0.05)
    bridge = acme.bridge()
    for at in range(1, await things_asked(acme) + 1):
        wish = acme.wish()
        await dies(acme, wish, at)
        await time_passes(acme.redis)
        await acme.redis.zadd(key("workers"), {"somebody": 9e15})
        if by == "the bot's repeat":
            try:
                await connect(bridge, acme.bot, wish)
            except Conflict:  # it was stored: from there on a worker goes on with it
                assert await acme.redis.get(key("user", acme.bot.slug, wish.user_id))
        elif not await acme.redis.exists(key("start", acme.bot.slug, wish.user_id)) and not await acme.redis.get(
            key("user", acme.bot.slug, wish.user_id)
        ):
            await connect(bridge, acme.bot, wish)  # it died before anything was known of it
        await acme.redis.zrem(key("workers"), "somebody")
        row = await worker_goes_on(bridge, wish.user_id, acme.bot.slug)
        contacts = [one for one in await acme.has("Contact") if one["Email"] == wish.email]
        cases = [one for one in await acme.has("Case") if one["ContactId"] in {c["Id"] for c in contacts}]
        chats = [
            chat for chat in await acme.asked_for()
            if any(detail["value"] == row["contactId"] for detail in chat["prechat_details"])
        ]  # fmt: skip
        assert [len(contacts), len(cases), len(chats)] == [1, 1, 1], (at, row)
        assert (row["contactId"], row["caseId"]) == (contacts[0]["Id"], cases[0]["Id"])
        assert row["status"] == Status.ON_HOLD
        await acme.redis.zadd(key("workers"), {"somebody": 9e15})


async def test_a_starter_that_wakes_up_makes_nothing_more(acme: Acme) -> None:
    """It was frozen for longer than it may: another opened the chat meanwhile."""
    wish, bridge = acme.wish(), acme.bridge()

    class Freezing(MortalWire):
        async def send(self, *request: Any, **more: Any) -> Reply:
            reply = await self.wire.send(*request, **more)
            if str(request[1]).endswith("/composite") and not self.death.struck:
                self.death.struck = True  # from here on everything happens while this one sleeps
                await time_passes(acme.redis)
                await connect(bridge, acme.bot, wish)
            return reply

    with pytest.raises(Conflict):
        await connect(acme.bridge(wire=Freezing(acme.wire, Death(-1))), acme.bot, wish)
    assert [len(await acme.has(kind)) for kind in ("Contact", "Case")] == [1, 1]
    assert len(await acme.asked_for()) == 1


async def test_a_start_that_another_release_wrote_is_gone_on_with(acme: Acme) -> None:
    wish = acme.wish()
    stored = json.dumps(json.loads(wish.encoded()) | {"of_tomorrow": 1})
    await starts.reserve(acme.redis, acme.bot.slug, wish.user_id, "t1", stored)
    await time_passes(acme.redis)
    await acme.redis.zadd(key("workers"), {"somebody": 9e15})
    assert await go_on(acme.bridge())
    assert (await acme.last(wish.user_id))["status"] == Status.ON_HOLD


async def test_a_start_that_nobody_can_read_does_not_hold_its_user(acme: Acme) -> None:
    wish = acme.wish()
    await starts.reserve(acme.redis, acme.bot.slug, wish.user_id, "t1", '{"user_id": "x"}')
    await time_passes(acme.redis)
    await acme.redis.zadd(key("workers"), {"somebody": 9e15})
    assert await go_on(acme.bridge())
    assert not await go_on(acme.bridge())
    await connect(acme.bridge(), acme.bot, wish)
