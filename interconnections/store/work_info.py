"""What the doctor asks about the work under way: a bounded number of commands, nothing written, nobody's data."""

from collections import Counter
from dataclasses import dataclass, field

from interconnections.items import Lane
from interconnections.lifecycle import OPEN
from interconnections.store.connection import AsyncRedis
from interconnections.store.keys import key
from interconnections.store.leases import LONGEST_PUT_OFF

LOOKED_AT = 2000  # open conversations, the oldest of each status
TOKENS_TRIED = 200
DAY = 86_400_000  # ms
SILENCE = 60_000  # ms without news after which a conversation is quiet
LATE = 10_000  # ms after which what is due should have been tried


@dataclass(frozen=True, slots=True)
class Work:
    """How the work stands.  Ages are ms."""

    workers: int
    dead_workers: int  # their lease ended, and nobody took what they own
    owned: int
    open: int
    free: tuple[int, ...]  # ages of conversations that want an owner
    overdue_starts: tuple[int, ...]  # ages beyond the deadline
    orphans: int  # open, and owned by nobody who lives, nor free, nor starting
    unreadable: int  # that no worker could carry at its last try
    unheard: int  # begun a minute ago, and no poll ever brought anything
    quiet: int  # the last news is older than a minute
    overdue: dict[str, tuple[int, ...]] = field(default_factory=dict)  # by lane: ages of what should have been sent
    looked_at: int = 0
    dead_letters: int = 0
    fresh_dead: Counter[tuple[str, str]] = field(default_factory=Counter)  # of the last day, by (lane, why)


@dataclass(frozen=True, slots=True)
class State:
    """Of one open conversation.  Moments are ms, 0 for never."""

    owner: str
    started: bool
    polled: int  # the last poll that brought something
    opened: int


async def work(redis: AsyncRedis) -> Work:
    seconds, micros = await redis.time()
    now = seconds * 1000 + micros // 1000
    pipe = redis.pipeline(transaction=False)
    pipe.zrange(key("workers"), 0, -1, withscores=True)
    pipe.zrange(key("free"), 0, LOOKED_AT - 1, withscores=True)
    pipe.zrange(key("starting"), 0, LOOKED_AT - 1, withscores=True)
    for status in sorted(OPEN):
        pipe.zrange(key("index", status, "*", "*"), 0, LOOKED_AT - 1)
        pipe.zcard(key("index", status, "*", "*"))
    pipe.zcount(key("unreadable"), now - 3 * LONGEST_PUT_OFF, "+inf")
    pipe.xlen(key("dead"))
    pipe.xrange(key("dead"), min=now - DAY, count=LOOKED_AT)
    leases, free, starting, *listed, unreadable, dead, fresh = await pipe.execute()
    ids = [id for found in listed[0::2] for id in found]
    live = [name for name, until in leases if until >= now]
    states = await _states(redis, ids)
    waiting = {id for id, _ in free} | {id for id, _ in starting}
    return Work(
        workers=len(live),
        dead_workers=len(leases) - len(live),
        owned=await _owned(redis, live),
        open=sum(listed[1::2]),
        free=tuple(int(now - since) for _, since in free),
        overdue_starts=tuple(int(now - until) for _, until in starting if until < now),
        orphans=sum(id not in waiting and state.owner not in live for id, state in zip(ids, states, strict=True)),
        unreadable=unreadable,
        unheard=sum(state.started and not state.polled and state.opened < now - SILENCE for state in states),
        quiet=sum(0 < state.polled < now - SILENCE for state in states),
        overdue={lane: await _overdue(redis, lane, live, now) for lane in Lane},
        looked_at=len(ids),
        dead_letters=dead,
        fresh_dead=Counter((letter.get("lane", "?"), letter.get("why", "?")) for _, letter in fresh),
    )


async def _owned(redis: AsyncRedis, workers: list[str]) -> int:
    pipe = redis.pipeline(transaction=False)
    for worker in workers:
        pipe.scard(key("owned", worker))
    return sum(await pipe.execute())


async def _states(redis: AsyncRedis, ids: list[str]) -> list[State]:
    pipe = redis.pipeline(transaction=False)
    for id in ids:
        pipe.hmget(key("hash", id), "owner", "started", "polledAt", "openedAt")
    return [
        State(owner or "", started == "1", int(polled or 0), int(opened or 0))
        for owner, started, polled, opened in await pipe.execute()
    ]


async def _overdue(redis: AsyncRedis, lane: Lane, workers: list[str], now: int) -> tuple[int, ...]:
    pipe = redis.pipeline(transaction=False)
    for worker in workers:
        pipe.zrangebyscore(key("due", lane, worker), "-inf", now - LATE, 0, LOOKED_AT, withscores=True)
    return tuple(int(now - due) for found in await pipe.execute() for _, due in found)


async def sealed_tokens(redis: AsyncRedis) -> list[str]:
    """Some tokens of open conversations, as they rest."""
    ids = [id for status in OPEN for id in await redis.zrange(key("index", status, "*", "*"), 0, TOKENS_TRIED - 1)]
    pipe = redis.pipeline(transaction=False)
    for id in ids:
        pipe.hget(key("tokens", id), "sessionKey")
    return [sealed for sealed in await pipe.execute() if sealed]
