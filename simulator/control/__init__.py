"""The director's chair: everything under `/sim`, JSON in and out.

`chats` plays the agents (what they can do is in `verbs`), `users` the people (`graph_users` those who write to
businesses at Meta), `org` and `enhanced_chat` the Salesforce admin, `graph` the developer at Meta; `switches`
holds rules, faults, agent, platform and reset, `ledger` tells everything at once.
Nonsense is answered 400 {"error": sentence}, what is not there 404, and what the state does not allow 409.
"""

from __future__ import annotations

from aiohttp import web

from . import chats, enhanced_chat, graph, graph_threads, ledger, org, switches, users
from .request_parsing import door

ROUTES = [
    *chats.ROUTES,
    *users.ROUTES,
    *org.ROUTES,
    *enhanced_chat.ROUTES,
    *graph.ROUTES,
    *graph_threads.ROUTES,
    *switches.ROUTES,
    *ledger.ROUTES,
]


def add(app: web.Application) -> None:
    """Hang the doors."""
    for method, path, handler in ROUTES:
        app.router.add_route(method, f"/sim{path}", door(handler))
    app.router.add_get("/sim/org/files/{id}/content", org.content)
    app.router.add_get("/sim/graph/files/{id}", graph.file)
    app.router.add_get("/sim/chats/{id}/files/{number}", chats.file)
