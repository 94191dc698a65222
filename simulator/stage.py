"""The whole product on this machine: a Redis, the web process, workers, and the simulated world around them.

Everything is a process of its own (`processes`), spoken to over HTTP (`callers`), configured by a fixture
(`configuration`); nothing of the product is imported.  The demo plays on this stage, and so do the story tests.
"""

import base64
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

from simulator import empty_database, leases
from simulator.clients import BotCaller, World
from simulator.configuration import BOT, BUTTON, LOGIN, Row, org, route, whatsapp_bot
from simulator.processes import ROOT, Process, StageTrouble, manage, until
from simulator.redis_server import RedisServer

__all__ = ["BOT", "BUTTON", "LOGIN", "ROOT", "BotCaller", "Process", "Stage", "StageTrouble", "World"]

SOCKETS, SOCKETS_AT = "interconnections.http.websocket_server:Sockets", "interconnections/http/websocket_server.py"


class Stage:
    """`with Stage() as stage:` brings everything up and takes everything down again."""

    release = ROOT  # where the code lies of which it starts web and workers
    keeps_records = False  # whether its org has a login, and so contacts and cases
    server_options = ("--no-access-log", "--no-proxy-headers")  # of the web process, as the README gives them

    def __init__(
        self, workers: int = 2, *, redis_url: str = "", debug: bool = False, environment: dict[str, str] | None = None
    ) -> None:
        """`redis_url`: a server that is there already; without it the stage brings its own.

        `environment`: settings of the product beside, or instead of, the stage's own.
        """
        self.directory = Path(tempfile.mkdtemp(prefix="bridge-stage-"))
        self.redis_url = redis_url
        self.redis = None if redis_url else RedisServer()
        self.wanted, self.debug, self.more = workers, debug, environment or {}
        self.processes: list[Process] = []
        self.workers: list[Process] = []
        self._place = socket.socket()
        self.webhook_secret = secrets.token_urlsafe(24)

    def __enter__(self) -> Self:
        try:
            if self.redis:
                self.redis.start()
            self._take_place()
            self.env = self.environment()
            self._start_world()
            self._prepare()
            self.start_web()
            self.introduce()
            for _ in range(self.wanted):
                self.start_worker()
            self.until_ready()
        except BaseException:
            self._down()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._down()

    # What differs from stage to stage

    def environment(self) -> dict[str, str]:
        """What the product's processes see; its secrets are minted here."""
        return {
            **{
                name: value
                for name, value in os.environ.items()
                if name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH")
            },
            "DJANGO_SETTINGS_MODULE": "bridgeproject.settings",
            "PYTHONUNBUFFERED": "1",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "DATABASE_URL": f"sqlite:///{self.directory / 'bridge.sqlite3'}",
            "REDIS_URL": self.redis.least_url if self.redis else self.redis_url,
            "LOG_LEVEL": "DEBUG" if self.debug else "INFO",
            **self.more,
        }

    def fixture(self) -> list[Row]:
        """The configuration, as an operator would load it."""
        url = self.world.url
        return [org(url), whatsapp_bot(1, BOT, url, self.webhook_secret), route(1, 1)]

    def introduce(self) -> None:
        """Tell the simulated world where the bridge is."""
        self.world.ask("PUT", "/platform", {"webhook": self.webhook})
        facts = {"console": f"{self.url}/admin/", "api": self.url, "login": list(LOGIN), "bot": BOT}
        self.world.ask("PUT", "/stage", facts)

    @cached_property
    def bot(self) -> BotCaller:
        """Logged in once: a password costs half a second of the processor's time each time it is looked at."""
        return BotCaller(self.url)

    @property
    def webhook(self) -> str:
        return self.webhook_of("whatsapp", BOT, self.webhook_secret)

    def webhook_of(self, provider: str, slug: str, secret: str) -> str:
        """`provider` is the wire's word: whatsapp | facebook."""
        return f"{self.url}/v1/integrations/{provider}/webhook?bot={slug}&token={secret}"

    def subscribe(self, slug: str, account: str, verify_token: str, **more: object) -> None:
        """Meta tells this bot's webhook of its number or page, once it has shaken hands."""
        until("web answers", self._answers, [self.web])
        callback = f"{self.url}/v1/bots/{slug}/webhook"
        wish = {"account": account, "callback": callback, "verify_token": verify_token, **more}
        self.world.ask("POST", "/graph/subscribe", wish)

    # Bringing it up

    def _start_world(self) -> None:
        process = self._spawn("simulator", ["-m", "simulator"])
        line = until("the simulator says where it is", lambda: _ready_line(process), [process])
        self.world = World(line["url"])

    def _prepare(self) -> None:
        fixture = self.directory / "demo.json"
        fixture.write_text(json.dumps(self.fixture(), indent=2))
        empty_database.lay_out(self.env, self.release)
        manage(self.env, ["loaddata", str(fixture), "--verbosity", "0"], cwd=self.release)

    def _take_place(self) -> None:
        """The web's address, ours as long as the stage stands: no port to be raced for.

        Nobody listens here: while no web process lives, callers are refused, as by a dead host.
        """
        self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._place.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._place.getsockname()[1]}"

    def start_web(self) -> Process:
        """A web process at the stage's address: the first, the next after a crash, or one more beside others."""
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            # uvicorn takes a descriptor for a Unix socket's and leaves Nagle on: 40 ms an answer.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            listener.bind(self._place.getsockname())
            fd = listener.fileno()
            program = ["-m", "uvicorn", "bridgeproject.asgi:application", "--fd", str(fd), *self.server_options]
            program += ["--ws", SOCKETS if (self.release / SOCKETS_AT).exists() else "none"]
            self.web = self._spawn("web", program, cwd=self.release, pass_fds=(fd,))
        return self.web

    def ensure_workers(self, count: int) -> None:
        """`count` live workers, and the web process knows of them."""
        while len(self.living()) < count:
            self.start_worker()
        self.until_ready()

    def start_worker(self) -> Process:
        worker = self._spawn("worker", ["manage.py", "runpollers"], cwd=self.release)
        self.workers.append(worker)
        return worker

    def living(self) -> list[Process]:
        return [worker for worker in self.workers if worker.alive()]

    def owned(self) -> dict[int, int]:
        """Conversations owned, by the worker's process id."""
        return leases.owned(self.url)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=5).status_code > 0
        except requests.RequestException:
            return False

    def until_ready(self, seconds: float = 60) -> None:
        """The web process started last serves, and every worker that lives holds a lease of its own.

        A number of workers would not do: those that were killed count until their leases end.
        """
        workers = self.living()

        def ready() -> bool:
            if "Uvicorn running" not in self.web.log.read_text(errors="replace"):
                return False  # another one may answer at the same address
            try:
                answer = requests.get(f"{self.url}/readyz", timeout=5).json()
                return answer["status"] == "ready" and {worker.popen.pid for worker in workers} <= set(self.owned())
            except (requests.RequestException, ValueError):
                return False

        until("web and workers are ready", ready, [self.web, *workers], seconds)

    def _spawn(self, name: str, arguments: list[str], **more: Any) -> Process:
        log = self.directory / f"{len(self.processes):02}-{name}.log"
        process = Process(name, [sys.executable, *arguments], more.pop("env", self.env), log, **more)
        self.processes.append(process)
        return process

    # Taking it down

    def _down(self) -> None:
        for process in self.processes:
            process.signal(signal.SIGTERM)
        for process in reversed(self.processes):
            process.stop()
        if self.redis:
            self.redis.stop()
        self._place.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def _ready_line(process: Process) -> Any:
    for line in process.log.read_text(errors="replace").splitlines():
        if line.startswith('{"ready"'):
            return json.loads(line)
    return None
