"""The files of a conversation, of either side, and their URLs (EC §4.4), which need no token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from urllib.parse import quote

from .conversation import Conversation

PATH = "/attachments"


def keep(chat: Conversation, name: str, mime: str, content: bytes) -> int:
    """Keep a file; its place among the chat's files."""
    digest = hashlib.sha256(content).hexdigest()
    chat.files.append({"name": name, "content_type": mime, "size": len(content), "sha256": digest})
    chat.contents.append(content)
    chat.signatures.append((secrets.token_urlsafe(12), time.monotonic()))
    return len(chat.files) - 1


def url(chat: Conversation, number: int) -> str:
    """Where it lies, for as long as the switch says."""
    name, (signature, _) = quote(chat.files[number]["name"], safe=""), chat.signatures[number]
    return f"{chat.origin}{PATH}/{chat.id}/{number}/{name}?sig={signature}"


def fetchable(chat: Conversation, number: int, signature: str) -> bool:
    """Whether this URL is good, and still so."""
    right, since = chat.signatures[number]
    seconds = chat.rules.attachment_url_seconds
    good = hmac.compare_digest(right.encode(), signature.encode())
    return good and (seconds is None or time.monotonic() < since + seconds)
