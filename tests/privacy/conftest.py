"""A person with a past: chats that are over, words to the bot, a dead letter, a reason in the history."""

import asyncio
import base64

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User

from interconnections.items import Change, Item, Kind, Origin
from interconnections.lifecycle import Status
from interconnections.models import Interconnection
from interconnections.store import context, hearing, leases, people, polls, unread
from interconnections.store.connection import connect, for_pages
from interconnections.store.keys import key
from interconnections.store.leases import Hold
from tests.admin import seed_history

USER, ALIAS, NAME, WORDS = "5215512345678", "MX.1234567890", "Ana Álvarez", "mi pedido no llega"


def over(session):
    """It ends, as a worker ends it."""

    async def end():
        redis = connect()
        try:
            id = await redis.hget(key("ids"), session)
            fields, _ = await leases.load(redis, id)
            hold = Hold(id, fields["owner"], fields["fence"])
            await polls.store_change(redis, hold, Change(to=Status.CLOSED, reason="agent ended"))
        finally:
            await redis.aclose()

    asyncio.run(end())


async def spoken():
    redis = connect()
    try:
        await people.same(redis, "tienda", [USER, ALIAS])
        for place, user in enumerate((USER, ALIAS)):
            wamid = "wamid." + base64.b64encode(f"\n\x1b{USER}\x15{place}".encode()).decode()
            await hearing.hear(
                redis, "tienda", user, message=wamid, dedupe=60, items=(Item(Kind.TEXT, Origin.USER, WORDS),),
                entry=context.Said(1764000000000, "user", WORDS).encoded(), context=(3600, 10), origin=Origin.USER,
                person=hearing.Doing((), {"last": wamid, "saidAt": 1764000000000}),
            )  # fmt: skip
        await unread.keep(redis, "tienda", "cannot be read", f'{{"from": "{USER}", "name": "{NAME}"}}', 60)
    finally:
        await redis.aclose()


@pytest.fixture
def ana(db):
    """Sessions of two chats of hers that are over: one under each of her ids."""
    sessions = []
    for user in (USER, ALIAS):
        session = asyncio.run(tell(user=user, name=NAME, texts=(WORDS,)))
        over(session)
        sessions.append(session)
    asyncio.run(spoken())
    ada = User.objects.create_user("ada")
    rows = [Interconnection(session_id=session) for session in sessions]
    LogEntry.objects.log_actions(ada.pk, rows, CHANGE, f"Ended by a supervisor: {NAME} asked for it")
    bystander = [Interconnection(session_id="0Mw000000000001")]
    LogEntry.objects.log_actions(ada.pk, bystander, CHANGE, f"Noted: sister of {NAME}")
    return sessions


async def tell(**told):
    redis = connect()
    try:
        return await seed_history.conversation(redis, **told)
    finally:
        await redis.aclose()


def in_redis():
    """{key: everything that stands in it, as text}"""
    redis, found = for_pages(), {}
    read = {
        b"string": redis.get,
        b"hash": redis.hgetall,
        b"set": redis.smembers,
        b"list": lambda name: redis.lrange(name, 0, -1),
        b"zset": lambda name: redis.zrange(name, 0, -1),
        b"stream": redis.xrange,
    }
    for name in redis.scan_iter():
        found[name.decode()] = _text(read[redis.type(name)](name))
    return found


def _text(value):
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return " ".join(_text(part) for pair in value.items() for part in pair)
    return " ".join(_text(part) for part in value) if isinstance(value, (list, tuple, set)) else str(value)
