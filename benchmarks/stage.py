"""The product's real processes, and the floor's beside them, around the lean shores.

The stage of the demo with another world: its own Redis (AOF every second), web process and workers.
"""

import os
import socket

from benchmarks.desks import BenchedDesk
from benchmarks.fake_servers import Shores
from benchmarks.ways import Way
from simulator.configuration import Row
from simulator.processes import Process
from simulator.stage import Stage, World


class BenchStage(Stage):
    """Beside web and workers: `floor` (floor.py, stream_floor.py) and `bare` (bare_webhook.py), once started.

    `more`: settings of the product beside the stage's own.
    """

    def __init__(self, desk: BenchedDesk, way: Way, shores: Shores, workers: int, more: dict[str, str]) -> None:
        super().__init__(workers, environment=more)
        self.desk, self.way, self.shores = desk, way, shores
        self.floor: Process | None = None

    def _start_world(self) -> None:
        self.world = World(self.shores.url)

    def introduce(self) -> None:
        """The shores know the way: they sit in the process that started us."""

    def fixture(self) -> list[Row]:
        """The demo's, without limits on how much one user may get."""
        url = self.world.url
        return [*self.desk.rows(url), self.way.bot(url, self.webhook_secret)]

    def start_floor(self, sessions: int) -> None:
        """Where one is there already, for fewer sessions, it is stopped."""
        assert self.redis
        if self.floor:
            self.floor.stop()
        self.floor = self._spawn("floor", ["-m", self.desk.floor, self.shores.url, self.redis.url, str(sessions)])

    def stop_workers(self) -> None:
        """What they owned is left to nobody."""
        for worker in self.workers:
            worker.stop()
        self.workers.clear()

    def start_bare_webhook(self) -> None:
        assert self.redis
        env = self.env | {"BENCH_SECRET": self.webhook_secret}
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(2048)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the stage does for the web process
            self.bare_port = listener.getsockname()[1]
            descriptor = listener.fileno()
            command = ["-m", "benchmarks.bare_webhook", str(descriptor), self.redis.url]
            self.bare = self._spawn("bare webhook", command, env=env, pass_fds=(descriptor,))

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def webhook_path(self) -> bytes:
        return self.way.address(self.webhook_secret)

    def pids(self) -> dict[str, list[int]]:
        """By the name under which their cost is told."""
        assert self.redis and self.redis.process

        def of(*processes: Process) -> list[int]:
            return [process.popen.pid for process in processes]

        floor = {"floor": of(self.floor)} if self.floor else {}
        worker = {"worker": of(*self.workers)} if self.workers else {}
        return {
            **worker,
            "web": of(self.web),
            "redis": [self.redis.process.pid],
            **floor,
            "bare": of(self.bare),
            "bench": [os.getpid()],
        }
