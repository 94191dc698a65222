"""A form with a file in it, as a body that is sent piece by piece: a file is never whole in memory."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import IO

PIECE = 256 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Part:
    """One field of the form; with `filename` a file."""

    name: str
    content_type: str
    content: bytes | IO[bytes]
    filename: str = ""

    def head(self) -> bytes:
        named = f'; filename="{_quoted(self.filename)}"' if self.filename else ""
        return (
            f'Content-Disposition: form-data; name="{_quoted(self.name)}"{named}\r\n'
            f"Content-Type: {self.content_type}\r\n\r\n"
        ).encode()


def _quoted(words: str) -> str:
    """As browsers write names: UTF-8, and what would end the name in percents."""
    return words.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


class Form:
    """A Stream (wire.py): from the beginning whenever it is iterated, as long as the parts' files are open."""

    def __init__(self, parts: Sequence[Part], boundary: str = "") -> None:
        self.boundary = boundary or secrets.token_hex(16)
        self.parts = parts
        self.size = sum(len(self._before(part)) + _size(part.content) + 2 for part in parts) + len(self._end)

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def _end(self) -> bytes:
        return f"--{self.boundary}--\r\n".encode()

    def _before(self, part: Part) -> bytes:
        return f"--{self.boundary}\r\n".encode() + part.head()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield self._before(part)
            if isinstance(part.content, bytes):
                yield part.content
            else:
                part.content.seek(0)
                while piece := await asyncio.to_thread(part.content.read, PIECE):  # the disk may be slow
                    yield piece
            yield b"\r\n"
        yield self._end


def _size(content: bytes | IO[bytes]) -> int:
    return len(content) if isinstance(content, bytes) else content.seek(0, 2)
