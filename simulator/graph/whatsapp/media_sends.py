"""The file of a send: uploaded before, or fetched by Meta; judged by its kind (WA §6, §7)."""

from __future__ import annotations

from ...protocol_options import Json
from ..accounts import Number
from ..call import Call
from ..fetching import NotFetched, fetch
from ..files import SIZES, File, fits
from ..refusal import GraphRefused
from .sends import Shown

FETCH_SECONDS = 10.0


async def attach(call: Call, number: Number, record: Json, shown: Shown) -> str | None:
    """The file becomes part of what is shown; why it cannot, or None."""
    assert shown.media is not None
    try:
        file = await _file(call, number, record["type"], shown.media)
    except NotFetched as trouble:
        return str(trouble)
    if why := fits(record["type"], file):
        return why
    if shown.voice and (file.family != "audio/ogg" or b"OpusHead" not in file.content[:512]):
        return "a voice message must be ogg with opus"
    record["media"] = describe(file, record["type"], record.pop("name", None) or file.name)
    record["voice"] = shown.voice
    return None


async def _file(call: Call, number: Number, kind: str, wanted: Json) -> File:
    if "id" in wanted:
        file = call.graph.files.get(wanted["id"])
        days = call.rules.cloud_media_days_inbound if file and file.inbound else call.rules.cloud_media_days_uploaded
        if file is None or file.account != number.id or not file.lives(days):
            raise GraphRefused(131009, f"Param {kind}['id'] is not a media id of this number")
        return file
    http = call.graph.courier.http
    mime, name, content = await fetch(http, wanted["link"], SIZES[kind], FETCH_SECONDS, links=call.rules.cloud_links)
    return call.graph.files.keep(number.id, mime, content, name)


def describe(file: File, kind: str, name: str) -> Json:
    """As the pages and judges see it."""
    words: Json = {"file": file.id, "url": f"sim/graph/files/{file.id}", "kind": kind, "name": name}
    return words | {"mimeType": file.mime, "size": len(file.content), "sha256": file.digest.hex()}
