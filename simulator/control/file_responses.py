"""Files as a browser may have them: in place only pictures and sound, which it cannot be made to run."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote

from aiohttp import web

HARMLESS = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".ogg": "audio/ogg",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".wav": "audio/wav",
}


def served(content: bytes, name: str) -> web.Response:
    """The bytes, under their name."""
    mime = HARMLESS.get(PurePosixPath(name).suffix.lower())
    place = "inline" if mime else "attachment"
    headers = {
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=content, content_type=mime or "application/octet-stream", headers=headers)
