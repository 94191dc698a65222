"""What the board is made of: one script reads it all, however many conversations there are; nothing is scanned."""

import json
from dataclasses import dataclass, field
from typing import TypeAlias

from interconnections import clock
from interconnections.errors import StoreAway
from interconnections.store.connection import AsyncRedis, PageRedis, RedisError
from interconnections.store.days import begin_of, today
from interconnections.store.keys import key
from interconnections.store.scripts import Answer, run, run_for_page

LOOKED_INTO = 500  # lanes of a bot in one direction; beyond them each counts for one item at least
SLOT = 300_000  # ms between two points of the day's curve
UNOWNED = 10_000  # ms without an owner after which a conversation is at risk

Wait: TypeAlias = tuple[str, int] | None  # session id, since (ms)


@dataclass(frozen=True, slots=True)
class Pause:
    lane: str
    until: int  # ms
    why: str


@dataclass(frozen=True, slots=True)
class BotRow:
    """One bot at one moment.  `failures`: (minute since 1970, reason) -> how many; `day`: sums (board.lua)."""

    queued: int = 0
    requeued: int = 0
    active: int = 0
    unanswered: int = 0
    longest: Wait = None
    undelivered: int = 0
    oldest: int | None = None  # ms
    dead: int = 0
    unowned: int = 0
    pauses: tuple[Pause, ...] = ()
    failures: dict[tuple[int, str], int] = field(default_factory=dict)
    day: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """`sessions`, `at_risk`: by bot, as it told last."""

    name: str
    owned: int
    since: int  # ms, 0 where it did not tell
    sessions: dict[str, int]
    at_risk: dict[str, int]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`at`: ms."""

    at: int
    day: str
    dead: int
    bots: dict[str, BotRow]
    workers: tuple[WorkerRow, ...]
    curve: "Curve"


@dataclass(frozen=True, slots=True)
class Curve:
    """`known`: by which the script knows it; `slots`: those of the day in which somebody looked.

    `bots`: slot -> waiting, active; none where both were 0.
    """

    known: str = ""
    slots: tuple[int, ...] = ()
    bots: dict[str, dict[int, tuple[int, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """What stands there now, as the script tells it, and when that was (ms); `snapshot` reads it.

    `rights`: changes with every change of users' rights.
    """

    raw: str
    at: int
    rights: str
    curve: Curve


async def look(redis: AsyncRedis, known: Curve | None = None) -> Look:
    """`known`: the curve of the look before."""
    known = known or Curve()
    return _told(await run(redis, "board", today(), LOOKED_INTO, UNOWNED, known.known), known)


def look_for_page(redis: PageRedis) -> Snapshot:
    return snapshot(_told(run_for_page(redis, "board", today(), LOOKED_INTO, UNOWNED, ""), Curve()))


def _told(answer: Answer, known: Curve) -> Look:
    raw, at, rights, curve = answer
    return Look(str(raw), int(str(at)), str(rights), _curve(json.loads(str(curve))) if curve else known)


async def sample(redis: AsyncRedis) -> bool:
    """The point of this slot, once; False where it was there already."""
    day, now = today(), clock.now()
    return (await run(redis, "sample", day, int((now - begin_of(day)) // SLOT)))[0] == 1


def rights_changed(redis: PageRedis) -> None:
    """Whoever watches is to be asked again whether they may."""
    try:
        redis.incr(key("rights"))
    except RedisError as error:
        raise StoreAway(f"rights: {type(error).__name__}") from error


def snapshot(look: Look) -> Snapshot:
    told = json.loads(look.raw)
    unowned = told["unowned"]
    return Snapshot(
        at=look.at,
        day=told["day"],
        dead=told["dead"],
        bots={slug: _bot(row, unowned.get(slug, 0)) for slug, row in dict(told["bots"]).items()},
        workers=tuple(_worker(name, row) for name, row in sorted(dict(told["workers"]).items())),
        curve=look.curve,
    )


def _bot(row: dict[str, object], unowned: int) -> BotRow:
    waits = [(str(session), int(float(since))) for session, since in _rows(row, "first_queued", "first_requeued")]
    undelivered = list(_list(row["undelivered"]))
    return BotRow(
        queued=_whole(row["queued"]),
        requeued=_whole(row["requeued"]),
        active=_whole(row["active"]),
        unanswered=_whole(row["unanswered"]),
        longest=min(waits, key=lambda wait: wait[1], default=None),
        undelivered=_whole(undelivered[0]),
        oldest=_whole(undelivered[1]) if len(undelivered) > 1 else None,
        dead=_whole(row["dead"]),
        unowned=unowned,
        pauses=tuple(Pause(str(lane), _whole(until), str(why)) for lane, until, why in _list(row["shores"])),
        failures={_minute(name): n for name, n in _pairs(row["failures"])},
        day=dict(_pairs(row["day"])),
    )


def _worker(name: str, row: dict[str, object]) -> WorkerRow:
    report = row["report"] if isinstance(row["report"], dict) else {}

    def by_bot(what: str) -> dict[str, int]:
        return {field.removeprefix(what): _whole(n) for field, n in report.items() if field.startswith(what)}

    return WorkerRow(
        name, _whole(row["owned"]), _whole(report.get("since", 0)), by_bot("sessions:"), by_bot("at risk:")
    )


def _curve(told: dict[str, object]) -> Curve:
    bots = told["bots"] if isinstance(told["bots"], dict) else {}
    slots = sorted(int(slot) for slot in _list(told["slots"]))
    return Curve(str(told["known"]), tuple(slots), {slug: _points(flat) for slug, flat in bots.items()})


def _points(flat: object) -> dict[int, tuple[int, int]]:
    parts = iter(_list(flat))
    points = {int(slot): str(point).partition(" ") for slot, point in zip(parts, parts, strict=True)}
    return {slot: (_whole(waiting), _whole(active)) for slot, (waiting, _, active) in points.items()}


def _minute(name: str) -> tuple[int, str]:
    minute, _, reason = name.partition(":")
    return int(minute), reason


def _rows(row: dict[str, object], *names: str) -> list[list[str]]:
    return [found for name in names if (found := _list(row.get(name)))]


def _list(told: object) -> list:  # type: ignore[type-arg]
    """Lua has no empty list: it comes as an empty object."""
    return told if isinstance(told, list) else []


def _pairs(flat: object) -> list[tuple[str, int]]:
    parts = iter(_list(flat))
    return [(str(name), _whole(n)) for name, n in zip(parts, parts, strict=True)]


def _whole(told: object) -> int:
    return int(float(str(told)))
