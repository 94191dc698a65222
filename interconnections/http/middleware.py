"""The gate in front of Django: what is too large, too slow or no request gets no further; one log line a request, but
for a webhook that was kept.

The line is ours because servers' own lines show what was asked, where platforms carry a token and bots a user's
number: it names the route.  A trailing slash is redirected, as the old service's router did.
"""

import logging
import time
from collections.abc import Mapping

import structlog

from interconnections import collector
from interconnections.http.limits import NO_SOCKET, Application, Message, Receive, Send, answer, limited, sentence
from interconnections.http.routes import PROBES, route_of
from interconnections.traces import marks

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

# A webhook that was kept is counted and stands in its talk; a line for each would cost as much as keeping it.
ACCESS = logging.getLogger("bridge.access")
log = structlog.get_logger("bridge.access")


class Gate:
    def __init__(self, application: Application, sockets: Mapping[str, Application] | None = None) -> None:
        """`sockets`: by their path; no other WebSocket is answered."""
        self.application, self.sockets = application, sockets or {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        marks.came()
        began, answered = time.perf_counter(), {"status": 0}

        async def noting(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                answered["status"] = message["status"]
            elif message["type"] == "websocket.accept":
                answered["status"] = 101
            await send(message)

        try:
            if scope["type"] == "websocket":
                await self.sockets.get(scope["path"], _no_socket)(scope, receive, noting)
            elif _is_upgrade(scope):
                await answer(noting, 404, NO_SOCKET)
            elif address := _without_slash(scope):
                await _move(noting, scope["method"], address)
            else:
                await limited(self.application, scope, receive, noting, lambda: bool(answered["status"]))
        finally:
            if answered["status"] != 200 or not _is_webhook(scope) or ACCESS.isEnabledFor(logging.DEBUG):
                _note(scope, answered["status"], time.perf_counter() - began)


def _note(scope: Message, status: int, seconds: float) -> None:
    method = scope.get("method", "WEBSOCKET")
    log.info(
        "request",
        method=method if method in (*METHODS, "WEBSOCKET") else "other",
        route=route_of(scope),
        status=status,
        ms=round(seconds * 1000, 1),
    )


def _is_webhook(scope: Message) -> bool:
    path: str = scope["path"]
    return scope["type"] == "http" and scope["method"] == "POST" and path.endswith("/webhook")


def _without_slash(scope: Message) -> bytes:
    """The address meant by one of the API's with a slash too many; %2F at the end of a user's id is none."""
    raw: bytes = scope.get("raw_path") or b""
    ours = raw.startswith(b"/v1/") or raw.strip(b"/").decode("latin-1") in PROBES
    if not ours or not raw.endswith(b"/") or raw.startswith(b"//"):
        return b""
    return raw.rstrip(b"/") + (b"?" + scope["query_string"] if scope["query_string"] else b"")


async def _move(send: Send, method: str, address: bytes) -> None:
    """301 for GET; 308 for the others, which keep method and body."""
    headers = [(b"location", address), (b"content-length", b"0")]
    await send(
        {"type": "http.response.start", "status": 301 if method in ("GET", "HEAD") else 308, "headers": headers}
    )
    await send({"type": "http.response.body", "body": b""})


def _is_upgrade(scope: Message) -> bool:
    """A server without WebSockets (uvicorn --ws none) passes the request on as it is."""
    return any(name == b"upgrade" and value.strip().lower() == b"websocket" for name, value in scope["headers"])


async def _no_socket(scope: Message, receive: Receive, send: Send) -> None:
    """A sentence instead of an upgrade, from a server that can say one; else its own refusal."""
    await receive()  # websocket.connect
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1000})
        return
    text, headers = sentence(NO_SOCKET)
    await send({"type": "websocket.http.response.start", "status": 404, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": text})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            marks.open_traces("web")
            collector.settle()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
