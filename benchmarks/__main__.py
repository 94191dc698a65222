"""`make bench`, or `python -m benchmarks`: says how far it is, prints a table, writes JSON."""

import argparse
import asyncio
import os
import resource
import signal
import time
from pathlib import Path

import uvloop

from benchmarks import console
from benchmarks.desks import DESKS, BenchedDesk
from benchmarks.report import as_json, figures, table
from benchmarks.run import Findings, Options, Run
from benchmarks.ways import Cloud, Way, Yalo

SPARE_FILES = 2500  # for all that is no poll
# What is measured: what the table calls it, the desk, and the way to users.
RUNS: dict[str, tuple[str, BenchedDesk, Way]] = {
    **{name: (desk.label, desk, Yalo()) for name, desk in DESKS.items()},
    "whatsapp_cloud": ("Live Agent, WhatsApp at Meta", DESKS["live_agent"], Cloud()),
}
QUICK = {"sessions": 200, "rate": 100.0, "seconds": 2.0, "rounds": 1, "conversations": 1000}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="What the bridge costs; see docs/performance.md."
    )
    parser.add_argument("--quick", action="store_true", help="a look, within two minutes; figures are rough")
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument(
        "--rate", type=float, help="messages a second, of all sessions together; else one of each in ten seconds"
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="of each phase")
    parser.add_argument("--rounds", type=int, default=2, help="how often bridge and floor take turns")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--tls", action="store_true", help="desk and platform behind TLS")
    parser.add_argument(
        "--alone",
        action="store_true",
        help="without the floor",
    )
    parser.add_argument(
        "--desk", action="append", choices=RUNS, help="this one alone; without it one after the other"
    )
    parser.add_argument("--conversations", type=int, default=10_000, help="there while the console is measured")
    parser.add_argument("--json", type=Path, default=Path("var/bench.json"), help="where the JSON goes")
    asked, chosen = argparse.Namespace(**QUICK), parser.parse_args()
    if chosen.quick:
        chosen = parser.parse_args(namespace=asked)
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

    began = time.monotonic()

    def tell(line: str) -> None:
        print(f"[{time.monotonic() - began:5.0f} s] {line}", flush=True)

    options = Options(
        chosen.sessions,
        chosen.rate or chosen.sessions / 10,
        chosen.seconds,
        chosen.rounds,
        chosen.workers,
        chosen.tls,
        apart=2 * chosen.sessions + SPARE_FILES > files,
        alone=chosen.alone,
    )
    found: dict[str, Findings] = {}
    for name in chosen.desk or RUNS:
        label, desk, way = RUNS[name]
        tell(label)
        try:
            found[name] = uvloop.run(until_stopped(Run(desk, way, options, tell)))
        except (KeyboardInterrupt, asyncio.CancelledError):
            raise SystemExit(130) from None
    pages = [] if chosen.desk else console.measure(chosen.conversations, chosen.seconds, tell)
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(as_json(found, pages))
    print(
        f"\n{options.sessions} sessions, {options.rate:g} messages a second, {options.workers} worker(s), "
        f"{os.cpu_count()} cores; CPU s/1000: seconds per 1,000 messages\n"
    )
    print(table({RUNS[name][0]: figures(one) for name, one in found.items()}) + "\n")
    for name, one in found.items():
        print(RUNS[name][0] + ": " + kept(one))
    if pages:
        print(f"\n{console.table(pages)}\n")
    print(f"JSON in {chosen.json}")


def kept(found: Findings) -> str:
    """What became of what was said."""
    phases = found.phases
    return (
        f"lost {sum(phase.lost for phase in phases)}, out of order {sum(phase.out_of_order for phase in phases)}, "
        f"repeated {sum(phase.repeated for phase in phases)}, wrong on the wire {found.wrongs or 0}, "
        f"connects {found.connects:.0f}/s"
    )


async def until_stopped(run: Run) -> Findings:
    """SIGTERM takes everything down in order, as Ctrl-C does."""
    playing = asyncio.ensure_future(run.play())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, playing.cancel)
    return await playing


if __name__ == "__main__":
    main()
