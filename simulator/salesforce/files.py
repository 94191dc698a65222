"""Files: a version with its bytes, the document that it is of, and links to records (data sheet §6)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from .. import ids
from ..protocol_options import Json
from .record_ids import PREFIXES
from .refusal import Refused, bad_json

if TYPE_CHECKING:
    from .org import Org


def arrive(org: Org, row: Json) -> None:
    """A version: its content is weighed, its document is made, and a first link if one was asked for."""
    content = _content(org, row)
    _path(row["PathOnClient"])
    stored = sum(one["ContentSize"] for one in org.tables.all("ContentVersion"))
    if org.rules.file_storage_bytes is not None and stored + len(content) > org.rules.file_storage_bytes:
        raise Refused(400, "STORAGE_LIMIT_EXCEEDED", "storage limit exceeded", [])
    name = PurePosixPath(row["PathOnClient"].replace("\\", "/"))
    extension = name.suffix[1:] or None
    row |= {
        "VersionData": content,
        "Title": row.get("Title") or name.stem,
        "FileExtension": extension,
        "FileType": (extension or "unknown").upper(),
        "ContentSize": len(content),
        "Checksum": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        "ContentLocation": row.get("ContentLocation") or "S",
        "IsLatest": True,
    }
    _document(org, row)


def _content(org: Org, row: Json) -> bytes:
    """The bytes: of base64, or as a multipart body brought them."""
    data = row["VersionData"]
    if isinstance(data, bytes):
        return data
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise bad_json("VersionData is not base64") from None
    if len(content) > org.rules.file_base64_max_bytes:
        raise Refused(413, "REQUEST_ENTITY_TOO_LARGE", "The file is too large")
    return content


def _path(path: str) -> None:
    if not path.strip() or not path.isprintable():
        raise Refused(400, "FIELD_INTEGRITY_EXCEPTION", "PathOnClient: bad value", ["PathOnClient"])


def _document(org: Org, row: Json) -> None:
    id = row.get("ContentDocumentId")
    if id is None:
        id = row["ContentDocumentId"] = org.mint.id(PREFIXES["ContentDocument"])
        row["VersionNumber"] = "1"
    else:
        versions = org.tables.where("ContentVersion", lambda one: one["ContentDocumentId"] == id)
        row["VersionNumber"] = str(len(versions) + 1)
        for one in versions:
            org.tables.put("ContentVersion", one | {"IsLatest": False})
    copied = ("Title", "FileExtension", "FileType", "ContentSize", "OwnerId", "CreatedDate", "LastModifiedDate")
    document: Json = {name: row[name] for name in copied}
    org.tables.put("ContentDocument", document | {"Id": id, "LatestPublishedVersionId": row["Id"]})
    if row.get("FirstPublishLocationId"):
        first: Json = {"Id": org.mint.id(PREFIXES["ContentDocumentLink"]), "CreatedDate": ids.iso_now()}
        first |= {"ContentDocumentId": id, "LinkedEntityId": row["FirstPublishLocationId"]}
        link(org, first)
        org.tables.put("ContentDocumentLink", first)


def link(org: Org, row: Json) -> None:
    """A link of a document to a record: once each."""
    ends = (row["ContentDocumentId"], row["LinkedEntityId"])
    for one in org.tables.all("ContentDocumentLink"):
        if (one["ContentDocumentId"], one["LinkedEntityId"]) == ends:
            message = f"duplicate value found: {one['Id'][:15]} is linked already"
            raise Refused(400, "DUPLICATE_VALUE", message, [])
    row["ShareType"] = (row.get("ShareType") or "V").upper()
    wanted = str(row.get("Visibility") or "AllUsers").lower()
    row["Visibility"] = {"internalusers": "InternalUsers", "sharedusers": "SharedUsers"}.get(wanted, "AllUsers")
