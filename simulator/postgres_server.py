"""A real PostgreSQL of one's own: for the demo and the tests, where its programs are installed.

It listens on a unix socket in a directory of its own and on no port.  PostgreSQL refuses to run as root, so that root
starts it as somebody else.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict

DEBIAN = Path("/usr/lib/postgresql")
QUICK = ("fsync=off", "full_page_writes=off")  # it need not outlive the machine


class NoPostgres(RuntimeError):
    """No PostgreSQL to be had here; the message says how to get one."""


class Who(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def programs() -> Path:
    """The directory of initdb and postgres; raises NoPostgres."""
    on_path = shutil.which("postgres")
    debian = sorted(DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for directory in [*([Path(on_path).resolve().parent] if on_path else []), *debian]:
        if (directory / "initdb").exists():
            return directory
    raise NoPostgres("There is no PostgreSQL here: apt-get install postgresql, or put its programs on the PATH.")


def somebody_else() -> Who:
    """How subprocess starts a program that root must not run."""
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise NoPostgres("PostgreSQL does not run as root, and there is no user postgres or nobody.")


class PostgresServer:
    """One server process.  `crash()` loses what it had not written; `start()` after it recovers the rest."""

    def __init__(self) -> None:
        self._programs, self._who = programs(), somebody_else()
        self.directory = Path(tempfile.mkdtemp(prefix="bridge-postgres-"))
        if self._who:
            os.chown(self.directory, self._who["user"], self._who["group"])
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://bridge@/postgres?host={self.directory}"

    def __enter__(self) -> Self:
        try:
            self._run("initdb", "--pgdata", "data", "--username", "bridge", "--auth", "trust", "--no-sync",
                      "--encoding", "UTF8", "--locale", "C.UTF-8")  # fmt: skip
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until it takes connections; raises NoPostgres with what it printed when it does not."""
        settings = [f"unix_socket_directories={self.directory}", "listen_addresses=", *QUICK]
        log = self.directory / "server.log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [self._programs / "postgres", "-D", "data", *(f"--{setting}" for setting in settings)],
                cwd=self.directory, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,  # Ctrl-C at the terminal is ours to handle, in order
                **self._who,
            )  # fmt: skip
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            ready = [str(self._programs / "pg_isready"), "-q", "-h", str(self.directory), "-d", "postgres"]
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise NoPostgres(f"PostgreSQL does not answer: {log.read_text(errors='replace')[-800:]}")

    def crash(self) -> None:
        """Every process of it ends at once, without a goodbye."""
        self._signal(signal.SIGQUIT)

    def stop(self) -> None:
        self._signal(signal.SIGINT)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments], cwd=self.directory, capture_output=True, text=True, check=False,
            **self._who,
        )  # fmt: skip
        if done.returncode:
            raise NoPostgres(f"{program} failed: {done.stderr[-800:]}")

    def _signal(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None
