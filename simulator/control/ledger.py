"""`/sim/ledger`: everything that was said on both sides, for whoever must prove that nothing was lost.

`/sim/requests`: how many requests that took.
"""

from __future__ import annotations

from aiohttp import web

from ..protocol_options import Json
from ..world import WORLD
from .request_parsing import Answer, asked

COUNTED = ("Contact", "Account", "Case", "ContentVersion")


async def ledger(request: web.Request) -> Answer:
    """GET: chats, users, refusals, faults and sums, also of the org's records."""
    world = request.app[WORLD]
    chats: list[Json] = [
        {
            "id": chat.id,
            "status": chat.status,
            "end_reason": chat.end_reason,
            "visitor_name": chat.init.visitor_name if chat.init else None,
            "heard": chat.heard,
            "heard_at": [line.at for line in chat.transcript if line.speaker == "visitor"],
            "said": chat.said,
            "polled": [[poll.began, poll.ended, poll.how, poll.port] for poll in chat.polled],
            "double_polls": chat.polls.double,
            "open_polls": chat.polls.open,
            "duplicates": chat.duplicates,
            "handovers": chat.epoch,
            "refusals": list(chat.refusals),
            "steps": chat.steps,
        }
        for chat in world.floor.chats.values()
    ]
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
            "live_agent": list(world.floor.refusals),
            "salesforce": list(world.org.refusals),
            "platform": list(world.platform.refusals),
        },
        "records": {kind: len(list(world.org.tables.all(kind))) for kind in COUNTED},
        "faults": world.faults.shown(),
    }


async def requests(request: web.Request) -> Answer:
    """GET [?chat=id]: how many requests of each operation came, and how many in the busiest second."""
    asked(request, "chat")
    return request.app[WORLD].traffic.shown(request.query.get("chat"))


ROUTES = [("GET", "/ledger", ledger), ("GET", "/requests", requests)]
