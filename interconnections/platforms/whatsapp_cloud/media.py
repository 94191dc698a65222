"""Texts and files, as the Cloud API takes and gives them (whatsapp-cloud-api.md sections 6 and 7).  Pure."""

from urllib.parse import urlsplit

from interconnections.errors import FileRefused
from interconnections.items import File, Item, Kind
from interconnections.lengths import cut
from interconnections.platforms.platform import PlatformFile
from interconnections.platforms.values import Json, text
from interconnections.platforms.whatsapp_cloud.client import Number
from interconnections.secret import Secret

LONGEST_CAPTION = 1024  # UTF-16 units, counted as for a text
LONGEST_NAME = 240  # characters of a file's name
# By MIME type; whatever is not here is a document, which every valid type may be.
KINDS = {
    "image/jpeg": "image",
    "image/png": "image",
    "video/mp4": "video",
    "video/3gpp": "video",
    "audio/aac": "audio",
    "audio/amr": "audio",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
    "audio/ogg": "audio",
}
META_HOSTS = frozenset({"graph.facebook.com", "lookaside.fbsbx.com"})  # nobody else is shown the token


def messages(item: Item) -> list[Json]:
    """What to send, and what instead where WhatsApp does not take the first for the file that it is."""
    if item.kind is not Kind.FILE or item.file is None:
        return [{"type": "text", "text": {"body": item.text, "preview_url": False}}]
    return [as_media(item.file, kind) for kind in kinds_for(item.file)]


def quoting(message: Json, id: str) -> Json:
    """The same as an answer to this message of the user; "" for to none."""
    return {**message, "context": {"message_id": id}} if id else message


def kinds_for(file: File) -> tuple[str, ...]:
    """As what it is sent, and as what again where WhatsApp does not like it: a document may be of any type and size.

    An audio has no caption: one that comes with words is a document.
    """
    kind = KINDS.get(file.mime.partition(";")[0].strip().lower(), "document")
    return ("document",) if kind == "document" or (kind == "audio" and file.caption) else (kind, "document")


def as_media(file: File, kind: str) -> Json:
    """The message's type, and the object under it: what was uploaded, or the link from which Meta gets it."""
    part: dict[str, object] = {"id": file.id} if file.id else {"link": file.url}
    if file.caption:
        part["caption"] = cut(file.caption, LONGEST_CAPTION)
    if kind == "document" and file.name:
        part["filename"] = file.name[-LONGEST_NAME:]
    return {"type": kind, kind: part}


def where_it_lies(answer: Json, number: Number) -> PlatformFile:
    """Raises FileRefused: for where the answer names no address, or one that is neither Meta's nor the API's own."""
    url = text(answer, "url")
    host = host_in(url)
    if not host or host not in META_HOSTS | {host_in(number.access.url)}:
        raise FileRefused("WhatsApp names no address of its own for this file")
    return PlatformFile(url, {"Authorization": Secret(f"Bearer {number.access.token.reveal()}")}, frozenset({host}))


def host_in(url: str) -> str:
    """With its port, where it names one; "" for no address."""
    try:
        parts = urlsplit(url)
        named = parts.hostname or ""
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("https", "http") or parts.username is not None:
        return ""
    named = f"[{named}]" if ":" in named else named
    return f"{named}:{port}" if named and port else named
