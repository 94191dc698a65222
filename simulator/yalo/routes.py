"""Every path of the platform, by the name under which faults know it."""

from __future__ import annotations

from aiohttp import web

from . import bots_door, integrations_door
from .integrations_door import refusing

OPERATIONS = frozenset({"platform", "register", "remove", "botrunner", "studio_ng"})


def add(app: web.Application) -> None:
    """Hang the doors."""
    bot = "/api/{channel}/bots/{bot}"
    app.router.add_post(f"{bot}/messages", refusing(integrations_door.send), name="platform")
    app.router.add_post(f"{bot}/healthcheck", refusing(integrations_door.register), name="register")
    app.router.add_post(f"{bot}/remove", refusing(integrations_door.remove), name="remove")
    app.router.add_post("/v1/triggers/{state}/webhook", refusing(bots_door.trigger), name="studio_ng")
    app.router.add_post("/{bot}/send-to", refusing(bots_door.send_to), name="botrunner")
