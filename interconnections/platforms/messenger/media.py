"""Agents' files as Messenger takes them, by address or uploaded: as their MIME type allows (section 6).  Pure."""

from collections.abc import Iterator

from interconnections.items import File, Item
from interconnections.platforms.values import Json

LIMIT = 2_000  # characters of a text
IMAGES = frozenset({"image/jpeg", "image/png", "image/gif"})
VIDEOS = frozenset({"video/mp4"})
NO_SUCH_TYPE = "100/2018047"  # refused as what it was sent as: as a file it may be taken
# Of another type than it says, too large, or not to be got from where it lies: as a file it may be taken.
OTHERWISE = frozenset({NO_SUCH_TYPE, "100/2018109", "100/2018008", "100/2018294"})
UNFETCHED = OTHERWISE | {"100/2018074"}  # or uploaded and not there any more, as whatever it is sent


def attachment_type(mime: str) -> str:
    mime = mime.partition(";")[0].strip().lower()
    if mime in IMAGES:
        return "image"
    if mime in VIDEOS:
        return "video"
    return "audio" if mime.startswith("audio/") else "file"


def messages(item: Item) -> Iterator[Json]:
    """What says this item, the best first: a file as what it is, then as a file."""
    if not item.file or not (item.file.url or item.file.id):
        yield {"text": item.text}
        return
    kind = attachment_type(item.file.mime)
    if kind != "file":
        yield _attachment(kind, item.file)
    yield _attachment("file", item.file)


def to_keep(kind: str) -> Json:
    """What an upload says of its file."""
    return {"attachment": {"type": kind, "payload": {"is_reusable": True}}}


def _attachment(kind: str, file: File) -> Json:
    return {"attachment": {"type": kind, "payload": {"attachment_id": file.id} if file.id else {"url": file.url}}}
