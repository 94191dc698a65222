"""A file as multipart: the JSON part first, then the bytes (data sheet §6)."""

from __future__ import annotations

import json

from aiohttp import BodyPartReader, web

from ..protocol_options import Json
from .org import Org
from .refusal import Refused, bad_json

CHUNK = 256 * 1024


async def read(request: web.Request, org: Org) -> Json:
    """The fields of the JSON part, with the bytes as `VersionData`."""
    try:
        parts = await request.multipart()
        first, second = await parts.next(), None
        if not isinstance(first, BodyPartReader) or not _named(first.name or "", org):
            raise _wrong("The first part must be the JSON, and be named entity_content")
        if first.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            raise _wrong("The first part must be sent as application/json")
        body = json.loads(await first.text())
        second = await parts.next()
        if not isinstance(second, BodyPartReader) or second.name != "VersionData" or not second.filename:
            raise _wrong("The second part must be named VersionData and have a filename")
        content = bytearray()
        while chunk := await second.read_chunk(CHUNK):
            content += chunk
            if len(content) > org.rules.file_multipart_max_bytes:
                raise Refused(413, "REQUEST_ENTITY_TOO_LARGE", "The file is too large")
    except (ValueError, AssertionError) as wrong:
        raise bad_json(f"The body is not multipart with JSON in it: {wrong}") from None
    if not isinstance(body, dict):
        raise bad_json("The body is not a JSON object")
    return body | {"VersionData": bytes(content)}


def _named(name: str, org: Org) -> bool:
    return name == "entity_content" or (org.rules.multipart_entity == "any" and name.startswith("entity_"))


def _wrong(message: str) -> Refused:
    return Refused(400, "INVALID_MULTIPART_REQUEST", message)
