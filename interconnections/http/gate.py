"""The gate in front of Django: no body over 3 MB gets in, and one line a request goes to the log.

The line is ours because servers' own lines show the query, where platforms carry a token; paths of ours that
end in a user's id show the route instead.
"""

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

LARGEST_BODY = 3 * 1024 * 1024  # bytes
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
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and (len(declared) > 18 or int(declared) > LARGEST_BODY):
            await _refuse(send)
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
                await _refuse(send)


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
