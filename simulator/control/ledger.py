"""`/sim/ledger`: everything that was said on both sides, for whoever must prove that nothing was lost.

`/sim/requests`: how many requests that took.
"""

from __future__ import annotations

from aiohttp import web

from ..world import WORLD
from .request_parsing import Answer, asked

COUNTED = ("Contact", "Account", "Case", "ContentVersion")


async def ledger(request: web.Request) -> Answer:
    """GET: chats, users, refusals, faults and sums, also of the org's records."""
    world = request.app[WORLD]
    chats = [chat.in_ledger() for chat in world.floor.chats.values()]
    users = {
        user_id: {
            "texts": user.texts,
            "received": [[one["id"], one["text"]] for one in user.received],
            "received_at": [one["at"] for one in user.received],
            "states": [one["state"] for one in user.states],
            "states_at": [one["at"] for one in user.states],
            "said": user.said,
            "repeated_ids": user.repeated_ids,
            "refusals": list(user.refusals),
        }
        for user_id, user in world.platform.users.items()
    }
    return {
        "chats": chats,
        "users": users,
        "double_polls": sum(chat["double_polls"] for chat in chats),
        "open_polls": sum(chat["open_polls"] for chat in chats),
        "refusals": {
            "live_agent": list(world.live_agent.refusals),
            "enhanced_chat": list(world.enhanced_chat.refusals),
            "salesforce": list(world.org.refusals),
            "platform": list(world.platform.refusals),
            "graph": list(world.graph.refusals),
        },
        "records": {kind: len(list(world.org.tables.all(kind))) for kind in COUNTED},
        "threads": [one.shown(world.graph.people.of(one.person_id)) for one in world.graph.threads.values()],
        "faults": world.faults.shown(),
    }


async def requests(request: web.Request) -> Answer:
    """GET [?chat=id]: how many requests of each operation came, and how many in the busiest second."""
    asked(request, "chat")
    return request.app[WORLD].traffic.shown(request.query.get("chat"))


ROUTES = [("GET", "/ledger", ledger), ("GET", "/requests", requests)]
