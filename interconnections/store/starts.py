"""Opening an interconnection: reserved before anything is created, stored before it is begun."""

import hashlib
import json
from dataclasses import dataclass

from interconnections.bot_events import BotEvent
from interconnections.items import Change, Item
from interconnections.secret import Secret, seal
from interconnections.store.changes import encoded, retention, stored_events, stored_items
from interconnections.store.connection import AsyncRedis
from interconnections.store.days import today
from interconnections.store.scripts import run, ticket
from interconnections.store.searching import search_entries

RESERVED_FOR = 10_000  # ms that a starter may not be heard of, before another goes on in its place
START_WITHIN = 30_000  # ms from the stored session to its ChasitorInit, before a worker takes it over
KEPT = 3_600_000  # ms that the steps of a start outlive it: a repeat of the same wish makes no second case
OURS = frozenset({"key", "mark", "at", "holder", "wish", "opened"})  # of the start's hash; all else are steps


@dataclass(frozen=True, slots=True)
class Start:
    """A start under way.  `key` stays the same whoever goes on with it; `at`: ms, when it was last asked for."""

    key: str
    at: int
    wish: str
    steps: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reservation:
    """`state`: reserved | no worker | starting | full | open; the first with the start, the last with its status.

    `wait`: seconds until more is taken of its bot, which brought too much within the hour, where it is full.
    """

    state: str
    status: str = ""
    wait: int = 0
    start: Start | None = None


@dataclass(frozen=True, slots=True)
class TakenOver:
    bot: str
    user: str
    start: Start


async def reserve(
    redis: AsyncRedis, bot: str, user: str, token: str, wish: str = "{}", intake: int = 0
) -> Reservation:
    """`wish`: what was asked for, so that another can go on with it; the same wish again finds its steps.

    `intake`: bytes an hour that are stored of what this bot brings, 0 for any number.
    """
    mark = hashlib.sha256(wish.encode()).hexdigest()
    answer = await run(redis, "reserve", bot, user, token, RESERVED_FOR, mark, wish, KEPT, intake)
    if answer[0] == "reserved":
        return Reservation("reserved", start=_start(answer[1]))
    if answer[0] == "full":
        return Reservation("full", wait=int(str(answer[1])))
    return Reservation(str(answer[0]), str(answer[2]) if answer[0] == "open" else "")


async def step(redis: AsyncRedis, bot: str, user: str, token: str, **steps: str) -> bool:
    """The start is alive, and has done these; False when it is not ours any more."""
    flat = [part for pair in steps.items() for part in pair]
    return (await run(redis, "step", bot, user, token, RESERVED_FOR, KEPT, *flat))[0] == 1


async def take_over(redis: AsyncRedis, token: str) -> TakenOver | None:
    """One start that nobody has heard of for too long, now ours under `token`."""
    answer = await run(redis, "take_over", token, RESERVED_FOR, KEPT)
    if not answer:
        return None
    bot, user, flat = answer
    return TakenOver(str(bot), str(user), _start(flat))


def _start(flat: object) -> Start:
    parts = iter(flat if isinstance(flat, list) else [])
    stored = {str(name): str(value) for name, value in zip(parts, parts, strict=True)}
    steps = {name: value for name, value in stored.items() if name not in OURS}
    return Start(stored.get("key", ""), int(stored.get("at") or 0), stored.get("wish", ""), steps)


async def unreserve(redis: AsyncRedis, bot: str, user: str, token: str) -> None:
    await run(redis, "unreserve", bot, user, token)


async def store(
    redis: AsyncRedis,
    token: str,
    fields: dict[str, str],
    tokens: dict[str, Secret],
    extra: dict[str, object],
    to_user: tuple[Item, ...] = (),
    to_agent: tuple[Item, ...] = (),
    to_bot: tuple[BotEvent, ...] = (),
) -> bool:
    """Write a new row whole, with what is to be told first; False when the reservation `token` ran out meanwhile."""
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
        json.dumps(stored_items(to_agent)),
        json.dumps(stored_events(to_bot)),
        today(),
    )
    return answer[0] == 1


async def started(redis: AsyncRedis, id: str) -> bool:
    """ChasitorInit was taken; False when a worker finished this start in our place."""
    return (await run(redis, "started", id))[0] == 1


async def end_start(redis: AsyncRedis, id: str, change: Change) -> bool:
    """False when a worker took the start over."""
    return (await run(redis, "end_start", id, ticket(), encoded(change)))[0] == 1
