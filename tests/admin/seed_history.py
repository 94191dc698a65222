"""A past to look at: interconnections in a real store, written by the product's own scripts.

`many` writes thousands in pipelines, spread over a year; `conversation` tells one whole story, step by step.
"""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import django
from redis import Redis

from interconnections.items import Change, Item, Kind, Lane, Origin
from interconnections.lifecycle import Status
from interconnections.secret import Secret, seal
from interconnections.store import hearing, lanes, leases, polls, starts
from interconnections.store.changes import encoded, retention
from interconnections.store.keys import as_lua, key
from interconnections.store.script_text import function, library, needed, shared
from interconnections.store.searching import search_entries

FIRST = datetime(2026, 1, 5, tzinfo=UTC)
APART = timedelta(minutes=45)
STATUSES = list(Status)
BOTS = [("tienda", "whatsapp"), ("banco", "whatsapp"), ("soporte", "messenger"), ("viajes", "messenger")]
NAMES = ["Ana", "Benito", "Clara", "Diego", "Elena", "Fabián", "Gloria", "Hugo", "Inés", "Jorge"]
SURNAMES = ["Álvarez", "Benítez", "Cano", "Díaz", "Estrada", "Flores", "Gil", "Hernández", "Ibarra", "Juárez"]

# The scripts take the time from the server; a past needs its rows elsewhere in the index.
MOVED = """
local id, at, iso = ARGV[1], ARGV[2], ARGV[3]
local h = redis.call('HMGET', key('hash', id), 'status', 'provider', 'botSlug')
index(id, {provider = h[2], bot = h[3]}, h[1], at)
redis.call('HSET', key('hash', id), 'openedAt', at, 'timestamp', iso)
return 1
"""


@dataclass(frozen=True)
class Row:
    """What was written, to compare a page with."""

    number: int
    status: str
    bot: str
    provider: str
    opened: datetime

    @property
    def session(self):
        return f"5701a00000{self.number:05d}AAB"

    @property
    def user(self):
        return f"52155{self.number:08d}"

    @property
    def id(self):
        return f"{self.user}-{self.session}"

    @property
    def name(self):
        return f"{NAMES[self.number % 10]} {SURNAMES[self.number // 10 % 10]}"

    def fields(self):
        return {
            "id": self.id,
            "userId": self.user,
            "sessionId": self.session,
            "status": Status.ON_HOLD,
            "timestamp": self.opened.isoformat(),
            "provider": self.provider,
            "botSlug": self.bot,
            "name": self.name,
            "email": f"user{self.number}@example.net",
            "phoneNumber": f"+{self.user}",
            "caseId": f"500{self.number:012d}",
        }


def many(redis, size):
    """Write `size` rows; returns them, newest first."""
    bots = len(BOTS)
    rows = [
        Row(n, STATUSES[n % 4], *BOTS[n // 4 % bots], FIRST + n * APART)  # every status for every bot
        for n in range(size)
    ]
    moved = redis.script_load("\n".join(["#!lua", *as_lua("\n".join(needed(shared(), MOVED)))]))
    redis.function_load(library(), replace=True)
    for start in range(0, size, 1000):
        pipe = redis.pipeline(transaction=False)
        for row in rows[start : start + 1000]:
            fields = row.fields()
            pipe.set(key("reserved", row.bot, row.user), "token", px=60_000)
            pipe.fcall(
                function("open"), 0, row.id, "token", json.dumps(fields),
                json.dumps({"sessionKey": seal(Secret("a-session-key")), "affinityToken": "x"}), "{}",
                json.dumps(search_entries(fields)), 30_000, "[]", retention(), "[]",
            )  # fmt: skip
            pipe.fcall(function("started"), 0, row.id)
        assert set(pipe.execute()) == {True}
    for start in range(0, size, 1000):
        redis.fcall(function("heartbeat"), 0, "worker", 3_600_000, 1000, size, "{}", "{}", f"beat {start}")
    for start in range(0, size, 1000):
        pipe = redis.pipeline(transaction=False)
        for row in rows[start : start + 1000]:
            if row.status != Status.ON_HOLD:
                change = Change(to=Status(row.status), reason="agent ended")
                pipe.fcall(function("change"), 0, row.id, "worker", "1", f"seed {row.id}", encoded(change))
            pipe.evalsha(moved, 0, row.id, int(row.opened.timestamp() * 1000), row.opened.isoformat())
        assert b"lost" not in [answer[0] for answer in pipe.execute() if isinstance(answer, list)]
    return rows[::-1]


async def conversation(redis, *, user="5215512345678", name="Ana Álvarez", agent="Luz", texts=("Hola",), extra=None):
    """One that an agent took: the user spoke, the agent answered, one message was given up."""
    session, token = f"5701a{uuid4().hex[:10]}", uuid4().hex
    id = f"{user}-{session}"
    await leases.beat(redis, "night-shift", 600_000, 0, 10)
    reserved = await starts.reserve(redis, "tienda", user, token)
    assert reserved.state == "reserved"
    fields = {
        "id": id, "userId": user, "sessionId": session, "status": str(Status.ON_HOLD), "provider": "whatsapp",
        "timestamp": datetime.now(UTC).isoformat(), "botSlug": "tienda", "botId": "b1", "name": name,
        "email": "ana@example.net", "phoneNumber": f"+{user}", "caseId": "5001a000001AAA", "ack": "-1",
        "buttonId": "5731a0000000001", "language": "es-MX",
    }  # fmt: skip
    tokens = {"sessionKey": Secret("the-session-key"), "affinityToken": Secret("the-affinity-token")}
    assert await starts.store(redis, token, fields, tokens, extra or {})
    assert await starts.started(redis, id)
    [hold] = (await leases.beat(redis, "night-shift", 600_000, 10, 10)).claims
    joined = Change(
        to=Status.ACTIVE,
        fields={"agentID": "0051a000001", "agentName": agent, "acceptedAt": "1795464000000"},
        first_to_agent=(Item(Kind.TEXT, Origin.BRIDGE, "Contexto"),),
        to_user=(Item(Kind.TEXT, Origin.AGENT, "Buenas tardes", name=agent),),
    )
    events = [
        ("ChatEstablished", json.dumps({"name": agent}), "ChatEstablished", ""),
        ("ChatMessage", json.dumps({"text": "Buenas tardes"}), "ChatMessage", ""),
    ]
    await polls.store_news(
        redis, hold, epoch="0", used="-1", mark="2", fields={}, events=events, changes=[joined]
    )  # fmt: skip
    for place, said in enumerate(texts):
        await hearing.hear(
            redis, "tienda", user, message=f"{session} m{place}", dedupe=60,
            items=(Item(Kind.TEXT, Origin.USER, said),), entry="", context=(60, 10), origin=Origin.USER,
        )  # fmt: skip
    for lane in Lane:
        settled = None
        while isinstance(taken := await lanes.take(redis, hold, lane, settled), lanes.Taken):
            settled = lanes.Settled(taken.number, "delivered")
            if taken.item.text == texts[-1]:
                settled = lanes.Settled(taken.number, "dead", "the desk refused it")
    return session


if __name__ == "__main__":  # python -m tests.admin.seed_history REDIS_URL SIZE: prints the newest session
    django.setup()
    with Redis.from_url(sys.argv[1]) as redis:
        sys.stdout.write(f"{many(redis, int(sys.argv[2]))[0].session}\n")
