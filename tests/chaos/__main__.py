"""`make chaos`: the long form of the proof.  Writes a table and JSON; exits 1 where the promise was broken.

make chaos                                        everything
make chaos ARGS="--only 'workers killed' --kills 30"
make chaos ARGS="--crash-points none --messages 50000 --slots 24"
make chaos ARGS="--only '' --crash-points 'take integration'"
"""

import argparse
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from tests.chaos import report
from tests.chaos.arena import DESKS, Arena
from tests.chaos.crashpoints import enumerate_all
from tests.chaos.crowd import Manner
from tests.chaos.ledger import Verdict
from tests.chaos.points import Outcome, Point
from tests.chaos.scenarios import SCENARIOS, Size, run


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--desk", action="append", choices=DESKS, help="this desk alone; without it both, side by side")
    add("--meta", action="store_true", help="every conversation with a bot that speaks to Meta itself")
    add("--messages", type=int, default=10_000, help="at least so many, over all scenarios (10000)")
    add("--kills", type=int, default=20, help="at least so many kill -9 with messages in flight, over all (20)")
    add("--slots", type=int, default=12, help="conversations at once (12)")
    add("--pace", type=float, default=4.0, help="words a second of each side of each conversation (4)")
    add("--full", type=float, default=120.0, help="seconds that a Redis stays full (120)")
    add("--seed", type=int, default=1, help="of everything that chance decides (1)")
    add("--only", action="append", choices=[*SCENARIOS, ""], help="this scenario; may be given again; '' for none")
    add("--crash-points", default="all", help="all, none, or words that their names have, e.g. 'ChatMessage'")
    add("--out", type=Path, default=Path("var/chaos"), help="where chaos.md and chaos.json go (var/chaos)")
    return parser.parse_args()


def sizes(chosen: argparse.Namespace, names: list[str]) -> dict[str, Size]:
    """Words by each scenario's share; blows so that all kills together are enough."""
    shares = sum(SCENARIOS[name].share for name in names)
    kills = sum(SCENARIOS[name].kills for name in names)
    blows = -(-chosen.kills // kills) if kills else 1
    manner = Manner(slots=chosen.slots, pace=chosen.pace, desks=tuple(chosen.desk or DESKS), meta=chosen.meta)
    return {
        name: Size(int(chosen.messages * SCENARIOS[name].share / shares) + 1, blows, chosen.full, manner)
        for name in names
    }  # fmt: skip


def main() -> int:
    chosen = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the stage is taken down as by Ctrl-C
    names = [name for name in (chosen.only if chosen.only is not None else SCENARIOS) if name]
    verdicts: dict[str, Verdict] = {}
    rows: list[list[str]] = []
    outcomes: list[Outcome] = []
    began = time.monotonic()
    try:
        with Arena(workers=2) as arena:
            for name, size in sizes(chosen, names).items():
                started = time.monotonic()
                print(f"{name}: {size.words} words, {size.blows} × its blows …", flush=True)
                verdict = verdicts[name] = run(arena, SCENARIOS[name], size, chosen.seed)
                rows.append(report.row(name, verdict, time.monotonic() - started))
                print("   " + _told(verdict), flush=True)
            if chosen.crash_points != "none":
                print("crash points …", flush=True)
                desks = chosen.desk or DESKS
                outcomes = enumerate_all(arena, lambda points: _wanted(points, chosen.crash_points), _say, desks)
                if not all(outcome.sound for outcome in outcomes):
                    print(f"   what the processes said: {arena.keep()}", flush=True)
    except KeyboardInterrupt:
        print("stopped; what follows is as far as it came")
    if verdicts:
        rows.append(report.row("together", report.total(verdicts.values()), time.monotonic() - began))
    table = report.markdown(rows, outcomes)
    facts = {
        "command": " ".join(sys.argv[1:]),
        "seed": chosen.seed,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
    result = report.as_json(verdicts, outcomes, facts)
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "chaos.md").write_text(table)
    (chosen.out / "chaos.json").write_text(json.dumps(result, indent=1, default=sorted) + "\n")
    print(f"\n{table}\nWritten to {chosen.out}/chaos.md and chaos.json.")
    print("The promise was kept." if result["sound"] else "THE PROMISE WAS BROKEN; see above.")
    return 0 if result["sound"] else 1


def _wanted(points: Iterable[Point], words: str) -> list[Point]:
    return [point for point in points if words == "all" or words in str(point)]


def _say(outcome: Outcome, played: int, total: int) -> None:
    if not outcome.sound:
        print(f"   {outcome.point}: {_told(outcome.verdict)}", flush=True)
    if played % 10 == 0 or played == total:
        print(f"   {played} of {total}", flush=True)


def _told(verdict: Verdict) -> str:
    if verdict.sound:
        return f"{verdict.messages} messages, all there, in order, once; {len(verdict.again)} again without a handle"
    dull = ("take_over", "in_flight", "again", "desks", "ways")
    wrong = {
        name: value[:10] for name, value in vars(verdict).items() if isinstance(value, list) and name not in dull
    }
    return f"BROKEN ({verdict.evidence}): { {name: value for name, value in wrong.items() if value} }"


if __name__ == "__main__":
    sys.exit(main())
