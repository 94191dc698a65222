"""`make demo`: the whole product on this machine; with `--once`, a conversation on each desk, played and checked.

The simulator's pages are the phone of the users and the desk of the agents: open its address in a browser.
Everything that happens can be followed in the console, and driven over HTTP (`/sim`) too.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import threading
from contextlib import nullcontext
from pathlib import Path

from simulator.demo_stage import CLOUD, MESSAGING, META_PAGE, PEOPLE, SeveralBots
from simulator.play import Play
from simulator.play_enhanced_chat import EnhancedChatPlay
from simulator.play_meta import CloudPlay, PagePlay
from simulator.postgres_server import NoPostgres, PostgresServer
from simulator.script_checks import PlayFailed
from simulator.stage import LOGIN, StageTrouble

HELP = """
The bridge is up.  Begin here:  {world}/

  Phone        {world}/phone     users on WhatsApp and Messenger, and the bots
  Desk         {world}/desk      the agent in Salesforce, for Live Agent and Enhanced Chat
  Faults       {world}/faults    what can go wrong
  Console      {url}/admin/      login {user} / {password}
  Bots' API    {url}/v1/…        the same login at /v1/authenticate
  Scripting    {world}/sim/…     docs/simulator.md
  Logs         {logs}

On the phone write something, then press "Ask for a human"; at the desk accept and answer.
{messaging}'s bot hands over to Enhanced Chat, all others to Live Agent; the bots of {cloud} and {page} speak to
Meta themselves. {cloud}'s is in front mode, {page}'s is told of its chats: what their program hears is in
{heard}
Nobody at hand to be the agent?  Switch on "An agent answers by himself" at the desk.

Calling it yourself?  These are the words of docs/bots.md:
{words}

Ctrl-C stops it all.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="play a conversation on each desk, check it, and leave")
    parser.add_argument("--postgres", action="store_true", help="configuration in a PostgreSQL, instead of SQLite")
    parser.add_argument("--workers", type=int, default=2, help="how many runpollers to start (2)")
    arguments = parser.parse_args()

    leave = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _leave(leave, arguments.once))
    redis_url = os.environ.get("REDIS_URL", "")
    print("Starting Redis, web, workers and the simulated world …", flush=True)
    try:
        with (
            PostgresServer() if arguments.postgres else nullcontext() as postgres,
            SeveralBots(arguments.workers, redis_url=redis_url, environment=sql(postgres)) as stage,
        ):
            try:
                return once(stage) if arguments.once else stay(stage, leave)
            except (PlayFailed, StageTrouble) as failure:
                print(f"\nFAILED: {failure}\nWhat the processes said: {keep_logs(stage)}", file=sys.stderr)
                return 1
    except KeyboardInterrupt:
        print("stopped")
        return 130
    except (StageTrouble, NoPostgres) as trouble:
        print(f"FAILED: {trouble}", file=sys.stderr)
        return 1


def sql(postgres: PostgresServer | None) -> dict[str, str]:
    return {"DATABASE_URL": postgres.url} if postgres else {}


def _leave(leave: threading.Event, at_once: bool) -> None:
    if at_once or leave.is_set():
        raise KeyboardInterrupt
    leave.set()


def stay(stage: SeveralBots, leave: threading.Event) -> int:
    """Until Ctrl-C; a process that dies meanwhile is told, the others go on."""
    words = "\n".join(f"  export {name}={value}" for name, value in stage.words().items())
    talks_to = {bot: name for _, name, bot in PEOPLE}
    places = {
        "messaging": talks_to[MESSAGING],
        "cloud": talks_to[CLOUD],
        "page": talks_to[META_PAGE],
        "url": stage.url,
        "world": stage.world.url,
        "logs": stage.directory,
        "heard": stage.program.log,
        "words": words,
    }
    print(HELP.format(user=LOGIN[0], password=LOGIN[1], **places), flush=True)
    missed: set[str] = set()
    while not leave.wait(1.0):
        for process in stage.processes:
            if not process.alive() and process.log.name not in missed:
                missed.add(process.log.name)
                print(f"{process.name} ended with {process.popen.returncode}; its log: {process.log}", flush=True)
    print("Stopping …", flush=True)
    return 0


def once(stage: SeveralBots) -> int:
    plays = [
        play(stage, say=lambda line: print(line, flush=True))
        for play in (Play, EnhancedChatPlay, CloudPlay, PagePlay)
    ]
    for play in plays:
        print(f"\n{play.desk}\n", flush=True)
        play.perform()
    print("\nEverything arrived, once and in order:")
    for play in plays:
        print(f"  {play.summary()}")
    return 0


def keep_logs(stage: SeveralBots) -> Path:
    """A failed play's logs, where the stage does not sweep them away."""
    kept = Path(tempfile.mkdtemp(prefix="bridge-logs-"))
    for log in stage.directory.glob("*.log"):
        shutil.copy(log, kept)
    return kept


if __name__ == "__main__":
    sys.exit(main())
