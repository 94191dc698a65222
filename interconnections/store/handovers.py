"""What a change of servers needs of the store: the new one's secrets, and what we know to compare with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from interconnections.errors import StoreAway
from interconnections.items import Item, Kind, Lane
from interconnections.secret import Secret, seal
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.leases import Hold
from interconnections.store.polls import Stored, stored
from interconnections.store.scripts import run


@dataclass(frozen=True, slots=True)
class Ours:
    """Our side of the conversation.

    `sent`: (number, text) of what Salesforce took, in order; `in_flight`: (number, text) of the one that it may have
    taken, or None; `heard`: marks of the agent's whole texts, in order.
    """

    sent: list[tuple[str, str]]
    in_flight: tuple[str, str] | None
    heard: list[str]


async def rebase(
    redis: AsyncRedis,
    hold: Hold,
    epoch: str,
    *,
    fields: Mapping[str, str],
    secrets: Mapping[str, Secret],
    sequence: int | None,
    in_flight: bool,
    waits: bool,
    counted: str,
) -> Stored:
    """As desks.desk.Rebase says; `epoch`: the one that ends.  Raises LostOwnership under an old fence."""
    change = {
        "fields": dict(fields),
        "secrets": {name: seal(secret) for name, secret in secrets.items()},
        "sequence": sequence,
        "in_flight": in_flight,
        "waits": waits,
        "counted": counted,
    }
    answer = await run(
        redis, "rebase", hold.id, hold.worker, hold.fence, epoch, json.dumps(change, ensure_ascii=False)
    )
    return stored(answer, "rebase")


async def ours(redis: AsyncRedis, id: str) -> Ours:
    try:
        pipe = redis.pipeline(transaction=True)
        pipe.xrange(key("messages", id))
        pipe.lindex(key("lane", id, Lane.SALESFORCE), 0)
        pipe.hget(key("hash", id), "inFlight")
        pipe.lrange(key("agent", id), 0, -1)
        entries, head, flying, heard = await pipe.execute()
    except RedisError as error:
        raise StoreAway(f"hand-over: {type(error).__name__}") from error
    return Ours(_sent([fields for _, fields in entries]), _in_flight(head, flying), list(heard))


def _sent(entries: list[dict[str, str]]) -> list[tuple[str, str]]:
    texts: dict[str, str] = {}
    sent: dict[str, str] = {}  # in the order in which they were delivered
    for fields in entries:
        if fields.get("lane") == Lane.SALESFORCE:
            item = Item.decoded(fields["item"])
            if item.kind is Kind.TEXT:
                texts[fields["number"]] = item.text
        elif fields.get("checkpoint") == "delivered" and fields["number"] in texts:
            sent[fields["number"]] = texts[fields["number"]]
        elif fields.get("checkpoint") == "sent again":
            sent.pop(fields["number"], None)
    return list(sent.items())


def _in_flight(head: str | None, flying: str | None) -> tuple[str, str] | None:
    if not head or not flying:
        return None
    number, _, encoded = head.split(" ", 2)
    item = Item.decoded(encoded)
    return (number, item.text) if number == flying and item.kind is Kind.TEXT else None
