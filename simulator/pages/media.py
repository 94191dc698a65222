"""What people send that is not text: uploaded here, kept in memory, and served to whoever has the address."""

from __future__ import annotations

import secrets
from urllib.parse import quote

from aiohttp import web

from ..control.request_parsing import Answer, Wrong, asked
from ..shelf import SHELF, Medium

MAX_BYTES = 5 * 1024 * 1024  # of one file
KINDS = ("image", "audio", "voice", "video", "document")
HARMLESS = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/", "video/")


async def upload(request: web.Request) -> Answer:
    """POST /sim/media?name=…[&kind=…], the file as the body, its Content-Type said: {"id", "url", "kind", …}."""
    asked(request, "name", "kind")
    mime_type = request.content_type.lower()
    kind = request.query.get("kind") or _kind(mime_type)
    if kind not in KINDS:
        raise Wrong(400, f"kind is one of {', '.join(KINDS)}.")
    family = {"image": "image/", "audio": "audio/", "voice": "audio/", "video": "video/"}.get(kind, "")
    if not mime_type.startswith(family):
        raise Wrong(415, f"{mime_type} is not of the kind {kind}.")
    content = await _body(request)
    if not content:
        raise Wrong(400, "The file is empty.")
    id, name = secrets.token_urlsafe(12), request.query.get("name", "")[:100] or kind
    url = f"{request.url.origin()}/media/{id}"
    medium = Medium(id, kind, name, mime_type, content, url)
    request.app[SHELF].put(medium)
    return medium.shown()


async def _body(request: web.Request) -> bytes:
    """All of it, but never more than is allowed."""
    too_large = Wrong(413, f"A file may have {MAX_BYTES // 1024 // 1024} MB.")
    if (request.content_length or 0) > MAX_BYTES:
        raise too_large
    content = bytearray()
    async for chunk in request.content.iter_chunked(65536):
        content += chunk
        if len(content) > MAX_BYTES:
            raise too_large
    return bytes(content)


def _kind(mime_type: str) -> str:
    family = mime_type.partition("/")[0]
    return family if family in ("image", "audio", "video") else "document"


async def serve(request: web.Request) -> web.StreamResponse:
    """GET /media/{id}.  Shown in place only if a browser cannot be made to run it."""
    medium = request.app[SHELF].get(request.match_info["id"])
    if medium is None:
        raise web.HTTPNotFound
    place = "inline" if medium.mime_type.startswith(HARMLESS) else "attachment"
    headers = {
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(medium.name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=3600",
    }
    return web.Response(body=medium.content, content_type=medium.mime_type, headers=headers)


ROUTES = [("POST", "/media", upload)]


def add(app: web.Application) -> None:
    """Hang the door of the files."""
    app.router.add_get("/media/{id}", serve)
