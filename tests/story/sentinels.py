"""A master, a replica and a Sentinel that watches them: real servers on free ports of this machine."""

import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import redis

from simulator.processes import until
from simulator.redis_server import binary

SERVICE = "bridge"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sentinels:
    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="bridge-sentinels-"))
        self.first, self.second, self.watch = free_port(), free_port(), free_port()
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.master = self._server(self.first)
        self._server(self.second, "--replicaof", "127.0.0.1", str(self.first))
        until("the replica follows", self._follows, [])
        rules = self.directory / "sentinel.conf"
        rules.write_text(
            f"sentinel monitor {SERVICE} 127.0.0.1 {self.first} 1\n"
            f"sentinel down-after-milliseconds {SERVICE} 1000\n"
            f"sentinel failover-timeout {SERVICE} 5000\n"
        )
        self._start("sentinel", [binary(), str(rules), "--sentinel", "--port", str(self.watch)])
        until("Sentinel knows the replica", lambda: self._watched("num-slaves") == 1, [])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait(10)
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        return {"REDIS_SENTINELS": f"127.0.0.1:{self.watch}", "REDIS_SENTINEL_SERVICE": SERVICE, "REDIS_URL": ""}

    def fail(self) -> None:
        """The master dies with everything replicated; returns when the other one is the master."""
        with redis.Redis(port=self.first) as master:
            master.wait(1, 5000)
        self.master.send_signal(signal.SIGKILL)
        until("the replica is the master", lambda: self._watched("port") == self.second, [])

    def _server(self, port: int, *more: str) -> subprocess.Popen[bytes]:
        home = self.directory / str(port)
        home.mkdir()
        return self._start(
            str(port), [binary(), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(home), "--save", "",
                        "--appendonly", "yes", "--repl-diskless-sync-delay", "0", *more],
        )  # fmt: skip

    def _start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.directory / f"{name}.log").open("ab") as out:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        self.processes.append(process)
        return process

    def _follows(self) -> bool:
        try:
            with redis.Redis(port=self.second) as replica:
                return bool(replica.info("replication").get("master_link_status") == "up")
        except redis.RedisError:
            return False

    def _watched(self, what: str) -> Any:
        try:
            with redis.Redis(port=self.watch) as sentinel:
                return sentinel.sentinel_master(SERVICE)[what]
        except redis.RedisError:
            return None
