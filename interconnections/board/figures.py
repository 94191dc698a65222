"""The figures of the board, under the names that the outside knows.  Pure: a snapshot and a scope in, figures out."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from types import MappingProxyType

from interconnections.histograms import MILLISECONDS, SECONDS, counts, spread
from interconnections.store.board import SLOT, BotRow, Snapshot, WorkerRow
from interconnections.store.days import begin_of, end_of

SECOND, MINUTE = 1000, 60_000  # ms
WITHIN = (15, 60)  # minutes in which failures are counted
# The waits of a day as a chart shows them: up to so many seconds, then all that were longer.
BINS = (10, 30, 60, 120, 300, 600, 1800)

Figures = dict[str, object]


def figures(
    now: Snapshot, scope: Collection[str] | None = None, halted: Mapping[str, str] = MappingProxyType({})
) -> Figures:
    """`scope`: the bots that count; None for all there are.  `halted`: paused bots, and what they say."""
    rows = {slug: row for slug, row in now.bots.items() if scope is None or slug in scope}
    every = list(rows.values())
    waits = [row.longest for row in every if row.longest]
    session, since = min(waits, key=lambda wait: wait[1], default=("", now.at))
    oldest = min((row.oldest for row in every if row.oldest is not None), default=now.at)
    again = sum(row.requeued for row in every)
    return {
        "asOf": iso(now.at),
        "waiting": sum(row.queued for row in every) + again,
        "active": max(0, sum(row.active for row in every) - again),
        "longestWaitSeconds": seconds(now.at - since),
        "longestWaitSession": session or None,
        "awaitingReply": sum(row.unanswered for row in every),
        "failed": failed(every, now.at),
        "atRisk": at_risk(rows, now.workers),
        "undelivered": sum(row.undelivered for row in every),
        "oldestUndeliveredSeconds": seconds(now.at - oldest),
        "deadLetters": now.dead if scope is None else sum(row.dead for row in every),
        "workers": [worker(row, scope) for row in now.workers],
        "today": today(every, now.day),
        "paused": paused(rows, now.at),
        "handOversPaused": [
            {"bot": bot, "text": text} for bot, text in sorted(halted.items()) if scope is None or bot in scope
        ],
        "day": curve(rows, now),
    }


def iso(ms: float) -> str:
    return datetime.fromtimestamp(ms / SECOND, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds(ms: float) -> int:
    return max(0, int(ms // SECOND))


def failed(rows: Iterable[BotRow], at: int) -> Figures:
    """By whole minutes: the one that runs, and as many before it as make up the time."""
    minute, reasons = at // MINUTE, Counter[str]()
    found = {str(within): 0 for within in WITHIN}
    for row in rows:
        for (when, reason), n in row.failures.items():
            for within in WITHIN:
                if when > minute - within:
                    found[str(within)] += n
            if when > minute - WITHIN[-1]:
                reasons[reason] += n
    return {**found, "reasons": dict(reasons.most_common())}


def at_risk(rows: dict[str, BotRow], workers: Iterable[WorkerRow]) -> int:
    polled = sum(n for worker in workers for slug, n in worker.at_risk.items() if slug in rows)
    return polled + sum(row.unowned for row in rows.values())


def worker(row: WorkerRow, scope: Collection[str] | None) -> Figures:
    mine = row.owned if scope is None else sum(n for slug, n in row.sessions.items() if slug in scope)
    return {"name": row.name, "sessions": mine, "since": iso(row.since) if row.since else None}


def today(rows: Iterable[BotRow], day: str) -> Figures:
    sums: Counter[str] = Counter()
    for row in rows:
        sums.update(row.day)
    asked, accepted = sums["asked"], sums["accepted"]

    def took(name: str) -> Figures:
        return asdict(spread(sums, name, SECONDS, SECOND))

    def relayed(name: str) -> Figures:
        return asdict(spread(sums, name, MILLISECONDS, 1))

    return {
        "since": iso(begin_of(day)),
        "until": iso(end_of(day)),
        "asked": asked,
        "accepted": accepted,
        "abandoned": sums["abandoned"],
        "acceptanceRate": round(min(1.0, accepted / asked), 4) if asked else None,
        "waitSeconds": took("wait"),
        "firstResponseSeconds": took("firstResponse"),
        "handleSeconds": took("handle"),
        "ended": {name.partition(":")[2]: n for name, n in sums.most_common() if name.startswith("ended:")},
        "relayMs": {"toUser": relayed("to user"), "toAgent": relayed("to agent")},
        "waits": waits(sums),
    }


def waits(sums: Counter[str]) -> list[Figures]:
    """How long those waited who were accepted: `upTo` seconds, None for all that were longer."""
    found = dict(zip((*SECONDS, None), counts(sums, "wait", SECONDS), strict=True))
    bins: list[Figures] = []
    for low, high in zip((0, *BINS), (*BINS, None), strict=True):
        inside = (n for bound, n in found.items() if within(bound, low, high))
        bins.append({"upTo": high, "number": sum(inside)})
    return bins


def within(bound: int | None, low: int, high: int | None) -> bool:
    if bound is None:
        return high is None
    return low < bound and (high is None or bound <= high)


def curve(slugs: Iterable[str], now: Snapshot) -> list[Figures]:
    """Who waited and who talked over the day; nothing of the slots in which no worker lived to look."""
    begin, curves = begin_of(now.day), [now.curve.bots.get(slug, {}) for slug in slugs]

    def point(slot: int) -> Figures:
        waiting, active = (sum(each.get(slot, (0, 0))[place] for each in curves) for place in (0, 1))
        return {"at": iso(begin + slot * SLOT), "waiting": waiting, "active": active}

    return [point(slot) for slot in now.curve.slots]


def paused(rows: dict[str, BotRow], at: int) -> list[Figures]:
    """Shores that are spared now."""
    return [
        {"bot": slug, "lane": pause.lane, "until": iso(pause.until), "why": pause.why}
        for slug, row in sorted(rows.items())
        for pause in row.pauses
        if pause.until > at
    ]
