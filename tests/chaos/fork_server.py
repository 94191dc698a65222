"""A process that has imported the whole product and forks one that runs it, as often as it is asked.

Most of what a start costs is imports, and the crash points start some hundred processes.  What is forked is a process
of its own in every respect: its own session, loop and connections, killed by its own number.

    python -m tests.chaos.fork_server FD     FD: its end of a socket pair, see `serve`
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

from simulator.processes import Process

LARGEST_WISH = 65_536  # bytes


class Forked:
    """What was forked, with the face of `simulator.processes.Process`; known by a descriptor, not by its number."""

    def __init__(self, name: str, pid: int, descriptor: int, log: Path) -> None:
        self.name, self.pid, self.log, self._descriptor = name, pid, log, descriptor

    def alive(self) -> bool:
        return not self._ends_within(0)

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, number)

    def stop(self, patience: float) -> None:
        """SIGTERM; SIGKILL when it does not listen."""
        self.signal(signal.SIGTERM)
        if not self._ends_within(patience):
            self.signal(signal.SIGKILL)
            self._ends_within(patience)

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]

    def _ends_within(self, seconds: float) -> bool:
        ended = select.poll()
        ended.register(self._descriptor, select.POLLIN)
        return bool(ended.poll(seconds * 1000))

    def __del__(self) -> None:
        os.close(self._descriptor)


class ForkServer:
    """Asks a fork server of its own.  `env`: of all that it forks; what differs is given with each."""

    def __init__(self, env: dict[str, str], log: Path) -> None:
        self._wishes, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        program = [sys.executable, "-m", "tests.chaos.fork_server", str(theirs.fileno())]
        self._server = Process("fork server", program, env, log, pass_fds=(theirs.fileno(),))
        theirs.close()

    def fork(self, kind: str, env: dict[str, str], log: Path, listener: socket.socket | None = None) -> Forked:
        """`kind`: web | worker; `env`: beside the server's; `listener`: where a web process answers.  Blocks."""
        with log.open("ab") as out:
            wish = json.dumps({"kind": kind, "env": env}).encode()
            socket.send_fds(self._wishes, [wish], [out.fileno(), *([listener.fileno()] if listener else [])])
        pid, descriptors, *_ = socket.recv_fds(self._wishes, LARGEST_WISH, 1)
        if not descriptors:
            raise RuntimeError(f"the fork server is gone:\n{self._server.tail()}")
        return Forked(kind, int(pid), descriptors[0], log)

    def close(self) -> None:
        self._wishes.close()
        self._server.stop()


def serve(wishes: socket.socket) -> None:
    """Until nobody wishes any more.

    A wish is {"kind", "env"}, with descriptors of the log and, for a web process, of its socket; the answer is the
    number of the process, with a descriptor of it.
    """
    from tests.chaos import crashing

    crashing.prepare()
    gc.freeze()
    while True:
        wish, descriptors, *_ = socket.recv_fds(wishes, LARGEST_WISH, 2)
        _bury()
        if not wish:
            return
        if pid := os.fork():
            socket.send_fds(wishes, [str(pid).encode()], [descriptor := os.pidfd_open(pid)])
            for given in (*descriptors, descriptor):
                os.close(given)
            continue
        wishes.close()
        _become(json.loads(wish), *descriptors)


def _bury() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _become(wish: dict[str, object], log: int, listener: int | None = None) -> None:
    """In the child; never returns."""
    from tests.chaos import crashing

    code = 1
    try:
        os.setsid()
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ |= wish["env"]  # type: ignore[arg-type]
        crashing.run(str(wish["kind"]), *(["--fd", str(listener)] if listener is not None else []))
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
