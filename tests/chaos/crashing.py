"""Runs a process of the product to which something happens at its n-th call of a kind.

    CRASH_AT="take salesforce delivered#2 after"   of a worker
    CRASH_LOG=calls.txt                            it only writes down what it calls

in its environment; fork_server.py starts it.

It dies, as by SIGKILL, `before` or `after` the call; or the script's answer is `lost` with its connection, so that
redis-py sends it again; or Redis is `full` from here on, until somebody else raises its limit; or it is `frozen`, as
by SIGSTOP, before an exchange on the wire.  CRASH_REACHED is a file that is there once that has happened.

A call is a script of the store, an exchange on the wire (a stream's opening is one), or the fetching of a file.  The
product knows nothing of this: the functions through which all of them go are wrapped before anything else is
imported.  Leases and deadlines are short, so that a test need not wait for what a production would.
"""

import json
import os
import re
import signal
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LEASE, BEAT = 1000, 0.25  # ms, s
START_WITHIN, RESERVED_FOR = 6000, 3000  # ms

# Scripts that a worker runs by the clock: counted only where they took something, known after them.
BY_THE_CLOCK: dict[str, Callable[[Any], bool]] = {
    "heartbeat": lambda answer: bool(answer[4]),
    "take_over": bool,
    "mend": lambda answer: False,
    "purge": lambda answer: False,
}

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # of a conversation

calls: Counter[str] = Counter()
place = when = log = ""  # of this process: see `run`
losing: ContextVar[bool] = ContextVar("losing", default=False)  # this task is about to lose an answer


def reached() -> None:
    Path(os.environ["CRASH_REACHED"]).touch()


def die() -> None:
    reached()
    os.kill(os.getpid(), signal.SIGKILL)


def freeze() -> None:
    """Until somebody sends SIGCONT."""
    reached()
    os.kill(os.getpid(), signal.SIGSTOP)


def counted(name: str) -> str:
    """The call's place in this process' life."""
    calls[name] += 1
    if log:
        with open(log, "a") as file:
            file.write(f"{name}#{calls[name]}\n")
    return f"{name}#{calls[name]}"


def of_script(name: str, arguments: tuple[Any, ...]) -> str:
    """`take` by its lane and by what it settles: the looks of the sweep would else move all other numbers."""
    if name != "take":
        return name
    settled = json.loads(arguments[4])["outcome"] if arguments[4] else "looks"
    return f"take {arguments[3]} {settled}"


def of_exchange(method: str, url: str) -> str:
    """By the last word of its path that is no id."""
    words = [word for word in urlsplit(url).path.split("/") if word]
    if "SessionId" in words:
        return f"{method} SessionId"
    return f"{method} {next((word for word in reversed(words) if not ID.fullmatch(word)), '/')}"


def wrap_scripts() -> None:
    from interconnections.store import scripts

    really = scripts.run

    async def run(redis: Any, name: str, *arguments: Any) -> Any:
        if name in BY_THE_CLOCK:
            answer = await really(redis, name, *arguments)
            if BY_THE_CLOCK[name](answer) and counted(f"{name} that takes") == place:
                die()
            return answer
        here = counted(of_script(name, arguments))
        if here == place and when == "before":
            die()
        if here == place and when == "lost":
            losing.set(True)
        if here == place and when == "full":
            reached()  # first: a lane that is silenced meanwhile would leave a full Redis that nobody empties
            await redis.config_set("maxmemory", 1)
        answer = await really(redis, name, *arguments)
        if here == place and when == "after":
            die()
        return answer

    scripts.run = run


def wrap_answers() -> None:
    """Where redis-py reads what a command was answered; what is raised here it meets as on any broken connection."""
    from redis.asyncio import Redis
    from redis.exceptions import ConnectionError

    really = Redis.parse_response

    async def parse_response(self: Redis, connection: Any, command: Any, **options: Any) -> Any:
        answer = await really(self, connection, command, **options)
        if losing.get():
            losing.set(False)
            reached()
            raise ConnectionError("the answer was lost")
        return answer

    Redis.parse_response = parse_response


def wrap_wire() -> None:
    from interconnections.files.fetch import Fetcher
    from interconnections.http11.wire import FastWire
    from interconnections.wire import HttpWire

    for wire in (FastWire, HttpWire):
        for name in ("send", "open"):
            setattr(wire, name, exchange(getattr(wire, name), of_exchange))
    Fetcher.fetch = exchange(Fetcher.fetch, lambda *_: "GET file")  # type: ignore[method-assign]


def exchange(really: Callable[..., Any], name: Callable[..., str]) -> Callable[..., Any]:
    async def met(wire: Any, *asked: str, **more: Any) -> Any:
        here = counted(name(*asked))
        if here == place and when == "before":
            die()
        if here == place and when == "frozen":
            freeze()
        reply = await really(wire, *asked, **more)
        if here == place and when == "after":
            die()
        return reply

    return met


def hurry() -> None:
    from interconnections.store import starts
    from interconnections.worker.worker import Worker

    starts.START_WITHIN, starts.RESERVED_FOR = START_WITHIN, RESERVED_FOR
    defaults = Worker.__init__.__kwdefaults__
    assert set(defaults) >= {"lease", "beat"}
    defaults |= {"lease": LEASE, "beat": BEAT}


def prepare() -> None:
    """All that is the same whatever is to happen: what a fork server does once."""
    import django

    wrap_scripts()
    wrap_answers()
    wrap_wire()
    django.setup()
    hurry()
    for module in ("bridgeproject.asgi", "interconnections.management.commands.runpollers", "uvicorn.main"):
        import_module(module)


def run(kind: str, *arguments: str) -> None:
    """Be a web process or a worker, to its end."""
    global place, when, log
    place, _, when = os.environ.get("CRASH_AT", "").rpartition(" ")
    log = os.environ.get("CRASH_LOG", "")
    if kind == "worker":
        from django.core.management import execute_from_command_line

        execute_from_command_line(["manage.py", "runpollers", *arguments])
    else:
        from uvicorn.main import main as uvicorn

        uvicorn(["bridgeproject.asgi:application", "--no-access-log", *arguments])
