"""How much a request may be, and how long its body may take: refused with a sentence before Django holds it.

Headers are read by the server before we see anything: their size and pace are the proxy's (docs/operations.md).
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

LARGEST_BODY = 3 * 1024 * 1024  # bytes
BODY_WITHIN = 30.0  # seconds from the head of a request to the end of its body
LONGEST_ADDRESS = 8 * 1024  # bytes of path and query
LARGEST_HEAD = 64 * 1024  # bytes of all headers
SWALLOWED, SWALLOWING = 64 * 1024 * 1024, 10.0  # bytes and seconds of a refused body, for its sender's sake

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

NO_SOCKET = "no WebSocket is answered here"
SENTENCES = {
    400: "the body did not come with the request: do not ask for an Upgrade",
    408: f"the body did not come within {BODY_WITHIN:.0f} seconds",
    413: "the body is larger than 3 MB",
    414: "the address is longer than 8 KB",
    431: "the headers are larger than 64 KB",
}


class Refused(Exception):
    """Raised where the application reads; `status` is what its sender is told."""

    def __init__(self, status: int) -> None:
        super().__init__(SENTENCES[status])
        self.status = status


async def limited(
    application: Application, scope: Message, receive: Receive, send: Send, answered: Callable[[], bool]
) -> None:
    """The application, with a `receive` that ends where a limit is passed."""
    headers = dict(scope["headers"])
    if status := _too_much(scope, headers):
        await _refuse(send, _nothing if status == 413 and b"expect" in headers else receive, status)
        return
    read, whole = 0, False
    deadline = asyncio.get_running_loop().time() + BODY_WITHIN

    async def bounded() -> Message:
        nonlocal read, whole
        if whole:
            return await receive()  # that its sender hung up, whenever that is
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise Refused(408) from None
        read += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if whole and b"upgrade" in headers and read < _declared(headers):
            raise Refused(400)  # the server stops reading at an Upgrade that it does not know, like Java's h2c
        if read > LARGEST_BODY:
            raise Refused(413)
        return message

    try:
        await application(scope, bounded, send)
    except Refused as refused:
        if not answered():
            await _refuse(send, receive if refused.status == 413 else _nothing, refused.status)


def _too_much(scope: Message, headers: dict[bytes, bytes]) -> int:
    """The status of what is known before the body; 0 when nothing is wrong."""
    if len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"]) > LONGEST_ADDRESS:
        return 414
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEAD:
        return 431
    return 413 if _declared(headers) > LARGEST_BODY else 0


def _declared(headers: dict[bytes, bytes]) -> int:
    """Bytes of the body that its sender spoke of; at least one where it comes in chunks."""
    if b"transfer-encoding" in headers:
        return 1
    length = headers.get(b"content-length", b"0")
    return int(length[:18]) if length.isdigit() else 0


def sentence(text: str) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The body of an error and its headers."""
    body = json.dumps({"ErrorDescription": text}).encode()
    return body, [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]


async def answer(send: Send, status: int, text: str) -> None:
    """A sentence, behind which the connection is closed: what follows on it was not read."""
    body, headers = sentence(text)
    headers = [*headers, (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _refuse(send: Send, receive: Receive, status: int) -> None:
    """Answers, and only then hangs up: who is cut off while still sending never sees the answer."""
    text, headers = sentence(SENTENCES[status])
    headers = [*headers, (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": True})
    swallowed, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(SWALLOWING):
            while more and swallowed < SWALLOWED:
                message = await receive()
                swallowed += len(message.get("body", b""))
                more = message.get("more_body", False)
    await send({"type": "http.response.body", "body": b""})


async def _nothing() -> Message:
    """Instead of a body that is not waited for: its sender waits for a word of ours, or was waited for enough."""
    return {"type": "http.disconnect"}
