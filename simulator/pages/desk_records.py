"""`/sim/desk/{chat}/records`: the contact, the case and the files beside a chat, as the desk shows them."""

from __future__ import annotations

from aiohttp import web

from ..control.org import shown_files
from ..control.request_parsing import Answer, Wrong
from ..protocol_options import Json
from ..salesforce.org import Org
from ..salesforce.record_ids import kind as kind_of
from ..world import WORLD

KNOWN_ANYWAY = {"Id", "Name", "CreatedDate", "LastModifiedDate", "IsPersonAccount", "PersonContactId"}
HEADINGS = ("CaseNumber", "Name", "Title", "Username")  # the first that a record has is what it is called


async def records(request: web.Request) -> Answer:
    """GET: {"records": [{"entity", "id", "how", "why", "name", "fields": [[name, value]]}], "files": […]}."""
    world = request.app[WORLD]
    chat = world.floor.chats.get(request.match_info["id"])
    if chat is None:
        raise Wrong(404, "There is no chat of this id.")
    found = [_shown(world.org, one) for one in chat.records]
    ids = {one["id"] for one in found if one["id"] is not None}
    found += [_shown(world.org, one) for one in _behind(world.org, ids)]
    files = [file for file in shown_files(world.org) if ids & set(file["linked_to"])]
    return {"records": found, "files": files}


def _behind(org: Org, ids: set[str]) -> list[Json]:
    """Contact and account that an attached case names, when nobody attached them."""
    beside: list[Json] = []
    for id in ids:
        row = org.tables.get("Case", id) or {}
        for name in ("ContactId", "AccountId"):
            other = row.get(name)
            if isinstance(other, str) and other not in ids:
                beside.append({"entity": kind_of(other), "id": other, "how": "of the case", "why": None})
    return beside


def _shown(org: Org, one: Json) -> Json:
    row = org.tables.get(one["entity"], one["id"] or "")
    shown: Json = {name: one[name] for name in ("entity", "id", "how", "why")}
    if row is None:
        return shown | {"name": None, "fields": []}
    fields = [[name, _said(org, value)] for name, value in row.items() if name not in KNOWN_ANYWAY]
    return shown | {"name": _called(row), "fields": [pair for pair in fields if pair[1] not in ("", None, False)]}


def _said(org: Org, value: object) -> object:
    """A reference as the name of its record."""
    there = org.tables.get(kind_of(value) or "", value) if isinstance(value, str) and len(value) == 18 else None
    return _called(there) if there is not None else value


def _called(row: Json) -> str:
    return str(next((row[name] for name in HEADINGS if row.get(name)), row["Id"]))


ROUTES = [("GET", "/desk/{id}/records", records)]
