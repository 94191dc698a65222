"""Files at Meta: what users send, and what a business uploads (WA §6, FB §6)."""

from __future__ import annotations

import base64
import hashlib
import itertools
import secrets
import time
from dataclasses import dataclass, field

TYPES = {  # WA §6, of a send
    "image": ("image/jpeg", "image/png"),
    "audio": ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"),
    "video": ("video/mp4", "video/3gpp"),
    "sticker": ("image/webp",),
}
MEGABYTE = 1024 * 1024
SIZES = {"image": 5 * MEGABYTE, "audio": 16 * MEGABYTE, "video": 16 * MEGABYTE, "document": 100 * MEGABYTE}
SIZES["sticker"] = 500 * 1024
DAY = 86_400.0


@dataclass
class File:
    """One; `account` may send it."""

    id: str
    account: str
    mime: str
    content: bytes
    name: str = ""
    inbound: bool = False
    kind: str = ""  # Messenger: the type under which it was uploaded
    since: float = field(default_factory=time.time)
    hash: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    deleted: bool = False

    @property
    def digest(self) -> bytes:
        """SHA-256."""
        return hashlib.sha256(self.content).digest()

    @property
    def sha256_base64(self) -> str:
        """As webhooks write it."""
        return base64.b64encode(self.digest).decode()

    @property
    def family(self) -> str:
        """The type without its parameters."""
        return self.mime.partition(";")[0].strip().lower()

    def lives(self, days: float) -> bool:
        """Whether Meta still has it."""
        return not self.deleted and time.time() < self.since + days * DAY


def fits(kind: str, file: File) -> str | None:
    """Why a file cannot be sent as this kind on WhatsApp; None: it can."""
    if kind in TYPES and file.family not in TYPES[kind]:
        return f"{file.mime} is not of the kinds that can be sent as {kind}"
    if len(file.content) > SIZES[kind]:
        return f"the file has {len(file.content)} bytes, and {kind} may have {SIZES[kind]}"
    return None if file.content else "the file is empty"


class Files:
    """All files."""

    def __init__(self) -> None:
        self._files: dict[str, File] = {}
        self._ids = itertools.count(secrets.randbelow(10**6) * 10**9 + 10**15)

    def keep(
        self, account: str, mime: str, content: bytes, name: str = "", *, inbound: bool = False, kind: str = ""
    ) -> File:
        """A new file."""
        file = File(str(next(self._ids)), account, mime, content, name, inbound, kind)
        self._files[file.id] = file
        return file

    def get(self, id: str) -> File | None:
        """The file of this id."""
        return self._files.get(id)

    def clear(self) -> None:
        """Forget them."""
        self._files.clear()
