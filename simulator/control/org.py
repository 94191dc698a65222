"""`/sim/org`: being the Salesforce admin, and looking at the records and files that the org has."""

from __future__ import annotations

import hashlib

from aiohttp import web

from ..protocol_options import Json
from ..salesforce import setup, writing
from ..salesforce.org import Org
from ..salesforce.record_ids import canonical
from ..salesforce.refusal import Refused
from ..salesforce.schema import SObject
from ..world import WORLD
from .file_responses import served
from .request_parsing import Answer, Wrong, asked, number, timeout, wishes


async def look(request: web.Request) -> Answer:
    """GET: the setup, tokens issued by flow, API calls used, calls by operation, refusals."""
    org = request.app[WORLD].org
    counts: Json = {"issued": dict(org.purse.issued), "used": org.used, "calls": dict(org.calls)}
    return counts | {"setup": setup.shown(org.setup), "refusals": list(org.refusals)}


async def configure(request: web.Request) -> Answer:
    """PUT {"apps", "users", "fields", "picklists", "required", "validations", "duplicates"}: what is named."""
    org = request.app[WORLD].org
    try:
        org.configure(setup.change(org.setup, await wishes(request, anything=True)))
    except setup.BadSetup as bad:
        raise Wrong(400, f"{bad}.") from bad
    return setup.shown(org.setup)


async def expire(request: web.Request) -> Answer:
    """POST: all tokens end now."""
    return {"expired": request.app[WORLD].org.purse.expire()}


async def records(request: web.Request) -> Answer:
    """GET /sim/org/records/{object}[?until=N][&timeout=S]: oldest first."""
    asked(request, "until", "timeout")
    org, kind = request.app[WORLD].org, _kind(request)
    wanted, seconds = number(request, "until"), timeout(request)
    late = wanted is not None and not await org.bell.until(
        lambda: len(list(org.tables.all(kind.name))) >= wanted, seconds
    )
    found = [_shown(row) for row in org.tables.all(kind.name)]
    return {"records": found} | ({"timed_out": True} if late else {})


async def seed(request: web.Request) -> Answer:
    """POST /sim/org/records/{object} {field: value}: a record that was there before; nobody is asked."""
    org, kind = request.app[WORLD].org, _kind(request)
    try:
        with org.tables.all_or_none():
            return _shown(writing.create(org, kind, await wishes(request, anything=True), None))
    except Refused as refused:
        raise Wrong(400, f"{refused}.") from refused


async def record(request: web.Request) -> Answer:
    """GET /sim/org/records/{object}/{id}: one record."""
    row = request.app[WORLD].org.tables.get(_kind(request).name, canonical(request.match_info["id"]) or "")
    if row is None:
        raise Wrong(404, "There is no record of this id.")
    return _shown(row)


async def files(request: web.Request) -> Answer:
    """GET /sim/org/files[?record=id][&until=N][&timeout=S]: files, of a record or all; oldest first."""
    asked(request, "record", "until", "timeout")
    org, wanted, seconds = request.app[WORLD].org, number(request, "until"), timeout(request)
    id = request.query.get("record")

    def there() -> list[Json]:
        return [one for one in shown_files(org) if id is None or (canonical(id) or id) in one["linked_to"]]

    late = wanted is not None and not await org.bell.until(lambda: len(there()) >= wanted, seconds)
    return {"files": there()} | ({"timed_out": True} if late else {})


async def content(request: web.Request) -> web.StreamResponse:
    """GET /sim/org/files/{id}/content: the bytes."""
    row = request.app[WORLD].org.tables.get("ContentVersion", request.match_info["id"])
    if row is None:
        raise web.HTTPNotFound
    return served(row["VersionData"], row["PathOnClient"])


def shown_files(org: Org) -> list[Json]:
    """All files, oldest first, each with what it is linked to."""
    links: dict[str, list[Json]] = {}
    for link in org.tables.all("ContentDocumentLink"):
        links.setdefault(link["ContentDocumentId"], []).append(link)
    return [_file(row, links.get(row["ContentDocumentId"], [])) for row in org.tables.all("ContentVersion")]


def _kind(request: web.Request) -> SObject:
    found = request.app[WORLD].org.schema.object(request.match_info["object"])
    if found is None:
        raise Wrong(404, f"There is no object {request.match_info['object']!r}.")
    return found


def _shown(row: Json) -> Json:
    """A row without the bytes of a file."""
    return {name: value for name, value in row.items() if not isinstance(value, bytes)}


def _file(row: Json, links: list[Json]) -> Json:
    return {
        "id": row["Id"],
        "document": row["ContentDocumentId"],
        "title": row["Title"],
        "name": row["PathOnClient"],
        "size": row["ContentSize"],
        "sha256": hashlib.sha256(row["VersionData"]).hexdigest(),
        "linked_to": [link["LinkedEntityId"] for link in links],
        "links": [{name: link[name] for name in ("LinkedEntityId", "ShareType", "Visibility")} for link in links],
        "created": row["CreatedDate"],
    }


ROUTES = [
    ("GET", "/org", look),
    ("PUT", "/org", configure),
    ("POST", "/org/expire", expire),
    ("GET", "/org/records/{object}", records),
    ("POST", "/org/records/{object}", seed),
    ("GET", "/org/records/{object}/{id}", record),
    ("GET", "/org/files", files),
]
