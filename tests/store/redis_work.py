"""`python -m tests.store.redis_work`: what a message costs Redis, in instructions, which no load moves.

The scripts alone, as a worker calls them for one conversation, against a server of its own under callgrind (Debian:
valgrind).  The first turns are taken off: what is left is one message's part.
"""

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import django
from redis.asyncio import Redis
from redis.exceptions import RedisError

from simulator.redis_server import binary
from tests import environment  # noqa: F401  settings, before Django looks for them

django.setup()

from interconnections.items import Change, Lane, Origin  # noqa: E402
from interconnections.store import lanes  # noqa: E402
from tests.store.conftest import Desk, text  # noqa: E402

FEW, MANY = 50, 250  # turns
Turn = Callable[[int], Awaitable[None]]


def main() -> None:
    if not shutil.which("valgrind"):
        raise SystemExit("There is no valgrind on the PATH, which counts the instructions.")
    for direction in ("user to agent", "agent to user"):
        few, many = (instructions(direction, turns) for turns in (FEW, MANY))
        sys.stdout.write(f"{direction}: {(many - few) // (MANY - FEW):,} instructions a message\n")


def instructions(direction: str, turns: int) -> int:
    """Of the server's whole life."""
    with tempfile.TemporaryDirectory(prefix="bridge-callgrind-") as directory:
        socket, log = Path(directory, "redis.sock"), Path(directory, "valgrind.log")
        with log.open("wb") as out:
            server = subprocess.Popen(
                ["valgrind", "--tool=callgrind", f"--callgrind-out-file={directory}/callgrind.out", binary(),
                 "--port", "0", "--unixsocket", str(socket), "--dir", directory, "--save", "", "--hz", "1"],
                stdout=subprocess.DEVNULL, stderr=out,
            )  # fmt: skip
            try:
                until_it_listens(socket)
                asyncio.run(talk(socket, direction, turns))
                server.wait(60)
            finally:
                server.kill()
        return int(re.findall(r"Collected : (\d+)", log.read_text())[-1])


def until_it_listens(socket: Path) -> None:
    deadline = time.monotonic() + 60
    while not socket.exists():
        if time.monotonic() > deadline:
            raise SystemExit("The server under valgrind does not listen.")
        time.sleep(0.05)


async def talk(socket: Path, direction: str, turns: int) -> None:
    async with Redis(unix_socket_path=str(socket), decode_responses=True) as redis:
        turn = await conversation(redis, direction)
        for number in range(turns):
            await turn(number)
        with suppress(RedisError):  # it hangs up, as it was told to
            await redis.shutdown(nosave=True)


async def conversation(redis: Redis, direction: str) -> Turn:
    desk = Desk(redis)
    hold = await desk.active()

    async def settle(lane: Lane, taken: lanes.Next | None) -> None:
        assert isinstance(taken, lanes.Taken)
        await lanes.take(redis, hold, lane, lanes.Settled(taken.number, "delivered"))

    async def user_says(number: int) -> None:
        await desk.hear(hold, f"word {number}", message=f"message {number}")
        await settle(Lane.SALESFORCE, await lanes.take(redis, hold, Lane.SALESFORCE))

    async def agent_says(number: int) -> None:
        said = Change(to_user=(text(f"word {number}", Origin.AGENT),))
        stored = await desk.news(hold, number or -1, number + 1, said, take=lanes.Terms())
        await settle(Lane.INTEGRATION, lanes.next_of(stored.head))

    return user_says if direction == "user to agent" else agent_says


if __name__ == "__main__":
    main()
