"""The whole product on this machine: a Redis, the web process, workers, and the simulated world around them.

Everything is a process of its own, spoken to over HTTP; this file imports nothing of the product.  The demo
plays on this stage, and so do the story tests.
"""

import base64
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

from simulator.redis_server import RedisServer

ROOT = Path(__file__).resolve().parent.parent
LOGIN = ("demo", "demo")  # of the console, on this machine only
BOT = "demo-bot"
BUTTON = "573000000000001"


class StageTrouble(RuntimeError):
    """Something did not come up; the message ends with what it printed."""


class Process:
    """A child in a session of its own, its output in a file."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], log: Path, **more: Any) -> None:
        self.name, self.log = name, log
        with log.open("ab") as out:
            self.popen = subprocess.Popen(
                command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
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


class World:
    """The simulator's scripting API."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = requests.Session()

    def ask(self, method: str, path: str, body: object = None, **query: object) -> Any:
        reply = self._http.request(
            method,
            f"{self.url}/sim{path}",
            json=body,
            params={k: str(v) for k, v in query.items()},
            timeout=120,
        )
        if reply.status_code >= 400:
            raise StageTrouble(f"{method} /sim{path} answered {reply.status_code}: {reply.text[:300]}")
        return reply.json()

    def say(self, user: str, text: str, **more: object) -> Any:
        return self.ask("POST", f"/users/{user}/say", {"text": text, **more})

    def user(self, user: str, **until: object) -> Any:
        return self.ask("GET", f"/users/{user}", **until)

    def chat(self, id: str, **until: object) -> Any:
        return self.ask("GET", f"/chats/{id}", **until)

    def act(self, id: str, verb: str, **body: object) -> Any:
        return self.ask("POST", f"/chats/{id}/{verb}", body)


class BotCaller:
    """A bot that calls the bridge's API as the old service was called."""

    def __init__(self, url: str) -> None:
        self.url = url
        reply = requests.post(f"{url}/v1/authenticate", json={"username": LOGIN[0], "password": LOGIN[1]}, timeout=30)
        if reply.status_code != 200:
            raise StageTrouble(f"/v1/authenticate answered {reply.status_code}: {reply.text[:300]}")
        self.headers = {"Authorization": f"Bearer {reply.json()['token']}"}

    def connect(self, user: str, name: str, **more: object) -> requests.Response:
        wish = {
            "userID": user, "name": name, "provider": "whatsapp", "botSlug": BOT, "botId": "525500009999",
            "email": "ana@example.org", **more,
        }  # fmt: skip
        return requests.post(f"{self.url}/v1/chats/connect", json=wish, headers=self.headers, timeout=120)

    def finish(self, user: str) -> requests.Response:
        return requests.delete(f"{self.url}/v1/chat/finish/{user}", headers=self.headers, timeout=30)


class Stage:
    """`with Stage() as stage:` brings everything up and takes everything down again."""

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
        self.webhook_secret = secrets.token_urlsafe(24)

    def __enter__(self) -> Self:
        try:
            if self.redis:
                self.redis.start()
            self.env = self._environment()
            self._start_world()
            self._prepare()
            self._start_web()
            for _ in range(self.wanted):
                self.start_worker()
            self.until_ready(self.wanted)
        except BaseException:
            self._down()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._down()

    def _environment(self) -> dict[str, str]:
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
            "REDIS_URL": self.redis.url if self.redis else self.redis_url,
            "LOG_LEVEL": "DEBUG" if self.debug else "INFO",
            **self.more,
        }

    # Bringing it up

    def _start_world(self) -> None:
        process = self._spawn("simulator", ["-m", "simulator"])
        line = self._until("the simulator says where it is", lambda: _ready_line(process), [process])
        self.world = World(line["url"])

    def _prepare(self) -> None:
        self._manage("migrate", "--verbosity", "0")
        fixture = self.directory / "demo.json"
        fixture.write_text(json.dumps(self.fixture(), indent=2))
        self._manage("loaddata", str(fixture), "--verbosity", "0")
        self._manage(
            "createsuperuser", "--noinput", "--username", LOGIN[0], "--email", "demo@example.org",
            env={"DJANGO_SUPERUSER_PASSWORD": LOGIN[1]},
        )  # fmt: skip

    def fixture(self) -> list[dict[str, object]]:
        """The configuration, as an operator would load it."""
        url = self.world.url
        return [
            {
                "model": "interconnections.salesforceorg",
                "pk": 1,
                "fields": {
                    "name": "Demo org",
                    "chat_url": url,
                    "organization_id": "00D000000000001",
                    "deployment_id": "572000000000001",
                },
            },
            {
                "model": "interconnections.bot",
                "pk": 1,
                "fields": {
                    "slug": BOT,
                    "bot_id": "525500009999",
                    "provider": "whatsapp",
                    "org": 1,
                    "platform": "yalo",
                    "api_url": url,
                    "api_token": "demo-token",
                    "phone": "+525500009999",
                    "webhook_secret": self.webhook_secret,
                    "state_api": "botrunner",
                    "state_url": url,
                    "state_token": "demo-state-token",
                    "state_delay": 0.2,
                },
            },
            {"model": "interconnections.route", "pk": 1, "fields": {"bot": 1, "button_id": BUTTON}},
        ]

    def _start_web(self) -> None:
        with socket.socket() as listener:  # ours until the child has it: no port to be raced for
            listener.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            self.web = self._spawn(
                "web",
                [
                    "-m",
                    "uvicorn",
                    "bridgeproject.asgi:application",
                    "--fd",
                    str(listener.fileno()),
                    "--no-access-log",
                ],
                pass_fds=(listener.fileno(),),
            )
        self.webhook = f"{self.url}/v1/integrations/whatsapp/webhook?bot={BOT}&token={self.webhook_secret}"
        self.world.ask("PUT", "/platform", {"webhook": self.webhook})
        facts = {"console": f"{self.url}/admin/", "api": self.url, "login": list(LOGIN), "bot": BOT}
        self.world.ask("PUT", "/stage", facts)

    def ensure_workers(self, count: int) -> None:
        """`count` live workers, and the web process knows of them."""
        while sum(worker.alive() for worker in self.workers) < count:
            self.start_worker()
        self.until_ready(count)

    def start_worker(self) -> Process:
        worker = self._spawn("worker", ["manage.py", "runpollers"])
        self.workers.append(worker)
        return worker

    def until_ready(self, workers: int) -> None:
        def ready() -> bool:
            try:
                answer = requests.get(f"{self.url}/readyz", timeout=5).json()
            except (requests.RequestException, ValueError):
                return False
            return bool(answer["status"] == "ready" and answer["workers"] >= workers)

        self._until("web and workers are ready", ready, [self.web, *self.workers[-workers:]])

    def _until(self, what: str, done: Any, watched: list[Process], seconds: float = 60) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := done():
                return found
            for process in watched:
                if not process.alive():
                    raise StageTrouble(f"{process.name} ended before {what}:\n{process.tail()}")
            time.sleep(0.05)
        raise StageTrouble(f"{what}: not within {seconds} s\n" + "\n".join(p.tail() for p in watched))

    def _spawn(self, name: str, arguments: list[str], **more: Any) -> Process:
        log = self.directory / f"{len(self.processes):02}-{name}.log"
        process = Process(name, [sys.executable, *arguments], self.env, log, **more)
        self.processes.append(process)
        return process

    def _manage(self, *arguments: str, env: dict[str, str] | None = None) -> None:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.env | (env or {}),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        if done.returncode:
            raise StageTrouble(f"manage.py {arguments[0]} failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")

    # Taking it down

    def _down(self) -> None:
        for process in self.processes:
            process.signal(signal.SIGTERM)
        for process in reversed(self.processes):
            process.stop()
        if self.redis:
            self.redis.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


def _ready_line(process: Process) -> Any:
    for line in process.log.read_text(errors="replace").splitlines():
        if line.startswith('{"ready"'):
            return json.loads(line)
    return None
