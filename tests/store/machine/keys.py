"""The keys of the real store: all of them as they are, and the picture that they are."""

import asyncio
import json
import os
import re

import redis
from redis.exceptions import ConnectionError as RedisConnectionError

from interconnections.items import Item, Lane
from interconnections.store.connection import AsyncRedis, connect
from interconnections.store.keys import PREFIX, TEMPLATES, key

STANDS = ("queued", "requeued", "unanswered")
HOUR = 3_600_000  # ms: no example lasts so long
PAST, FAR = 1, 9_999_999_999_999  # ms since 1970


def forgetful(client: AsyncRedis, keys: "Keys") -> AsyncRedis:
    """What is raised here redis-py meets as on any broken connection."""
    really = client.parse_response

    async def parse_response(connection: object, command: str, **options: object) -> object:
        answer = await really(connection, command, **options)
        if keys.loses and command in ("FCALL", "EVALSHA", "EVAL"):
            keys.loses = False
            raise RedisConnectionError("the answer was lost")
        return answer

    client.parse_response = parse_response
    return client


class Keys:
    def __init__(self) -> None:
        self.keys = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
        self.keys.flushall()
        self.loop = asyncio.Runner()
        self.redis = forgetful(connect(), self)
        self.loses = False  # the answer of the next script, with its connection: redis-py sends it again
        self.full = False  # every write is refused that is not allowed then

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
            "waiting": {(lane, id) for (lane, _), ids in by["waiting"].items() for id in ids},
            "depth": {lane: int(n) for lane, n in everything.get(key("depth"), {}).items() if int(n)},
            "stands": {(place, bot, id) for place in STANDS for (bot,), ids in by[place].items() for id in ids},
            "paused": {place for place, shore in by["shore"].items() if int(shore.get("pausedUntil", PAST)) > now},
            "index": {cell: set(ids) for cell, ids in by["index"].items()},
            "users": by["user"],
            "reserved": by["reserved"],
            "holders": {place: start["holder"] for place, start in by["start"].items() if "holder" in start},
            "starts": {tuple(place.split(":")) for place in everything.get(key("starts"), {})},
            "last": by["last"],
            "ids": everything.get(key("ids"), {}),
            "context": {place: len(entries) for place, entries in by["context"].items()},
            "seen": {(bot, message) for bot, message in by["seen"] if len(message) < 16},  # ours are tickets
            "dead": sorted(
                (letter["id"], letter["lane"], int(letter["number"]), letter["why"])
                for letter in everything.get(key("dead"), [])
            ),
            "counters": {
                name: int(n)
                for name, n in everything.get(key("counters"), {}).items()
                if int(n) and not name.startswith("throttled:")  # once a place in a queue: test_turns.py
            },
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
