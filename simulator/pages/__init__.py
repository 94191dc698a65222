"""The simulator for people: a start page, the agent's desk, the users' phone and the faults, in a browser.

`files` serves the pages, `live` tells them that something changed (`pulse`), and the doors under `/sim` that
only people need are here too: `stage` (where the bridge is), `phone_doors` (a phone with a bot in it, on top of
`phones`, `speaking` and `bot_calls`), `media` (what people send, and `trouble` with it), `desk_view`, `desk_records`
and `choices` (what the pages show).
"""

from __future__ import annotations

from aiohttp import web

from ..control.request_parsing import door
from ..shelf import SHELF, Shelf
from . import bad_files, bridge_client, bridge_info, choices, desk_records, desk_view, files, live, media, phone_doors
from .background import ERRANDS, Errands
from .phones import PHONES, Phones
from .revision import PULSE, Pulse

ROUTES = [
    *bridge_info.ROUTES,
    *phone_doors.ROUTES,
    *desk_view.ROUTES,
    *desk_records.ROUTES,
    *choices.ROUTES,
    *media.ROUTES,
]


def add(app: web.Application) -> None:
    """Hang the doors.  Before `control`, so that its patterns do not swallow these."""
    app[PULSE], app[PHONES], app[ERRANDS] = Pulse(), Phones(), Errands()
    app[bridge_info.STAGE], app[SHELF] = bridge_info.Facts(), Shelf()
    for method, path, handler in ROUTES:
        app.router.add_route(method, f"/sim{path}", door(handler))
    live.add(app)
    media.add(app)
    bad_files.add(app)
    files.add(app)
    app.cleanup_ctx.append(bridge_client.client)
    app.on_shutdown.append(_stop)


async def _stop(app: web.Application) -> None:
    app[ERRANDS].stop()
    app[PULSE].stop()
