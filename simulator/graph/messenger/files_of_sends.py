"""The file of a send on Messenger: in the body, uploaded before, or fetched by Meta (FB §6)."""

from __future__ import annotations

from ...protocol_options import Json
from ..call import Call
from ..fetching import NotFetched, TooLarge, fetch
from ..files import MEGABYTE, File
from ..refusal import GraphRefused
from ..whatsapp.media_sends import describe

UPLOAD, IMAGE_BY_URL = 25 * MEGABYTE, 8 * MEGABYTE
FETCH_SECONDS = {"video": 75.0}
FORMATS = {
    "image": ("image/jpeg", "image/png", "image/gif"),
    "audio": ("audio/",),
    "video": ("video/mp4",),
    "file": ("",),
}
DAYS = 90.0


async def file_of(call: Call, wanted: Json) -> File:
    """The file, judged."""
    kind = wanted["type"]
    if "attachment_id" in wanted:
        file = call.graph.files.get(wanted["attachment_id"])
        if file is None or file.account != call.node or not file.lives(DAYS):
            raise GraphRefused(100, "Invalid attachment id", subcode=2018074)
        return file
    if "url" in wanted:
        file = await _fetched(call, kind, wanted["url"])
    else:
        assert call.file is not None
        file = call.graph.files.keep(call.node, call.file.mime, call.file.content, call.file.name, kind=kind)
    if len(file.content) > UPLOAD:
        raise GraphRefused(100, "Attachment size exceeds allowable limit.", subcode=2018109)
    if not file.content or not file.family.startswith(FORMATS[kind]):
        raise GraphRefused(100, "Upload attachment failure: the type does not match.", subcode=2018047)
    return file


async def _fetched(call: Call, kind: str, url: str) -> File:
    most = IMAGE_BY_URL if kind == "image" else UPLOAD
    seconds, links = FETCH_SECONDS.get(kind, 10.0), call.rules.cloud_links
    try:
        mime, name, content = await fetch(call.graph.courier.http, url, most, seconds, links=links)
    except TooLarge as trouble:
        raise GraphRefused(100, "Attachment size exceeds allowable limit.", subcode=2018109) from trouble
    except NotFetched as trouble:
        raise GraphRefused(100, f"Failed to fetch the file from the url: {trouble}", subcode=2018008) from trouble
    return call.graph.files.keep(call.node, mime, content, name, kind=kind)


def shown(file: File, kind: str) -> Json:
    """As the phone shows it."""
    return describe(file, "document" if kind == "file" else kind, file.name)
