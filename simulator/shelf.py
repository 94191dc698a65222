"""What people send that is not text, in memory until it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from .protocol_options import Json

SHELF_BYTES = 64 * 1024 * 1024  # of all; the oldest make room


@dataclass(frozen=True)
class Medium:
    """One file."""

    id: str
    kind: str
    name: str
    mime_type: str
    content: bytes
    url: str

    def shown(self) -> Json:
        """As the pages see it."""
        words: Json = {"id": self.id, "kind": self.kind, "name": self.name, "mimeType": self.mime_type}
        return words | {"size": len(self.content), "url": self.url}


class Shelf:
    """All files, oldest first."""

    def __init__(self) -> None:
        self._media: dict[str, Medium] = {}

    def put(self, medium: Medium) -> None:
        """Keep it, and let old ones go when there is too much."""
        self._media[medium.id] = medium
        while sum(len(one.content) for one in self._media.values()) > SHELF_BYTES:
            del self._media[next(iter(self._media))]

    def get(self, id: str) -> Medium | None:
        """The file of this id."""
        return self._media.get(id)


SHELF: web.AppKey[Shelf] = web.AppKey("shelf", Shelf)
