"""What was found, as a table for people and as JSON for programs.  Ratios are medians of each round's pair."""

import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict
from statistics import median

from benchmarks.people import SIDES
from benchmarks.run import Findings, Phase

Figure = Callable[[Phase], float | None]
WIDEST = 35  # characters of what a row says


def per_thousand(*processes: str) -> Figure:
    """CPU seconds per 1,000 messages, of these processes or of all."""

    def figure(phase: Phase) -> float | None:
        spent = [seconds for name, seconds in phase.cpu.items() if not processes or name in processes]
        return sum(spent) * 1000 / phase.messages if spent and phase.messages else None

    return figure


def percent(*processes: str) -> Figure:
    def figure(phase: Phase) -> float | None:
        spent = [seconds for name, seconds in phase.cpu.items() if not processes or name in processes]
        return sum(spent) / phase.wall * 100 if spent else None

    return figure


def latency(place: int) -> Figure:
    return lambda phase: phase.latency[place] if phase.latency else None


def answer(place: int) -> Figure:
    return lambda phase: phase.answer[place] if phase.answer else None


# (phase, what it says, figure)
ROWS: list[tuple[str, str, Figure]] = [
    ("agent to user", "CPU s/1000, worker", per_thousand("worker", "floor")),
    ("agent to user", "CPU s/1000, Redis", per_thousand("redis")),
    ("agent to user", "CPU s/1000, all", per_thousand()),
    ("agent to user", "told by the desk to POST, p50 ms", latency(0)),
    ("agent to user", "told by the desk to POST, p99 ms", latency(1)),
    ("user to agent", "CPU s/1000, worker", per_thousand("worker")),
    ("user to agent", "CPU s/1000, Redis", per_thousand("redis")),
    ("user to agent", "CPU s/1000, web (= ms a webhook)", per_thousand("web", "bare")),
    ("user to agent", "webhook answered, p50 ms", answer(0)),
    ("user to agent", "webhook answered, p99 ms", answer(1)),
    ("user to agent", "webhook's 200 to POST, p50 ms", latency(0)),
    ("user to agent", "webhook's 200 to POST, p99 ms", latency(1)),
    ("flood", "messages a second", lambda phase: phase.messages / phase.wall),
    ("flood", "told by the desk to POST, p50 ms", latency(0)),
    ("flood", "told by the desk to POST, p99 ms", latency(1)),
    ("flood", "told by the desk to POST, slowest ms", latency(2)),
    ("flood", "CPU s/1000, worker", per_thousand("worker", "floor")),
    ("flood", "CPU s/1000, Redis", per_thousand("redis")),
    ("idle", "CPU %, worker", percent("worker", "floor")),
    ("idle", "CPU %, web", percent("web")),
    ("idle", "CPU %, Redis", percent("redis")),
    ("idle", "empty polls or pings a second", lambda phase: phase.silences / phase.wall),
]


def figures(found: Findings) -> list[dict[str, object]]:
    """A row each: phase, figure, bridge, floor, ratio; None where there is nothing to compare."""
    rows: list[dict[str, object]] = []
    for name, what, figure in ROWS:
        ours, floors = ([figure(p) for p in found.phases if p.name == name and p.who == who] for who in SIDES)
        pairs = [one / other for one, other in zip(ours, floors, strict=False) if one and other]
        rows.append(
            {
                "phase": name,
                "figure": what,
                "bridge": middle(ours),
                "floor": middle(floors),
                "ratio": median(pairs) if pairs else None,
            }
        )
    grown = {name: (found.after[name] - found.before[name]) / found.weighed / 1024 for name in found.before}
    for what, process, other in (
        ("worker", "worker", "floor"),
        ("web", "web", ""),
        ("Redis, floor's too", "redis", ""),
    ):
        floor = grown.get(other)
        ratio = grown[process] / floor if floor else None
        rows.append(
            {
                "phase": "memory",
                "figure": f"RSS KB a session, {what}",
                "bridge": grown[process],
                "floor": floor,
                "ratio": ratio,
            }
        )
    return rows


def middle(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def table(desks: Mapping[str, list[dict[str, object]]]) -> str:
    """`desks`: rows by their desk's name; side by side."""
    blank = f"{'':14} {'':{WIDEST}}"
    lines = [
        (blank + "".join(f"  {desk:^29}" for desk in desks)).rstrip(),
        blank + "".join(f"  {'bridge':>10} {'floor':>10} {'ratio':>7}" for _ in desks),
    ]
    before = ""
    for rows in zip(*desks.values(), strict=True):
        if all(row["bridge"] is None for row in rows):
            continue
        phase = str(rows[0]["phase"])
        cells = [
            f"  {_short(row['bridge']):>10} {_short(row['floor']):>10} {_short(row['ratio']):>7}" for row in rows
        ]
        label = f"{phase if phase != before else '':14} {rows[0]['figure']:{WIDEST}}"
        lines.append((label + "".join(cells)).rstrip())
        before = phase
    return "\n".join(lines)


def _short(value: object) -> str:
    if not isinstance(value, int | float):
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def as_json(found: Mapping[str, Findings], console: list[dict[str, object]]) -> str:
    """`found`: by the desk's name in `benchmarks.desks`; `console`: its rows, none where it was not measured."""
    whole = {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "desks": {desk: {"figures": figures(one), **asdict(one)} for desk, one in found.items()},
        "console": console,
    }
    return json.dumps(whole, indent=1)
