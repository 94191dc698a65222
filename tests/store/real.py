"""The store itself, behind the same deeds as tests/store/model.py: plain answers, and the picture of its keys.

Time is Redis' own and cannot be moved; so the few that write times here put them into the past instead.
"""

import asyncio
import json
import os
import re
from collections.abc import Awaitable
from dataclasses import replace
from typing import TypeVar

import redis

from interconnections.errors import LostOwnership
from interconnections.items import Change, Item, Lane
from interconnections.lifecycle import Status
from interconnections.secret import Secret
from interconnections.store import deadletters, handovers, lanes, leases, mending, polls, purge, starts
from interconnections.store.connection import connect, for_pages
from interconnections.store.keys import PREFIX, TEMPLATES, key
from interconnections.store.lanes import Bucket, Settled, Taken
from interconnections.store.leases import Hold
from tests.store.model import CONTEXT_LIMIT, LOST, Answer, Place

T = TypeVar("T")
HOUR = 3_600_000  # ms: no example lasts so long
PAST, FAR = 1, 9_999_999_999_999  # ms since 1970


def session_fields(place: Place, session: str, provider: str, status: Status) -> dict[str, str]:
    bot, user = place
    return {
        "id": f"{user}-{session}", "userId": user, "sessionId": session, "status": status, "provider": provider,
        "botSlug": bot, "name": "Ana", "email": "ana@example.org", "ack": "-1", "epoch": "0", "sequence": "1",
    }  # fmt: skip


class Real:
    def __init__(self) -> None:
        self.keys = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
        self.keys.flushall()
        self.loop = asyncio.Runner()
        self.redis = connect()

    def close(self) -> None:
        self.run(self.redis.aclose())
        self.loop.close()
        self.keys.close()

    def run(self, deed: Awaitable[T]) -> T:
        async def done() -> T:
            return await deed

        return self.loop.run(done())

    def owners(self, deed: Awaitable[T]) -> T | None:
        try:
            return self.run(deed)
        except LostOwnership:
            return None

    # Starts

    def reserve(self, place: Place, token: str) -> Answer:
        answer = self.run(starts.reserve(self.redis, *place, token))
        return (answer.state, answer.status) if answer.status else (answer.state,)

    def unreserve(self, place: Place, token: str) -> Answer:
        self.run(starts.unreserve(self.redis, *place, token))
        return ()

    def step(self, place: Place, token: str) -> Answer:
        return (self.run(starts.step(self.redis, *place, token, contactId="003")),)

    def take_over(self, token: str) -> Answer:
        taken = self.run(starts.take_over(self.redis, token))
        return (taken.bot, taken.user) if taken else ()

    def store(self, place: Place, token: str, session: str, provider: str, status: Status, *said: Item) -> Answer:
        tokens = {} if status is Status.FAILED else {"sessionKey": Secret("key"), "affinityToken": Secret("affinity")}
        fields = session_fields(place, session, provider, status)
        return (self.run(starts.store(self.redis, token, fields, tokens, {"order": 7}, said)),)

    def started(self, id: str) -> Answer:
        return (self.run(starts.started(self.redis, id)),)

    def end_start(self, id: str, change: Change) -> Answer:
        return (self.run(starts.end_start(self.redis, id, change)),)

    # Users and bots

    def hear(self, place: Place, message: str, origin: str, *said: Item, leaves: str = "") -> Answer:
        receipt = self.run(
            lanes.hear(
                self.redis,
                *place,
                message=message,
                dedupe=3600,
                items=said,
                entry="[]",
                context=(3600, CONTEXT_LIMIT),
                origin=origin,
                leaves=leaves,
            )  # fmt: skip
        )
        whole = (receipt.session_id, receipt.channel)
        parts = {"lane": whole, "left": whole, "held": (receipt.session_id,)}
        return (str(receipt.heard), *parts.get(receipt.heard, ()))

    def hang_up(self, id: str, reason: str) -> Answer:
        word, first, second = self.run(lanes.hang_up(self.redis, id, reason))
        return (word, first, second) if word == "ordered" else (word, first) if first else (word,)

    # Workers

    def beat(self, worker: str, most: int, capacity: int) -> Answer:
        for id in self.keys.zrange(key("free"), 0, -1):
            self.keys.zadd(key("free"), {id: PAST})  # all waited equally long: which millisecond it was is no rule
        beat = self.run(leases.beat(self.redis, worker, HOUR, most, capacity))
        claims = [(hold.id, int(hold.fence)) for hold in beat.claims]
        return (beat.was_alive, beat.owned, beat.share, beat.workers, claims)

    def release(self, worker: str, holds: list[Hold], leaving: bool) -> Answer:
        return (self.run(leases.release(self.redis, worker, holds, leaving=leaving)),)

    # Owners' writes

    def news(self, hold: Hold, epoch: int, used: int, ack: int, changes: list[Change]) -> Answer:
        events = [("ChatMessage", "{}", "ChatMessage")]
        answer = self.owners(
            polls.store_news(
                self.redis, hold, epoch=str(epoch), used=used, ack=ack, offset=None, events=events, changes=changes
            )
        )
        return told(answer)

    def change(self, hold: Hold, change: Change) -> Answer:
        return told(self.owners(polls.store_change(self.redis, hold, change)))

    def take(self, hold: Hold, lane: Lane, settled: Settled | None, limits: tuple[Bucket, ...]) -> Answer:
        if settled:  # as they were handed out with the item
            attempts = self.keys.hget(key("hash", hold.id), f"attempts:{lane}") or ""
            settled = replace(settled, attempts=attempts)
        taken = self.owners(lanes.take(self.redis, hold, lane, settled, limits, HOUR))
        self._stop_the_clock_of_pauses()
        if taken is None:
            return LOST
        if isinstance(taken, Taken):
            what = (int(taken.number), taken.item.text)
            return ("item", *what, taken.sequence, taken.again, taken.tried(), taken.status)
        return ("empty", taken.retired) if taken.wait is None else ("wait",)

    def reconnected(self, hold: Hold, reset: bool) -> Answer:
        return told(
            self.owners(handovers.reconnected(self.redis, hold, self._epoch(hold), Secret("new"), reset=reset))
        )

    def switched(self, hold: Hold) -> Answer:
        new = {"wire_id": "w", "url": "https://example.org", "key": Secret("new"), "affinity": Secret("new")}
        return told(self.owners(handovers.switched(self.redis, hold, self._epoch(hold), **new, poll_timeout=40)))

    def _epoch(self, hold: Hold) -> str:
        return self.keys.hget(key("hash", hold.id), "epoch") or "0"

    # Supervisors

    def resend(self, id: str, number: int) -> Answer:
        [letter] = [one for one in deadletters.letters(for_pages(), id) if one.number == str(number)]
        word, session, channel = deadletters.resend(for_pages(), letter.id, id)
        assert (
            word != "resent" or deadletters.resend(for_pages(), letter.id, id)[0] == "no such"
        )  # whoever asks twice
        return (word, session, channel) if word == "resent" else (word,)

    def mend(self) -> Answer:
        self.keys.delete(key("mending"))
        return tuple(sorted(session for session, _ in self.run(mending.mend(self.redis, "w1"))))

    # Time

    def _stop_the_clock_of_pauses(self) -> None:
        """Pauses begin with half a second: they last until the machine ends them."""
        for name in self.keys.scan_iter(key("shore", "*", "*")):
            if int(self.keys.hget(name, "pausedUntil") or PAST) != PAST:
                self.keys.hset(name, "pausedUntil", FAR)

    def lease_ends(self, worker: str) -> None:
        self.keys.zadd(key("workers"), {worker: PAST})

    def reservation_ends(self, place: Place) -> None:
        self.keys.delete(key("reserved", *place))
        self.keys.zadd(key("starts"), {":".join(place): PAST}, xx=True)

    def starter_is_late(self, id: str) -> None:
        self.keys.zadd(key("starting"), {id: PAST})

    def waits_end(self, id: str) -> None:
        owner = self.keys.hget(key("hash", id), "owner")
        for lane in Lane:
            name = key("lane", id, lane)
            for place, entry in enumerate(self.keys.lrange(name, 0, -1)):
                number, _, item = entry.split(" ", 2)
                self.keys.lset(name, place, f"{number} {PAST} {item}")
            self.keys.hdel(key("hash", id), f"retry:{lane}")
            if self.keys.hexists(key("hash", id), f"failing:{lane}"):
                self.keys.hset(key("hash", id), f"failing:{lane}", PAST)
            shore = key("shore", lane, self.keys.hget(key("hash", id), "botSlug"))
            for moment in ("pausedUntil", "takenAt"):
                if self.keys.hexists(shore, moment):
                    self.keys.hset(shore, moment, PAST)
            self.keys.zadd(key("due", lane, owner), {id: PAST}, xx=True)
        if self.keys.hexists(key("hash", id), "endedAt"):
            self.keys.hset(key("hash", id), "endedAt", PAST)
        for name in self.keys.scan_iter(key("bucket", "*")):
            self.keys.delete(name)

    def purge(self, id: str) -> None:
        self.keys.zadd(key("over"), {id: PAST})
        assert self.run(purge.purge_due(self.redis)).gone == 1

    # What is there

    def everything(self) -> dict[str, object]:
        """Every key with its whole value."""
        names = sorted(self.keys.keys())
        pipe = self.keys.pipeline(transaction=False)
        for name in names:
            pipe.type(name)
        kinds = pipe.execute()
        for name, kind in zip(names, kinds, strict=True):
            READ[kind](pipe, name)
        return {
            name: PLAIN.get(kind, same)(value) for name, kind, value in zip(names, kinds, pipe.execute(), strict=True)
        }

    def picture(self, everything: dict) -> dict[str, object]:
        seconds, micros = self.keys.time()
        now = seconds * 1000 + micros // 1000
        by = {name: dict(kept_under(name, everything)) for name in TEMPLATES}
        rows = {id: row(id, hash, everything, now) for (id,), hash in by["hash"].items()}
        return {
            "chats": rows,
            "workers": {name: until >= now for name, until in everything.get(key("workers"), {}).items()},
            "owned": {name: by["owned"].get((name,), set()) for name in everything.get(key("workers"), {})},
            "free": set(everything.get(key("free"), {})),
            "starting": set(everything.get(key("starting"), {})),
            "over": set(everything.get(key("over"), {})),
            "due": {(lane, worker, id) for (lane, worker), ids in by["due"].items() for id in ids},
            "due now": {(lane, id) for (lane, _), ids in by["due"].items() for id, due in ids.items() if due <= now},
            "waiting": {(lane, id) for (lane,), ids in by["waiting"].items() for id in ids},
            "depth": {lane: int(n) for lane, n in everything.get(key("depth"), {}).items() if int(n)},
            "paused": {place for place, shore in by["shore"].items() if int(shore.get("pausedUntil", PAST)) > now},
            "index": {cell: set(ids) for cell, ids in by["index"].items()},
            "users": by["user"],
            "reserved": by["reserved"],
            "holders": {place: start["holder"] for place, start in by["start"].items() if "holder" in start},
            "starts": {tuple(place.split(":")) for place in everything.get(key("starts"), {})},
            "last": by["last"],
            "ids": everything.get(key("ids"), {}),
            "context": {place: len(entries) for place, entries in by["context"].items()},
            "seen": set(by["seen"]),
            "dead": sorted(
                (letter["id"], letter["lane"], int(letter["number"]), letter["why"])
                for letter in everything.get(key("dead"), [])
            ),
            "counters": {name: int(n) for name, n in everything.get(key("counters"), {}).items() if int(n)},
        }


READ = {  # kind of key -> how its whole value is asked for
    "string": lambda pipe, name: pipe.get(name),
    "hash": lambda pipe, name: pipe.hgetall(name),
    "set": lambda pipe, name: pipe.smembers(name),
    "list": lambda pipe, name: pipe.lrange(name, 0, -1),
    "zset": lambda pipe, name: pipe.zrange(name, 0, -1, withscores=True),
    "stream": lambda pipe, name: pipe.xrange(name),
}
PLAIN = {"zset": dict, "stream": lambda entries: [fields for _, fields in entries]}


SINCE = {None: "", str(PAST): "long"}  # the hash's `failing` -> the model's word
SETTLING = {
    "delivered": True,
    "given up": True,
    "replaced": True,
    "sent by hand": False,
}  # checkpoint -> is it settled by that?


def same(value: object) -> object:
    return value


def told(answer: polls.Stored | None) -> Answer:
    if answer is None:
        return LOST
    waits = [
        "silent" if wait < 0 else "later" if wait else "now" for wait in (answer.to_salesforce, answer.to_integration)
    ]
    f = answer.fields
    known = (f["status"], f.get("leaving") == "1", int(f["ack"]), int(f["epoch"]), f.get("handover", ""))
    return ("stale" if answer.stale else "stored", *waits, answer.retired, *known)


def kept_under(name: str, everything: dict) -> list[tuple[tuple[str, ...], object]]:
    """(parts of the key, value) of all keys that a template names."""
    shape = re.compile(re.escape(PREFIX) + TEMPLATES[name].replace("%s", "([^:]+)"))
    return [(found.groups(), value) for key_, value in everything.items() if (found := shape.fullmatch(key_))]


def row(id: str, hash: dict[str, str], everything: dict, now: int) -> dict[str, object]:
    bound = hash.get("boundNumber")
    record = everything.get(key("messages", id), [])
    last = {entry["number"]: entry["checkpoint"] for entry in record if entry.get("checkpoint") in SETTLING}
    return {
        "status": hash["status"],
        "owner": hash["owner"],
        "fence": int(hash["fence"]),
        "reason": hash.get("reason", ""),
        "leaving": hash.get("leaving") == "1",
        "waitingAgain": hash.get("waitingAgain") == "1",
        "handover": hash.get("handover", ""),
        "inFlight": hash.get("inFlight", ""),
        "ack": int(hash["ack"]),
        "epoch": int(hash["epoch"]),
        "bound": (int(bound), int(hash["boundSequence"]), hash.get("unsent") == "1") if bound else None,
        "uncertain": int(hash.get("uncertain", "0").split(" ")[0]),
        "tokens": key("tokens", id) in everything,
        "tries": {lane: sum(json.loads(hash.get(f"attempts:{lane}", "{}")).values()) for lane in Lane},
        "failing": {lane: SINCE.get(hash.get(f"failing:{lane}"), "now") for lane in Lane},
        "lanes": {lane: [int(n.split(" ")[0]) for n in everything.get(key("lane", id, lane), [])] for lane in Lane},
        "said": {
            int(entry["number"]): (
                entry["lane"],
                Item.decoded(entry["item"]).text,
                not SETTLING[last.get(entry["number"], "sent by hand")],
            )
            for entry in record
            if "item" in entry
        },
    }
