"""What grows with the number of sessions, as a picture: `python -m benchmarks.plot bench-500.json ... growth.svg`.

Each JSON is one run of `make bench` with another number of sessions; a panel shows one figure, bridge and floor, over
that number (its axis doubles, not counts).  Plain SVG: it is small, and text in it can be read and found.
"""

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, LEFT, TOP, GAP = 300, 170, 46, 40, 30  # of a panel and around it
COLOURS = {"bridge": "#0b6e99", "floor": "#8a8f98"}  # read on light and on dark

# (phase, figure in the JSON, what the panel is called)
PANELS = [
    ("agent to user", "CPU s/1000, worker", "worker: CPU s for 1,000 messages to users"),
    ("user to agent", "CPU s/1000, worker", "worker: CPU s for 1,000 messages to agents"),
    ("agent to user", "CPU s/1000, Redis", "Redis: CPU s for 1,000 messages to users"),
    ("memory", "RSS KB a session, worker", "worker: KB for each session"),
]


@dataclass(frozen=True)
class Line:
    """`points`: (sessions, figure), by sessions."""

    who: str
    points: list[tuple[int, float]]


def lines(runs: Sequence[Any], desk: str, phase: str, figure: str) -> list[Line]:
    """`runs`: what `make bench` wrote; where a side has no such figure it has no line."""
    found = []
    for who in COLOURS:
        points = [
            (run["desks"][desk]["options"]["sessions"], row[who])
            for run in runs
            for row in run["desks"][desk]["figures"]
            if (row["phase"], row["figure"]) == (phase, figure) and row[who] is not None
        ]
        found += [Line(who, sorted(points))] if points else []
    return found


def panel(title: str, drawn: Sequence[Line]) -> list[str]:
    """Its own coordinates begin at its upper left corner."""
    sizes = sorted({size for line in drawn for size, _ in line.points})
    most = max(value for line in drawn for _, value in line.points) * 1.15 or 1.0
    low, high = math.log(sizes[0]), math.log(sizes[-1])

    def x(size: int) -> float:
        return LEFT + (WIDTH - LEFT) * ((math.log(size) - low) / (high - low) if high > low else 0.5)

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP) * (1 - value / most)

    marks = [f'<text x="{LEFT}" y="{TOP - 16}" font-weight="bold">{title}</text>']
    for share in (0, 0.5, 1):
        value = most * share / 1.15
        marks += [
            f'<path d="M{LEFT} {y(value):.1f}H{WIDTH}" stroke="#8a8f98" opacity="0.3"/>',
            f'<text x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:.3g}</text>',
        ]
    marks += [f'<text x="{x(size):.1f}" y="{HEIGHT + 16}" text-anchor="middle">{size:,}</text>' for size in sizes]
    for line in drawn:
        path = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in line.points)
        colour = COLOURS[line.who]
        marks.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        marks += [
            f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="3" fill="{colour}"/>' for size, value in line.points
        ]
        size, value = line.points[-1]
        marks.append(
            f'<text x="{x(size):.1f}" y="{y(value) - 8:.1f}" text-anchor="end" fill="{colour}">{line.who}</text>'
        )
    return marks


def picture(runs: Sequence[Any], desk: str) -> str:
    """All panels, two in a row."""
    cells = []
    for place, (phase, figure, title) in enumerate(PANELS):
        if drawn := lines(runs, desk, phase, figure):
            left, top = (place % 2) * (WIDTH + 2 * GAP), (place // 2) * (HEIGHT + 2 * GAP)
            cells += [f'<g transform="translate({left},{top})">', *panel(title, drawn), "</g>"]
    width, height = 2 * WIDTH + 3 * GAP, 2 * HEIGHT + 3 * GAP
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
            ' font-family="sans-serif" font-size="11" fill="#767b85">',
            "<title>What a message and a session cost, by the number of sessions</title>",
            *cells,
            "</svg>\n",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plot", description="Growth, as a picture.")
    parser.add_argument("--desk", default="live_agent")
    parser.add_argument("runs", nargs="+", type=Path, help="JSON of make bench, one for each number of sessions")
    parser.add_argument("picture", type=Path, help="SVG")
    chosen = parser.parse_args()
    chosen.picture.write_text(picture([json.loads(run.read_text()) for run in chosen.runs], chosen.desk))


if __name__ == "__main__":
    main()
