"""Files as a browser may have them: shown in place only if they are pictures, which it cannot be made to run."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote

from aiohttp import web

PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


def served(content: bytes, name: str) -> web.Response:
    """The bytes, under their name."""
    picture = PICTURES.get(PurePosixPath(name).suffix.lower())
    place = "inline" if picture else "attachment"
    headers = {
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=content, content_type=picture or "application/octet-stream", headers=headers)
