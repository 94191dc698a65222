"""The toy desk's own server: it refuses what a real one would, and its agents do as they are told."""

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.contract.toy_desk import ENDED, JOINED, LIMIT, SAID, WAIT

ORG = "00D0000000000TY"


@dataclass
class Chat:
    """`heard`: what the agent reads; `repeats`: numbers that came again; `queued`: agents asked for, times."""

    key: str
    name: str
    queued: int = 0
    heard: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)
    news: list[dict[str, Any]] = field(default_factory=list)
    over: bool = False


class DeskServer:
    """`lose`: how many answers about words get lost after they were heard."""

    def __init__(self) -> None:
        self.chats: dict[str, Chat] = {}
        self.lose = 0
        self._bell = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    # The agent

    def tell(self, id: str, kind: str, text: str = "") -> None:
        with self._bell:
            rows = self.chats[id].news
            rows.append({"n": len(rows) + 1, "kind": kind, "text": text})
            self._bell.notify_all()

    def accept(self, id: str) -> None:
        self.tell(id, JOINED, "Luz")

    def say(self, id: str, text: str) -> None:
        self.tell(id, SAID, text)

    def end(self, id: str) -> None:
        self.tell(id, ENDED)

    def until(self, what: Callable[[], object], seconds: float = 30) -> None:
        with self._bell:
            assert self._bell.wait_for(what, seconds), {id: chat.heard for id, chat in self.chats.items()}

    # Its wire

    def answer(self, method: str, path: str, key: str, body: dict[str, Any]) -> tuple[int, object] | None:
        """(status, JSON); None: the answer is lost."""
        parts = urlsplit(path)
        place, query = parts.path.strip("/").split("/"), parse_qs(parts.query)
        with self._bell:
            if (method, place) == ("POST", ["sessions"]):
                return self._opened(body)
            chat = self.chats.get(place[1]) if len(place) > 1 else None
            if chat is None or chat.over:
                return 404, {}
            if key != chat.key:
                return 401, {}
            found = self._of_chat(chat, method, place[2:], query, body)
            self._bell.notify_all()
            return found

    def _opened(self, body: dict[str, Any]) -> tuple[int, object]:
        if body.get("org") != ORG:
            return 403, {}
        id, key = str(uuid.uuid4()), uuid.uuid4().hex
        self.chats[id] = Chat(key, body["name"])
        return 200, {"id": id, "key": key}

    def _of_chat(
        self, chat: Chat, method: str, place: list[str], query: dict[str, list[str]], body: dict[str, Any]
    ) -> tuple[int, object] | None:
        match method, place:
            case "POST", ["queue"]:
                chat.queued += 1
            case "GET", ["news"]:
                after, wait = int(query["after"][0]), float(query["wait"][0])
                self._bell.wait_for(lambda: len(chat.news) > after or chat.over, min(wait, WAIT))
                return 200, {"news": chat.news[after:]}
            case "POST", ["words"]:
                if len(body["text"]) > LIMIT:
                    return 400, {}
                if body["number"] in chat.numbers:
                    chat.repeats.append(body["number"])
                    return 200, {}
                chat.numbers.append(body["number"])
                chat.heard.append(body["text"])
                if self.lose:
                    self.lose -= 1
                    return None
            case "DELETE", []:
                chat.over = True
            case _:
                return 404, {}
        return 200, {}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
                answer = server.answer(self.command, self.path, self.headers.get("X-Key", ""), body)
                if answer is None:
                    self.close_connection = True
                    return
                content = json.dumps(answer[1]).encode()
                try:
                    self.send_response(answer[0])
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except ConnectionError:  # who asked was killed
                    self.close_connection = True

            do_POST = do_DELETE = do_GET

            def log_message(self, *words: object) -> None:
                pass

        return Handler
