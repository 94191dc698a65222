"""A stage whose processes know the toy, and the toy's own server, which refuses what its real one would."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from simulator.configuration import Row, route, whatsapp_bot
from simulator.stage import Stage
from tests.contract.toy import LIMIT

KEY, SECRET, TOY_BOT = "of-the-toy", "that-signs", "toy-bot"


class ToyServer:
    """What it was sent, in order; `failures`: statuses that it answers first."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.typing: list[dict[str, Any]] = []
        self.registered: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self.failures: list[int] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "ToyServer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, key: str, body: dict[str, Any]) -> int:
        if self.failures:
            return self.failures.pop(0)
        if key != KEY or len(body.get("text", "")) > LIMIT:
            self.refused.append(body)
            return 403 if key != KEY else 400
        places = {"/say": self.said, "/typing": self.typing, "/register": self.registered}
        if path not in places:
            return 404
        places[path].append(body)
        return 200

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._reply(404)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self._reply(server.answer(self.path, self.headers.get("X-Key", ""), body))

            def _reply(self, status: int) -> None:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words: object) -> None:
                pass

        return Handler


class ToyStage(Stage):
    """The stage's bot, and one whose users play with the toy."""

    def __init__(self, toy: ToyServer) -> None:
        environment = {
            "DJANGO_SETTINGS_MODULE": "tests.contract.settings",
            "PUBLIC_URL": "https://bridge.example.org",
        }
        super().__init__(workers=1, environment=environment)
        self.toy = toy

    def fixture(self) -> list[Row]:
        bot = whatsapp_bot(
            2, TOY_BOT, self.world.url, SECRET, platform="toy", api_url=self.toy.url, api_token=KEY,
            webhook_auth="signature", verify_token="agreed",
        )  # fmt: skip
        return [*super().fixture(), bot, route(2, 2)]


@pytest.fixture(scope="module")
def toy() -> Iterator[ToyServer]:
    with ToyServer() as toy:
        yield toy


@pytest.fixture(scope="module")
def stage(toy: ToyServer) -> Iterator[ToyStage]:
    with ToyStage(toy) as stage:
        stage.world.ask("PUT", "/rules", {"hold_seconds": 5})
        yield stage
