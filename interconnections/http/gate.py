"""The gate in front of Django: no body over 3 MB gets in, and one line a request goes to the log.

The line is ours because servers' own lines show the query, where platforms carry a token; paths of ours that
end in a user's id show the route instead.  A trailing slash is redirected, as the old service's router did.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

import structlog

LARGEST_BODY = 3 * 1024 * 1024  # bytes
SWALLOWED, SWALLOWING = 64 * 1024 * 1024, 10.0  # bytes and seconds of a refused body, for its sender's sake
TOO_LARGE = b'{"ErrorDescription": "the body is larger than 3 MB"}'

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

PERSONS = re.compile(r"^(/v1/(?:chat/finish|context)/).+", re.DOTALL)

log = structlog.get_logger("bridge.access")


class TooLarge(Exception):
    """The body went over the limit while it was read."""


class Gate:
    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        began, answered = time.perf_counter(), {"status": 0}

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered["status"] = message["status"]
            await send(message)

        try:
            if address := _without_slash(scope):
                await _move(noting, scope["method"], address)
            else:
                await self._limited(scope, receive, noting, answered)
        finally:
            log.info(
                "request",
                method=scope["method"],
                path=PERSONS.sub(r"\1…", scope["path"]),
                status=answered["status"],
                ms=round((time.perf_counter() - began) * 1000, 1),
            )

    async def _limited(self, scope: Message, receive: Receive, send: Send, answered: dict[str, int]) -> None:
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"0")
        if declared.isdigit() and (len(declared) > 18 or int(declared) > LARGEST_BODY):
            await _refuse(send, _nothing if b"expect" in headers else receive)
            return
        read = 0

        async def counting() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > LARGEST_BODY:
                raise TooLarge
            return message

        try:
            await self.application(scope, counting, send)
        except TooLarge:
            if not answered["status"]:
                await _refuse(send, receive)


def _without_slash(scope: Message) -> bytes:
    """The address meant by one of the API's with a slash too many; %2F at the end of a user's id is none."""
    raw: bytes = scope.get("raw_path") or b""
    if not raw.startswith(b"/v1/") or not raw.endswith(b"/"):
        return b""
    return raw.rstrip(b"/") + (b"?" + scope["query_string"] if scope["query_string"] else b"")


async def _move(send: Send, method: str, address: bytes) -> None:
    """301 for GET; 308 for the others, which keep method and body."""
    headers = [(b"location", address), (b"content-length", b"0")]
    await send(
        {"type": "http.response.start", "status": 301 if method in ("GET", "HEAD") else 308, "headers": headers}
    )
    await send({"type": "http.response.body", "body": b""})


async def _refuse(send: Send, receive: Receive) -> None:
    """Answers, and only then hangs up: who is cut off while still sending never sees the answer."""
    length = str(len(TOO_LARGE)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE, "more_body": True})
    swallowed, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(SWALLOWING):
            while more and swallowed < SWALLOWED:
                message = await receive()
                swallowed += len(message.get("body", b""))
                more = message.get("more_body", False)
    await send({"type": "http.response.body", "body": b""})


async def _nothing() -> Message:
    """Instead of a body whose sender waits for a word of ours before it sends one."""
    return {"type": "http.disconnect"}


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
