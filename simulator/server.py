"""The one HTTP server of all worlds, of the control API and of the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.typedefs import Handler

from . import control, ids, pages
from .control.request_parsing import POSTMAN
from .enhanced_chat import routes as enhanced_chat
from .faulty import faulty
from .graph import door as graph
from .live_agent import routes as live_agent
from .pages.revision import PULSE, noticing
from .salesforce import routes as salesforce
from .world import WORLD, World
from .yalo import routes as yalo
from .yalo.postman import Postman

MAX_BODY = 64 * 1024 * 1024  # bytes; the limit that a file meets is a switch
MAX_LINE = 64 * 1024  # bytes of a request's first line, of a header; the limit that a query meets is a switch


def application(world: World | None = None) -> web.Application:
    """Everything, ready to be served."""
    app = web.Application(middlewares=[noticing, lost, faulty], client_max_size=MAX_BODY)
    app[WORLD] = world or World()
    pages.add(app)
    control.add(app)  # before Botrunner, whose first path segment can be anything
    live_agent.add(app)
    enhanced_chat.add(app)
    salesforce.add(app)
    graph.add(app)
    yalo.add(app)
    app.cleanup_ctx.append(_postman)
    app.cleanup_ctx.append(_courier)
    app.on_shutdown.append(_close_the_floor)
    return app


@web.middleware
async def lost(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Wrong URI 404, wrong method 405 (§11): written down, because a client of ours should never get one."""
    try:
        return await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as error:
        if request.path.startswith(("/chat/", "/content/")):
            live_agent.remember(request, error.status, error.reason)
        elif request.path.startswith(enhanced_chat.PREFIXES):
            enhanced_chat.remember(request, error.status, error.reason)
        elif not request.path.startswith("/sim"):
            refusal = {"status": error.status, "path": request.path, "why": error.reason, "at": ids.now_ms()}
            request.app[WORLD].platform.refusals.append(refusal)
        raise


async def _postman(app: web.Application) -> AsyncIterator[None]:
    app[POSTMAN] = Postman()
    yield
    await app[POSTMAN].close()


async def _courier(app: web.Application) -> AsyncIterator[None]:
    courier = app[WORLD].graph.courier
    courier.on_change(app[PULSE].changed)
    yield
    await courier.close()


async def _close_the_floor(app: web.Application) -> None:
    app[WORLD].enhanced_chat.clear()
    app[WORLD].floor.clear()  # open polls are answered, so that nobody waits for them


@asynccontextmanager
async def serving(host: str, port: int, world: World | None = None) -> AsyncIterator[str]:
    """Serve until the block is left; yields the URL.

    handler_cancellation: a poll whose client went away must not be believed open (§5).
    """
    runner = web.AppRunner(
        application(world),
        handler_cancellation=True,
        access_log=None,
        shutdown_timeout=0.2,
        max_line_size=MAX_LINE,
        max_field_size=MAX_LINE,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, backlog=4096)
        await site.start()
        name, bound = runner.addresses[0][:2]
        yield f"http://{f'[{name}]' if ':' in name else name}:{bound}"
    finally:
        await runner.cleanup()
