"""Opening an interconnection: reserved before anything is created, stored before it is begun."""

import json
from dataclasses import dataclass

from interconnections.items import Change, Item
from interconnections.secret import Secret, seal
from interconnections.store.changes import encoded, retention, stored_items
from interconnections.store.connection import AsyncRedis
from interconnections.store.scripts import run
from interconnections.store.searching import search_entries

RESERVED_FOR = 90_000  # ms; longer than all calls of a start together may take
START_WITHIN = 30_000  # ms from the stored session to its ChasitorInit, before a worker takes it over


@dataclass(frozen=True, slots=True)
class Reservation:
    """`state`: reserved | no worker | starting | open; the last with the status of what is open."""

    state: str
    status: str = ""


async def reserve(redis: AsyncRedis, bot: str, user: str, token: str) -> Reservation:
    answer = await run(redis, "reserve", bot, user, token, RESERVED_FOR)
    return Reservation(str(answer[0]), str(answer[2]) if answer[0] == "open" else "")


async def unreserve(redis: AsyncRedis, bot: str, user: str, token: str) -> None:
    await run(redis, "unreserve", bot, user, token)


async def store(
    redis: AsyncRedis,
    token: str,
    fields: dict[str, str],
    tokens: dict[str, Secret],
    extra: dict[str, object],
    to_user: tuple[Item, ...] = (),
) -> bool:
    """Write a new row whole; False when the reservation `token` ran out meanwhile."""
    answer = await run(
        redis,
        "open",
        fields["id"],
        token,
        json.dumps(fields),
        json.dumps({name: seal(secret) for name, secret in tokens.items()}),
        json.dumps({name: json.dumps(value, ensure_ascii=False) for name, value in extra.items()}),
        json.dumps(search_entries(fields)),
        START_WITHIN,
        json.dumps(stored_items(to_user)),
        retention(),
    )
    return answer[0] == 1


async def started(redis: AsyncRedis, id: str) -> bool:
    """ChasitorInit was taken; False when a worker finished this start in our place."""
    return (await run(redis, "started", id))[0] == 1


async def end_start(redis: AsyncRedis, id: str, change: Change) -> bool:
    return (await run(redis, "end_start", id, encoded(change)))[0] == 1
