"""The simulator for people: a start page, the agent's desk, the users' phone and the faults, in a browser.

`files` serves the pages, `live` tells them that something changed (`pulse`), and the doors under `/sim` that
only people need are here too: `stage` (where the bridge is), `phone_doors` (a phone with a bot in it, on top of
`phones`, `speaking` and `bot_calls`), `media` (what people send, and `trouble` with it), `desk_view`, `desk_records`
and `choices` (what the pages show).
"""

from __future__ import annotations

from aiohttp import web

from ..control.wires import door
from . import bot_calls, choices, desk_records, desk_view, files, live, media, phone_doors, stage, trouble
from .errands import ERRANDS, Errands
from .phones import PHONES, Phones
from .pulse import PULSE, Pulse

ROUTES = [*stage.ROUTES, *phone_doors.ROUTES, *desk_view.ROUTES, *desk_records.ROUTES, *choices.ROUTES, *media.ROUTES]


def add(app: web.Application) -> None:
    """Hang the doors.  Before `control`, so that its patterns do not swallow these."""
    app[PULSE], app[PHONES], app[ERRANDS] = Pulse(), Phones(), Errands()
    app[stage.STAGE], app[media.SHELF] = stage.Facts(), media.Shelf()
    for method, path, handler in ROUTES:
        app.router.add_route(method, f"/sim{path}", door(handler))
    live.add(app)
    media.add(app)
    trouble.add(app)
    files.add(app)
    app.cleanup_ctx.append(bot_calls.client)
    app.on_shutdown.append(_stop)


async def _stop(app: web.Application) -> None:
    app[ERRANDS].stop()
    app[PULSE].stop()
