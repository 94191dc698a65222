"""Identifiers that we make for Enhanced Chat: UUIDs of version 4 in small letters, or it takes none (section 4.1)."""

import hashlib
from uuid import UUID, uuid4


def conversation_id() -> str:
    return str(uuid4())


def message_id(session_id: str, number: str) -> str:
    """The same whenever this message is sent again."""
    return derived(session_id, number)


def derived(*parts: str) -> str:
    """Made from `parts` alone, and no other parts make it."""
    digest = hashlib.sha256("\0".join(part.replace("\\", "\\\\").replace("\0", "\\0") for part in parts).encode())
    return str(UUID(bytes=digest.digest()[:16], version=4))
