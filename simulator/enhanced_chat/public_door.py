"""What needs no token: business hours (EC §4.9)."""

from __future__ import annotations

from aiohttp import web

from .. import ids
from ..protocol_options import Json
from ..refusal import Refused
from ..world import WORLD
from .token_door import check_org_id

HOUR = 3_600_000  # ms


async def business_hours(request: web.Request) -> web.StreamResponse:
    """Call 17: ?orgId=&esConfigName=; the windows now and next."""
    world = request.app[WORLD]
    for name in ("orgId", "esConfigName"):
        if not request.query.get(name):
            raise Refused(400, f"Missing required parameter {name}")
    check_org_id(world, request.query["orgId"], "orgId")
    if world.enhanced_chat.setup.deployment(request.query["esConfigName"]) is None:
        raise Refused(world.rules.unknown_deployment_status, "esConfigName is not that of a deployment")
    return web.json_response(_hours(world.rules.business_hours))


def _hours(how: str) -> Json:
    now = ids.now_ms()
    windows = {
        "open": [_window(now - HOUR, now + 8 * HOUR), _window(now + 23 * HOUR, now + 32 * HOUR)],
        "closed": [_window(now + 8 * HOUR, now + 16 * HOUR)],
    }
    if how == "missing":
        return {}
    return {"businessHoursInfo": {"isActive": how != "inactive", "businessHours": windows.get(how, [])}}


def _window(start: int, end: int) -> Json:
    return {"startTime": start, "endTime": end}
