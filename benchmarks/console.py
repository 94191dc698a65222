"""What the supervisors' console costs: each page with many conversations there, and many who watch the board.

`python -m benchmarks.console [--conversations N]`; the last part of `make bench`.
"""

import argparse
import asyncio
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from datetime import UTC, datetime
from time import perf_counter

import requests
from redis import Redis
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.meter import Meter
from simulator.configuration import LOGIN
from simulator.processes import ROOT
from simulator.stage import Stage

TIMES = 20  # that each page is asked for
WATCHERS, CHANGES = 50, 50  # who look at the board; changes a second
HOME = "/admin/interconnections/"
CHATS = f"{HOME}interconnection/"
PAGES = {  # {session}: the newest conversation
    "board": f"{HOME}board/",
    "board, figures alone": f"{HOME}board/figures/",
    "list": CHATS,
    "list, its last page": f"{CHATS}?o=1",  # the first column is what chooses a row
    "list, counts beside filters": f"{CHATS}?_facets",
    "list, a name that many have": f"{CHATS}?q=ana",
    "conversation": f"{CHATS}{{session}}/change/",
    "conversation, asked why": f"{CHATS}{{session}}/note/",
    "dead letters": f"{HOME}deadletter/",
    "workers": f"{HOME}worker/",
}
ASKED_AGAIN = ("list", "conversation")  # by their own scripts, while nothing changed
MARK = "the-page-is-done"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

Row = dict[str, object]


class Console:
    """A supervisor's browser at a stage whose worker rests, so that only pages are at work."""

    def __init__(self, stage: Stage) -> None:
        assert stage.redis and stage.redis.process
        self.stage, self.redis = stage, Redis.from_url(stage.redis.url)
        pids = {"web": [stage.web.popen.pid], "redis": [stage.redis.process.pid]}
        self.meter = Meter(pids)
        self.http = requests.Session()
        where = f"{stage.url}/admin/login/"
        token = TOKEN.findall(self.http.get(where, timeout=60).text)[0]
        form = {"username": LOGIN[0], "password": LOGIN[1], "csrfmiddlewaretoken": token, "next": f"{HOME}board/"}
        assert self.http.post(where, form, timeout=60).url.endswith("board/")

    def page(self, path: str, tag: str = "") -> requests.Response:
        headers = {"If-None-Match": tag} if tag else {}
        answer = self.http.get(self.stage.url + path, headers=headers, timeout=60, allow_redirects=False)
        assert answer.status_code == (304 if tag else 200), (path, answer.status_code)
        return answer

    def tag(self, path: str) -> str:
        """As the page's own script asks first."""
        asked = {"If-None-Match": '"none"'}
        return self.http.get(self.stage.url + path, headers=asked, timeout=60).headers["ETag"]

    def cost(self, name: str, path: str, tag: str = "") -> Row:
        with self.commands() as asked:
            self.page(path, tag)
        self.meter.start()
        for _ in range(TIMES):
            self.page(path, tag)
        spent = self.meter.stop()
        each = {process: seconds * 1000 / TIMES for process, seconds in spent.cpu.items()}
        return {"page": name, "web ms": each["web"], "redis ms": each["redis"], "commands": len(asked)}

    @contextmanager
    def commands(self) -> Iterator[list[str]]:
        """Those that Redis is asked meanwhile, without what scripts do inside."""
        found: list[str] = []
        with Redis.from_url(str(self.stage.redis and self.stage.redis.url)).monitor() as monitor:
            yield found
            self.redis.execute_command("ECHO", MARK)
            while MARK not in (told := monitor.next_command())["command"]:
                if told["client_type"] != "lua":
                    found.append(told["command"])

    async def watched(self, name: str, change: Callable[[], object] | None, seconds: float) -> Row:
        """CPU while many look at the board."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies)
        address = f"{self.stage.url.replace('http', 'ws', 1)}/ws/board/"
        headers = {"Cookie": cookies, "Origin": self.stage.url}
        async with AsyncExitStack() as open_ones:
            sockets = [
                await open_ones.enter_async_context(connect(address, additional_headers=headers))
                for _ in range(WATCHERS)
            ]
            await asyncio.gather(*(socket.recv() for socket in sockets))
            hearing = [asyncio.create_task(_hear(socket)) for socket in sockets]
            self.meter.start()
            await _for_a_while(change, seconds)
            spent = self.meter.stop()
            for task in hearing:
                task.cancel()
            frames = sum(await asyncio.gather(*hearing))
        shares = {f"{process} %": cpu / spent.wall * 100 for process, cpu in spent.cpu.items()}
        return {"watched": name, "frames": frames, **shares}

    def something_changes(self) -> None:
        """As the script that opens a conversation counts it."""
        self.redis.hincrby(f"{{bridge}}:day:{datetime.now(UTC):%Y-%m-%d}:tienda", "asked", 1)


async def _hear(socket: ClientConnection) -> int:
    """How many frames came until it was enough."""
    frames = 0
    with suppress(asyncio.CancelledError):
        async for _ in socket:
            frames += 1
    return frames


async def _for_a_while(change: Callable[[], object] | None, seconds: float) -> None:
    ends = perf_counter() + seconds
    while perf_counter() < ends:
        if change:
            change()
        await asyncio.sleep(1 / CHANGES)


def measure(conversations: int, seconds: float, tell: Callable[[str], None]) -> list[Row]:
    with Stage(workers=1) as stage:
        assert stage.redis
        for worker in stage.workers:
            worker.stop()
        tell(f"the console: writing {conversations} conversations")
        seeding = [sys.executable, "-m", "tests.admin.seed_history", stage.redis.url, str(conversations)]
        session = subprocess.run(seeding, cwd=ROOT, env=stage.env, stdout=subprocess.PIPE, text=True, check=True)
        console, newest = Console(stage), session.stdout.split()[-1]
        rows = []
        for name, path in PAGES.items():
            tell(f"  {name}")
            rows.append(console.cost(name, path.format(session=newest)))
        for name in ASKED_AGAIN:
            path = PAGES[name].format(session=newest)
            rows.append(console.cost(f"{name}, nothing new", path, console.tag(path)))
        for name, change in (("nothing changes", None), (f"{CHANGES} changes a second", console.something_changes)):
            tell(f"  {WATCHERS} at the board, {name}")
            rows.append(asyncio.run(console.watched(f"{WATCHERS} at the board, {name}", change, seconds)))
        return rows


def table(rows: list[Row]) -> str:
    lines = [f"{'console':34} {'web, CPU ms':>12} {'Redis, CPU ms':>14} {'commands':>9}"]
    lines += [
        f"{row['page']:34} {row['web ms']:>12.1f} {row['redis ms']:>14.1f} {row['commands']:>9}"
        for row in rows
        if "page" in row
    ]
    lines.append(f"{'':34} {'web, CPU %':>12} {'Redis, CPU %':>14} {'frames':>9}")
    watched = (row for row in rows if "watched" in row)
    lines += [
        f"{row['watched']:34} {row['web %']:>12.1f} {row['redis %']:>14.1f} {row['frames']:>9}" for row in watched
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=__doc__)
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20.0, help="that the board is watched")
    asked = parser.parse_args()

    def tell(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    tell(table(measure(asked.conversations, asked.seconds, tell)))


if __name__ == "__main__":
    main()
