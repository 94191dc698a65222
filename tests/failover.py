"""Two real servers behind one address, as a managed Redis has it: a fail-over moves the address, not its name.

Connections that are open stay with the server that they were made to; new ones go to the other.
"""

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from simulator.processes import until
from simulator.redis_server import binary

BELOW_WHAT_THE_SYSTEM_GIVES = range(15_000, 32_000)
tries = itertools.count(os.getpid() * 37)  # processes that start one after the other begin far from each other


def free_port() -> int:
    """Of those that the system hands out to nobody who asks for any."""
    while True:
        port = BELOW_WHAT_THE_SYSTEM_GIVES[0] + next(tries) % len(BELOW_WHAT_THE_SYSTEM_GIVES)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Forwarder:
    """Takes TCP connections and carries each to what `target` was when it came."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.carried = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):  # closed: nobody is carried any more
            while True:
                near, _ = self.listener.accept()
                self.carried += 1
                try:
                    far = socket.create_connection(("127.0.0.1", self.target))
                except OSError:
                    near.close()
                    continue
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        self.listener.close()


class TwoServers:
    """`first` is the master, `second` its replica, and `url` leads to whichever is the master."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="bridge-failover-"))
        self.first, self.second = free_port(), free_port()
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self._start(self.first)
        self._start(self.second, "--replicaof", "127.0.0.1", str(self.first))
        until("the replica follows", lambda: self._says(self.second, "master_link_status") == "up", [])
        self.forwarder = Forwarder(self.first)
        self.url = f"redis://127.0.0.1:{self.forwarder.port}/0"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.forwarder.close()
        for process in self.processes:
            process.kill()
            process.wait(10)
        shutil.rmtree(self.directory, ignore_errors=True)

    def fail_over(self) -> None:
        """The second is the master and the address leads there; nobody's connection is closed."""
        self.demote()
        self.forwarder.target = self.second

    def demote(self) -> None:
        """The second is the master, but the address still leads to the first."""
        with redis.Redis(port=self.first) as first, redis.Redis(port=self.second) as second:
            first.wait(1, 5000)
            second.replicaof("NO", "ONE")
            first.replicaof("127.0.0.1", self.second)
        until("the old master follows", lambda: self._says(self.first, "master_link_status") == "up", [])

    def stop_first(self) -> None:
        self.processes[0].kill()
        self.processes[0].wait(10)

    def _start(self, port: int, *more: str) -> None:
        home = self.directory / str(port)
        home.mkdir()
        with (home / "server.log").open("ab") as out:
            self.processes.append(
                subprocess.Popen(
                    [binary(), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(home), "--save", "",
                     "--appendonly", "yes", "--repl-diskless-sync-delay", "0", *more],
                    stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                )
            )  # fmt: skip
        until("the server answers", lambda: self._says(port, "role") is not None, [])

    def _says(self, port: int, what: str) -> object:
        try:
            with redis.Redis(port=port) as server:
                return server.info("replication").get(what)
        except redis.RedisError:
            return None
