"""Agents' files as Messenger takes them: by their address, as what their MIME type allows (section 6).  Pure."""

from collections.abc import Iterator

from interconnections.items import Item
from interconnections.platforms.values import Json

LIMIT = 2_000  # characters of a text
IMAGES = frozenset({"image/jpeg", "image/png", "image/gif"})
VIDEOS = frozenset({"video/mp4"})
# Refused as what it was sent as: as a file it may be taken.
AS_A_FILE = frozenset({"100/2018047"})
# Too large, or not to be fetched by Messenger: the user gets the link.
AS_A_LINK = AS_A_FILE | {"100/2018109", "100/2018008", "100/2018294"}


def attachment_type(mime: str) -> str:
    mime = mime.partition(";")[0].strip().lower()
    if mime in IMAGES:
        return "image"
    if mime in VIDEOS:
        return "video"
    return "audio" if mime.startswith("audio/") else "file"


def messages(item: Item) -> Iterator[tuple[Json, frozenset[str]]]:
    """What says this item, the best first, each with the codes after which the next one is tried."""
    if item.file and item.file.url:
        kind = attachment_type(item.file.mime)
        if kind != "file":
            yield _attachment(kind, item.file.url), AS_A_LINK
        yield _attachment("file", item.file.url), AS_A_LINK
        words = item.text if item.text.strip() and len(item.text) <= LIMIT else item.file.url
        yield {"text": words}, frozenset()
    else:
        yield {"text": item.text}, frozenset()


def _attachment(kind: str, url: str) -> Json:
    return {"attachment": {"type": kind, "payload": {"url": url}}}
