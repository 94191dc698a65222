"""Programs of the stages, forked instead of started: each is ready a second of the processor's time sooner."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from simulator.processes import ROOT


def begin(command: list[str], *, cwd: Path, env: dict[str, str], stdout: Any, **more: Any) -> Any:
    """As `subprocess.Popen`, for programs in Python; any other is started."""
    if command[0] != sys.executable:
        return subprocess.Popen(command, cwd=cwd, env=env, stdout=stdout, **more)
    return _server().fork(command[1:], cwd, env, [stdout.fileno(), *more.get("pass_fds", ())])


class Forked:
    """What was forked, with the face of `subprocess.Popen`; known by a descriptor, not by its number."""

    def __init__(self, pid: int, descriptor: int, end: int) -> None:
        self.pid, self._descriptor, self._end = pid, descriptor, end
        self.returncode: int | None = None
        self._reading = threading.Lock()

    def poll(self) -> int | None:
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        if (code := self._ended(timeout)) is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has ended just now, and we were not told yet
                signal.pidfd_send_signal(self._descriptor, number)

    def _ended(self, seconds: float | None) -> int | None:
        ready = select.poll()
        ready.register(self._end, select.POLLIN)
        if self.returncode is None and ready.poll(None if seconds is None else seconds * 1000):
            with self._reading:
                if self.returncode is None:
                    self.returncode = int(os.read(self._end, 16) or -signal.SIGKILL)
        return self.returncode

    def __del__(self) -> None:
        os.close(self._descriptor)
        os.close(self._end)


class ForkServer:
    def __init__(self) -> None:
        self._wishes, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._asking = threading.Lock()
        program = [sys.executable, "-m", "tests.fork_server", str(theirs.fileno())]
        env = {
            name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH")
        }
        self._process = subprocess.Popen(
            program, cwd=ROOT, env=env | {"PYTHONUNBUFFERED": "1"}, stdin=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),), start_new_session=True,
        )  # fmt: skip
        theirs.close()

    def fork(self, words: list[str], cwd: Path, env: dict[str, str], descriptors: list[int]) -> Forked:
        """Its output goes to the first of the descriptors; the others have the same numbers there."""
        wish = {"words": words, "cwd": str(cwd), "env": env, "numbers": [1, 2, *descriptors[1:]]}
        with self._asking:
            socket.send_fds(self._wishes, [json.dumps(wish).encode()], [descriptors[0], *descriptors])
            pid, given, *_ = socket.recv_fds(self._wishes, 64, 2)
        if len(given) < 2:
            raise RuntimeError("the fork server is gone; what it printed stands above")
        return Forked(int(pid), *given)

    def close(self) -> None:
        self._wishes.close()
        self._process.wait(10)


@cache
def _server() -> ForkServer:
    """One for each process of the tests, from the first stage on."""
    server = ForkServer()
    atexit.register(server.close)
    return server
