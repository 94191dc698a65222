"""What supervisors do to conversations from synchronous pages: each call a script, which knows its repeat."""

import json
from dataclasses import dataclass

from interconnections.errors import StoreAway
from interconnections.items import Item, Kind, Origin
from interconnections.store.admin_reads import text
from interconnections.store.changes import stored_items
from interconnections.store.connection import PageRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.scripts import run_for_page, ticket

REMEMBERED = 86_400  # seconds within which the same form is known again
PATIENT_WITH_AN_OWNER = 30_000  # ms that an owner may take to give away what it was asked for; a last message lands


def say(redis: PageRedis, id: str, items: tuple[Item, ...], form: str) -> tuple[str, str, str]:
    """("said", session id, channel to ring) | ("no such" | "over" | "twice", "", "").  `form`: its ticket."""
    told = json.dumps(stored_items(items), ensure_ascii=False)
    word, session, channel = [*map(str, run_for_page(redis, "say", id, form, ticket(), REMEMBERED, told)), "", ""][:3]
    return word, session, channel


def end(
    redis: PageRedis, id: str, reason: str, *, state: str = "", goodbye: tuple[Item, ...] = ()
) -> tuple[str, str, str]:
    """("ordered", session id, channel to ring) | ("over", status, "") | ("leaving" | "no such", "", "").

    `state`: at which the bot goes on, "" as the reason has it; `goodbye`: for the user, before they are back at it.
    """
    item = Item(Kind.END, Origin.BRIDGE, reason, name=state).encoded()
    told = json.dumps(stored_items(goodbye), ensure_ascii=False) if goodbye else ""
    answer = run_for_page(redis, "hang_up", id, reason, ticket(), item, state, told)
    word, session, channel = [*map(str, answer), "", ""][:3]
    return word, session, channel


def block(redis: PageRedis, id: str, *, blocks: bool) -> str:
    """The user of this conversation: "done" | "twice" (it was so already) | "no such"."""
    return str(run_for_page(redis, "block", id, int(blocks), ticket())[0])


def is_blocked(redis: PageRedis, bot: str, user: str) -> bool:
    try:
        return bool(redis.exists(key("blocked", bot, user)))
    except RedisError as error:
        raise StoreAway(f"blocked: {type(error).__name__}") from error


def take_away(redis: PageRedis, id: str, *, others_first: bool) -> str:
    """From its owner, who gives it away: "done" | "twice" (just asked) | "free" (nobody's) | "over" | "no such"."""
    return str(run_for_page(redis, "take_away", id, int(others_first), PATIENT_WITH_AN_OWNER, ticket())[0])


def drain(redis: PageRedis, worker: str, *, drains: bool) -> str:
    """ "done" | "twice" (it was so already) | "last" (nobody else would carry its chats) | "full" (nobody has room
    for them) | "no such" (it is gone)."""
    return str(run_for_page(redis, "drain", worker, int(drains), ticket())[0])


@dataclass(frozen=True, slots=True)
class WorkerState:
    name: str
    owned: int
    draining: bool


def workers(redis: PageRedis) -> list[WorkerState]:
    """Those that live, by name."""
    try:
        seconds, micros = redis.time()
        names = sorted(
            text(name) for name in redis.zrangebyscore(key("workers"), seconds * 1000 + micros // 1000, "+inf")
        )
        pipe = redis.pipeline(transaction=False)
        for name in names:
            pipe.scard(key("owned", name))
            pipe.hget(key("draining"), name)
        found = iter(pipe.execute())
        return [WorkerState(name, int(next(found)), not (next(found) or b"-").startswith(b"-")) for name in names]
    except RedisError as error:
        raise StoreAway(f"workers: {type(error).__name__}") from error
