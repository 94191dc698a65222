"""A file on a case: one call, in pieces, whose link to the case is made with it (section 6, route B).

A create is not idempotent, so each file carries a mark of ours in its description: before one is made again,
whoever asks looks whether the first did come.
"""

import json
from typing import IO

from interconnections.desks.loosely import is_id
from interconnections.desks.records import soql
from interconnections.desks.records.client import Records
from interconnections.desks.records.reader import read_id
from interconnections.errors import RecordsRefused
from interconnections.lengths import cut
from interconnections.multipart import Form, Part

TITLE, PATH = 255, 500  # characters
LOOKED_AT = 200  # of the newest files of one title: many are called "image"


async def attach(records: Records, case_id: str, title: str, extension: str, content: IO[bytes], mark: str) -> str:
    """Gives the version's id.  Raises RecordsUnwell: it may be there all the same, see `attached`; RecordsRefused."""
    name = "".join(letter for letter in title if letter.isprintable()) or "file"  # invisible joiners are refused
    try:
        return await _attach(records, case_id, title, name, extension, content, mark)
    except RecordsRefused as refusal:
        if name == "file" or "PathOnClient" not in refusal.fields:
            raise
    return await _attach(records, case_id, title, "file", extension, content, mark)


async def _attach(
    records: Records, case_id: str, title: str, name: str, extension: str, content: IO[bytes], mark: str
) -> str:
    fields = {
        "Title": cut(title, TITLE),
        "PathOnClient": f"{cut(name, PATH - len(extension) - 1)}.{extension}",  # the ending says what it is
        "Description": mark,
        "FirstPublishLocationId": case_id,
    }
    form = Form(
        [
            Part("entity_content", "application/json", json.dumps(fields, ensure_ascii=False).encode()),
            Part("VersionData", "application/octet-stream", content, f"file.{extension}"),
        ]
    )
    return read_id(await records.send("POST", "/sobjects/ContentVersion", form, form.content_type))


async def attached(records: Records, title: str, mark: str) -> str:
    """The version that an earlier attempt made; "" where there is none.

    Not by the mark, which no query may be able to search: by the title, and then by the mark among these.
    """
    where = soql.is_one_of("Title", [cut(title, TITLE)])
    for found in await records.query(soql.newest(["Id", "Description"], "ContentVersion", where, LOOKED_AT)):
        if found.get("Description") == mark and is_id(found.get("Id")):
            return str(found["Id"])
    return ""
