"""Visitor/…: availability, settings, a visitor's id, breadcrumbs (§10).  No session, no sequence."""

from __future__ import annotations

import uuid

from aiohttp import web

from ..protocol_options import Json, Rules
from ..refusal import Refused
from ..shape import require, salesforce_id
from ..world import WORLD
from . import events, headers
from .chasitor_init import is_open


async def availability(request: web.Request) -> web.StreamResponse:
    """Is anybody there?  `isAvailable` may be missing, which means no."""
    rules, version = _open(request)
    if rules.switch_server:
        return _elsewhere(rules.switch_server)
    with_wait = version >= events.WAIT_VERSION and _ticked(request, "Availability.needEstimatedWaitTime")
    results = []
    for target in _ids(request, "Availability.ids"):
        result = _availability(target, rules)
        if with_wait and result.get("isAvailable"):
            result["estimatedWaitTime"] = rules.estimated_wait
        results.append(result)
    return _answer("Availability", {"results": results})


async def settings(request: web.Request) -> web.StreamResponse:
    """What the deployment looks like."""
    rules, version = _open(request)
    if rules.switch_server:
        return _elsewhere(rules.switch_server)
    with_wait = version >= events.WAIT_VERSION and _ticked(request, "Settings.needEstimatedWaitTime")
    buttons = []
    for target in _ids(request, "Settings.buttonIds", required=False):
        button = _availability(target, rules) | {"type": "Standard", "language": "es"}
        if with_wait and button.get("isAvailable"):
            button["estimatedWaitTime"] = rules.estimated_wait
        buttons.append(button)
    origin = str(request.url.origin())
    return _answer("Settings", {rules.ping_rate: 50000, "contentServerUrl": f"{origin}/content", "buttons": buttons})


async def visitor_id(request: web.Request) -> web.StreamResponse:
    """A new visitor."""
    rules, _ = _open(request)
    if rules.switch_server:
        return _elsewhere(rules.switch_server)
    visitor: Json = {"sessionId": str(uuid.uuid4())}
    return _answer("VisitorId", visitor) if rules.visitor_id_as == "event" else web.json_response(visitor)


async def breadcrumb(request: web.Request) -> web.StreamResponse:
    """POST {"location"}: the page that the visitor looks at."""
    headers.version(request)
    require(headers.json_object(request, await request.read()), "location", str)
    return web.Response(text="OK")


def _open(request: web.Request) -> tuple[Rules, int]:
    version = headers.version(request)
    for name, prefix in (("org_id", "00D"), ("deployment_id", "572")):
        if name not in request.query:
            raise Refused(400, f"Missing required parameter {name}")
        salesforce_id(request.query[name], prefix, name)
    return request.app[WORLD].rules, version


def _ids(request: web.Request, name: str, *, required: bool = True) -> list[str]:
    """Comma-separated, square brackets optional."""
    text = request.query.get(name, "").strip().removeprefix("[").removesuffix("]")
    found = [one.strip() for one in text.split(",") if one.strip()]
    if required and not found:
        raise Refused(400, f"Missing required parameter {name}")
    for one in found:
        salesforce_id(one, "005" if one.startswith("005") else "573", name)
    return found


def _availability(target: str, rules: Rules) -> Json:
    if is_open(target, rules):
        return {"id": target, "isAvailable": True}
    return {"id": target} if rules.unavailable_as == "missing" else {"id": target, "isAvailable": False}


def _ticked(request: web.Request, name: str) -> bool:
    return request.query.get(name, "").lower() in ("1", "true")


def _answer(kind: str, message: Json) -> web.Response:
    return web.json_response({"messages": [events.event(kind, message)]})


def _elsewhere(url: str) -> web.Response:
    return web.json_response({"messages": [events.switch_server(url)]})
