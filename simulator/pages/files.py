"""The pages themselves and what they are made of: the files of `static`, by name, and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

HERE = Path(__file__).parent / "static"
PAGES = {"/": "start.html", "/desk": "desk.html", "/phone": "phone.html", "/faults": "faults.html"}
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'",
}


async def part(request: web.Request) -> web.StreamResponse:
    """GET /pages/{name}."""
    return _file(request.match_info["name"])


def _page(name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def page(request: web.Request) -> web.StreamResponse:
        return _file(name)

    return page


def _file(name: str) -> web.Response:
    """Only a name that the folder has: a path is no name."""
    kind = KINDS.get(Path(name).suffix)
    if kind is None or name not in {path.name for path in HERE.iterdir()}:
        raise web.HTTPNotFound
    body = (HERE / name).read_bytes()
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=HEADERS)


def add(app: web.Application) -> None:
    """Hang the doors."""
    for path, name in PAGES.items():
        app.router.add_get(path, _page(name))
    app.router.add_get("/pages/{name}", part)
