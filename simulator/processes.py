"""Programs of the product as child processes, each in a session of its own, its output in a file."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, TypeVar

ROOT = Path(__file__).resolve().parent.parent
Found = TypeVar("Found")


class StageTrouble(RuntimeError):
    """Something did not come up; the message ends with what it printed."""


class Process:
    """A child in a session of its own, its output in a file."""

    begin: ClassVar[Callable[..., subprocess.Popen[bytes]]] = subprocess.Popen  # the tests fork instead

    def __init__(
        self, name: str, command: list[str], env: dict[str, str], log: Path, *, cwd: Path = ROOT, **more: Any
    ) -> None:
        self.name, self.log = name, log
        with log.open("ab") as out:
            self.popen = type(self).begin(
                command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                start_new_session=True, **more,
            )  # fmt: skip

    def alive(self) -> bool:
        return self.popen.poll() is None

    def signal(self, number: int) -> None:
        if self.alive():
            self.popen.send_signal(number)

    def kill(self) -> None:
        """As hard as a crash."""
        self.signal(signal.SIGKILL)
        self.popen.wait(10)

    def stop(self, patience: float = 35.0) -> int:
        """SIGTERM, and its exit code; SIGKILL when it does not listen."""
        self.signal(signal.SIGTERM)
        try:
            return self.popen.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            return self.popen.returncode

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


def until(what: str, done: Callable[[], Found], watched: list[Process], seconds: float = 120) -> Found:
    """Wait for something true; raises StageTrouble when it is late, or when a process that is needed has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := done():
            return found
        for process in watched:
            if not process.alive():
                raise StageTrouble(f"{process.name} ended before {what}:\n{process.tail()}")
        time.sleep(0.05)
    raise StageTrouble(f"{what}: not within {seconds} s\n" + "\n".join(p.tail() for p in watched))


ONE_AFTER_THE_OTHER = """
import json, sys
from django.core.management import execute_from_command_line
for command in json.loads(sys.argv[1]):
    execute_from_command_line(["manage.py", *command])
"""


def manage(env: dict[str, str], *commands: list[str], cwd: Path = ROOT) -> None:
    """`manage.py` with each command in turn, in one process: three that start for themselves take twice as long."""
    names = ", ".join(command[0] for command in commands)
    program = [sys.executable, "-c", ONE_AFTER_THE_OTHER, json.dumps(commands)]
    with tempfile.NamedTemporaryFile(prefix="bridge-manage-") as log:
        process = Process(f"manage.py ({names})", program, env, Path(log.name), cwd=cwd)
        try:
            until(f"{process.name} is done", lambda: not process.alive(), [])
        finally:
            process.kill()
        if process.popen.returncode:
            raise StageTrouble(f"{process.name} failed:\n{process.tail()}")
