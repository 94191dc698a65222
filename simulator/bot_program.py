"""A bot's own program, for the demo: it listens where the bridge passes on and tells, and believes what is signed.

`/webhook` takes what a platform told while no chat was open (front mode), `/chats` what became of chats (the state
webhook).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from .graph.accounts import APP_SECRET
from .protocol_options import Json


class BotProgram:
    """`forwarded`: bodies as they came; `events`: of chats, each once; both to be read at any time."""

    def __init__(self, log: Path) -> None:
        """`log`: a line for each thing that it took."""
        self.log = log
        self.secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        self.forwarded: list[Json] = []
        self.events: list[Json] = []
        self._seen: set[str] = set()
        self._webhook = Webhook(self.secret)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """The status of a POST."""
        match path:
            case "/webhook":
                return self._passed_on(headers, body)
            case "/chats":
                return self._told(headers, body)
        return 404

    def _passed_on(self, headers: dict[str, str], body: bytes) -> int:
        wanted = "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted, headers.get("X-Hub-Signature-256", "")):
            return 403
        self.forwarded.append(json.loads(body))
        self._note(f"passed on: {body.decode()}")
        return 200

    def _told(self, headers: dict[str, str], body: bytes) -> int:
        try:
            event = self._webhook.verify(body, headers)
        except WebhookVerificationError:
            return 401
        if (id := headers.get("webhook-id", "")) not in self._seen:
            self._seen.add(id)
            self.events.append(event)
            self._note(f"told of a chat: {event['type']} {event['data']['userId']} {event['data']['state']}")
        return 204

    def _note(self, line: str) -> None:
        with self.log.open("a") as log:
            log.write(line.rstrip() + "\n")

    def texts(self, user: str) -> list[str]:
        """What it read of this user on WhatsApp."""
        entries = [entry for body in self.forwarded for entry in body["entry"]]
        values = [change["value"] for entry in entries for change in entry["changes"]]
        said = [message for value in values for message in value.get("messages", ())]
        return [each["text"]["body"] for each in said if (each.get("from"), each.get("type")) == (user, "text")]

    def types(self, user: str) -> list[str]:
        """What became of this user's chats, in order."""
        return [event["type"] for event in self.events if event["data"]["userId"] == user]


def _handler(program: BotProgram) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(program.answer(self.path, dict(self.headers), body))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler
