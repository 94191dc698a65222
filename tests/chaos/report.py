"""The table of a run: as Markdown for docs/reliability.md, as JSON for machines."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from tests.chaos.ledger import Verdict
from tests.chaos.points import Outcome

HEAD = (
    "scenario", "messages", "lost", "out of order", "seen twice", "again, no handle", "in doubt",
    "recognised repeats",
    "second polls", "kills (in flight)", "taken over: median, longest", "longest connect", "minutes",
)  # fmt: skip


def row(name: str, verdict: Verdict, seconds: float) -> list[str]:
    taken = sorted(verdict.take_over)
    return [
        name,
        f"{verdict.messages:,}",
        *(str(len(found)) for found in (verdict.lost, verdict.misplaced, verdict.duplicates)),
        *(str(len(found)) for found in (verdict.again, verdict.in_doubt)),
        str(verdict.recognised),
        str(verdict.double_polls),
        f"{verdict.kills} ({verdict.kills_in_flight})" if verdict.kills else "–",
        f"{verdict.median_take_over:.1f} s, {taken[-1]:.1f} s" if taken else "–",
        f"{verdict.longest_connect:.1f} s",
        f"{seconds / 60:.1f}",
    ]


def total(verdicts: Iterable[Verdict]) -> Verdict:
    """All of it as one."""
    whole = Verdict()
    for verdict in verdicts:
        for name, value in vars(verdict).items():
            if name == "longest_connect":
                whole.longest_connect = max(whole.longest_connect, value)
            elif name == "desks":
                whole.desks = sorted({*whole.desks, *value})
            else:
                setattr(whole, name, getattr(whole, name) + value)
    return whole


def markdown(rows: Iterable[list[str]], outcomes: list[Outcome]) -> str:
    rows = list(rows)
    head = [_line(HEAD), _line("---" if place == 0 else "--:" for place in range(len(HEAD)))] if rows else []
    lines = [*head, *map(_line, rows)]
    if outcomes:
        points = [outcome for outcome in outcomes if outcome.point]
        reached = [outcome for outcome in points if outcome.reached]
        again = sum(bool(outcome.verdict.again) for outcome in reached)
        doubt = sum(bool(outcome.verdict.in_doubt) for outcome in reached)
        lines += [
            *([""] if rows else []),
            f"Crash points: {len(points)} tried, {len(reached)} reached, "
            f"{sum(not outcome.sound for outcome in outcomes)} broke the promise; "
            f"at {again} the bot was told twice and at {doubt} a word was in doubt, as the list of what stays "
            "ambiguous says.",
        ]
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def as_json(verdicts: dict[str, Verdict], outcomes: list[Outcome], facts: dict[str, Any]) -> dict[str, Any]:
    return facts | {
        "sound": all(verdict.sound for verdict in verdicts.values()) and all(outcome.sound for outcome in outcomes),
        "scenarios": {name: asdict(verdict) | {"sound": verdict.sound} for name, verdict in verdicts.items()},
        "crash points": [
            {
                "point": str(outcome.point),
                "reached": outcome.reached,
                "sound": outcome.sound,
                **asdict(outcome.verdict),
            }
            for outcome in outcomes
            if outcome.point
        ],
    }
