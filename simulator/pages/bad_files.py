"""/media/trouble/{what}: files as no honest platform serves them, for whoever fetches what users send."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable

from aiohttp import web

CHUNK = bytes(64 * 1024)
HUGE = 10 * 1024**3  # bytes that are promised
DRIP = 0.2  # s between two bytes
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
Trouble = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def _redirect(request: web.Request) -> web.StreamResponse:
    """302 to wherever `to` says; without it to itself, for ever."""
    raise web.HTTPFound(request.query.get("to") or request.path)


async def _endless(request: web.Request) -> web.StreamResponse:
    """A picture that never ends; no Content-Length."""
    return await _pour(request, "image/jpeg", CHUNK, 0)


async def _drip(request: web.Request) -> web.StreamResponse:
    """A byte now and then, without end."""
    return await _pour(request, "image/jpeg", b"\xff", DRIP)


async def _huge(request: web.Request) -> web.StreamResponse:
    """10 GB are promised, and they come."""
    return await _pour(request, "video/mp4", CHUNK, 0, HUGE)


async def _cut(request: web.Request) -> web.StreamResponse:
    """Breaks off before what it promised."""
    answer = web.StreamResponse(headers={"Content-Type": "image/png"})
    answer.content_length = 10_000
    answer.force_close()
    await answer.prepare(request)
    await answer.write(PNG)
    if request.transport is not None:
        request.transport.close()
    return answer


async def _silent(request: web.Request) -> web.StreamResponse:
    """Takes the request and says nothing, until whoever asked goes away."""
    await asyncio.sleep(3600)
    return web.Response()


async def _bomb(request: web.Request) -> web.StreamResponse:
    """64 MB of nothing in 64 kB of gzip."""
    body = await asyncio.to_thread(gzip.compress, bytes(64 * 1024 * 1024))
    return web.Response(body=body, headers={"Content-Type": "image/jpeg", "Content-Encoding": "gzip"})


async def _page(request: web.Request) -> web.StreamResponse:
    """A web page that says it is a picture."""
    return web.Response(body=b"<!doctype html><script>alert(1)</script>", content_type="image/jpeg")


async def _program(request: web.Request) -> web.StreamResponse:
    """A program that says it is a document."""
    return web.Response(body=b"MZ" + bytes(512), content_type="application/pdf")


async def _untyped(request: web.Request) -> web.StreamResponse:
    """A picture whose type nobody says."""
    return web.Response(body=PNG, content_type="application/octet-stream")


async def _empty(request: web.Request) -> web.StreamResponse:
    """Nothing."""
    return web.Response(content_type="image/png")


async def _status(request: web.Request) -> web.StreamResponse:
    """Answers `code`: 404 without it."""
    code = request.query.get("code", "404")
    return web.Response(status=int(code) if code.isdigit() and 200 <= int(code) <= 599 else 404, text="no file here")


async def _pour(
    request: web.Request, kind: str, chunk: bytes, pause: float, length: int | None = None
) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": kind})
    answer.content_length = length
    await answer.prepare(request)
    sent = 0
    while length is None or sent < length:
        try:
            await answer.write(chunk)
        except ConnectionError:
            break  # enough
        sent += len(chunk)
        await asyncio.sleep(pause)
    return answer


TROUBLES: dict[str, Trouble] = {
    "redirect": _redirect,
    "endless": _endless,
    "drip": _drip,
    "huge": _huge,
    "cut": _cut,
    "silent": _silent,
    "bomb": _bomb,
    "page": _page,
    "program": _program,
    "untyped": _untyped,
    "empty": _empty,
    "status": _status,
}


def add(app: web.Application) -> None:
    """Hang the doors; any ending may follow the name, as in /media/trouble/endless.jpg."""
    for name, trouble in TROUBLES.items():
        app.router.add_get(f"/media/trouble/{name}{{ending:(\\.[a-z0-9]+)?}}", trouble)
