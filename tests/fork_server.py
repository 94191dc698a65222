"""A process that has imported what others wrote, and forks one that becomes a program of ours, whenever it is asked.

Most of what a start costs is imports, and most of those are Django's, aiohttp's and their like.  What is forked has
read nothing of the bridge yet, nor its environment: it goes on as `python` does that was called with the same words.

    python -m tests.fork_server FD     FD: its end of a socket pair, see `serve`
"""

import fcntl
import gc
import json
import os
import runpy
import select
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module

# Such as ask for no settings when they are imported.
PACKAGES = (
    "aiohttp.web", "channels.db", "channels.layers", "channels_redis.pubsub", "cryptography.fernet",
    "cryptography.x509", "django.core.asgi", "django.core.management", "django.contrib.admin",
    "django.db.backends.sqlite3.base", "django.db.migrations", "django.forms", "django.views.generic",
    "django_redis.cache", "environ", "httptools", "psycopg_pool", "redis.asyncio", "regex", "servestatic.middleware",
    "structlog", "uvicorn.main", "uvicorn.lifespan.on", "uvicorn.protocols.http.httptools_impl", "yaml",
)  # fmt: skip
LARGEST_WISH = 200_000  # bytes
ABOVE = 500  # where descriptors wait that are to have lower numbers


def serve(wishes: socket.socket) -> tuple[dict[str, object], list[int]] | None:
    """In a child: its wish, and the descriptors that came with it.  In the server: None, when nobody wishes any more.

    A wish is {"words", "cwd", "env", "numbers"}, with one descriptor for each number; the answer is the number of the
    process, with a descriptor of it, and one from which its exit code can be read.
    """
    woken, waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker)
    ends: dict[int, int] = {}
    while True:
        if woken in select.select([wishes, woken], [], [])[0]:
            os.read(woken, 4096)
            bury(ends)
            continue
        wish, descriptors, *_ = socket.recv_fds(wishes, LARGEST_WISH, 16)
        if not wish:
            return None
        end, told = os.pipe()
        if pid := os.fork():
            ends[pid] = told
            socket.send_fds(wishes, [str(pid).encode()], [descriptor := os.pidfd_open(pid), end])
            for given in (*descriptors, descriptor, end):
                os.close(given)
            continue
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        wishes.close()
        for open_here in (woken, waker, end, told, *ends.values()):
            os.close(open_here)
        return json.loads(wish), list(descriptors)


def bury(ends: dict[int, int]) -> None:
    """Tell of all that ended how they did."""
    with suppress(ChildProcessError):
        while (dead := os.waitpid(-1, os.WNOHANG))[0]:
            told = ends.pop(dead[0])
            os.write(told, str(os.waitstatus_to_exitcode(dead[1])).encode())
            os.close(told)


def become(words: list[str], cwd: str, env: dict[str, str], numbers: list[int], descriptors: list[int]) -> None:
    """What `python` is with these words, in a session of its own; returns when the program does."""
    os.setsid()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    waiting = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, ABOVE) for descriptor in descriptors]
    for descriptor in descriptors:
        os.close(descriptor)
    for descriptor, number in zip(waiting, numbers, strict=True):
        os.dup2(descriptor, number)
        os.close(descriptor)
    del sys.modules["tests"]  # a package of this release, which may not be the program's
    sys.path[0] = cwd if words[0].startswith("-") else os.path.dirname(os.path.abspath(words[0]))
    if words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    elif words[0] == "-c":
        sys.argv = ["-c", *words[2:]]
        exec(compile(words[1], "<string>", "exec"), {"__name__": "__main__"})
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")


if __name__ == "__main__":
    for package in PACKAGES:
        import_module(package)
    gc.freeze()
    if forked := serve(socket.socket(fileno=int(sys.argv[1]))):
        become(**forked[0], descriptors=forked[1])  # type: ignore[arg-type]
