"""Where the org's doors hang, and how faults know them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aiohttp import web

from ..faults import Fault
from ..protocol_options import Json
from . import composite, dispatch, door
from .composite import keys, pairs
from .refusal import Refused, of_fault
from .tokens import door as tokens

OPERATIONS = frozenset({one.name for one in dispatch.OPERATIONS} | {"token", "revoke", "versions"})


def add(app: web.Application) -> None:
    """Hang the doors; what is below /services and is nothing is answered as Salesforce does."""
    app.router.add_post("/services/oauth2/token", tokens.token, name="token")
    app.router.add_post("/services/oauth2/revoke", tokens.revoke, name="revoke")
    app.router.add_get("/services/data", door.versions, name="versions")
    app.router.add_get("/services/data/", door.versions, name="versions_slash")
    app.router.add_route("*", "/services/{rest:.*}", door.data, name="data")


def operation(request: web.Request) -> str:
    """The name of the call, "" for what is none."""
    name = (request.match_info.route.name or "").removesuffix("_slash")
    if name != "data":
        return name if name in OPERATIONS else ""
    try:
        return dispatch.find(request.method, request.rel_url.raw_path).operation.name
    except Refused:
        return ""


async def subjects(request: web.Request) -> list[str]:
    """The objects that a request is about, also those in the parts of a composite: for faults that name one."""
    try:
        found = dispatch.find(request.method, request.rel_url.raw_path)
        if found.operation.act is not None:
            return keys(found, pairs(request.rel_url.raw_query_string))
        parts = json.loads(await request.read())["compositeRequest"]
        return [name for part in parts for name in _of_part(part)]
    except (Refused, ValueError, KeyError, TypeError):
        return []


def _of_part(part: Mapping[str, str]) -> list[str]:
    path, _, query = part["url"].partition("?")
    return composite.keys(dispatch.find(part["method"], path), pairs(query))


def refuse(fault: Fault, name: str) -> Json | list[Json]:
    """What a fault answers: the token endpoint's error, or an array of errors."""
    if name in ("token", "revoke"):
        return {"error": fault.code or "server_error", "error_description": f"fault {fault.id}"}
    return of_fault(fault).body
