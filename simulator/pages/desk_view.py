"""`/sim/desk`: all chats in few words, as the desk lists them.  One chat in full is `/sim/chats/{id}`."""

from __future__ import annotations

from aiohttp import web

from ..control.request_parsing import Answer
from ..desk.chat import DeskChat, Status
from ..protocol_options import Json
from ..world import WORLD

ENDED = 50  # that many of those that have ended, the latest
WAITING_SINCE = (  # steps of Live Agent, then of Enhanced Chat
    *("ChasitorInit", "TransferToButtonInitiated", "AgentDisconnect"),
    *("session", "requeued", "agent left"),
)


async def desk(request: web.Request) -> Answer:
    """GET: {"agent": the automatic one's manner, "chats"}: waiting ones by their place, all oldest first."""
    floor = request.app[WORLD].floor
    asking = [chat for chat in floor.chats.values() if chat.asked]
    ended = [chat for chat in asking if chat.over][-ENDED:]
    waiting = sorted((chat for chat in asking if chat.status is Status.WAITING), key=_since)
    places = {chat.id: number for number, chat in enumerate(waiting, start=1)}
    chats = [_brief(chat, places.get(chat.id)) for chat in asking if not chat.over or chat in ended]
    return {"agent": floor.agent.shown(), "chats": chats}


def _since(chat: DeskChat) -> int:
    """When it came into the queue, for the first time or again."""
    return max((step["at"] for step in chat.steps if step["what"] in WAITING_SINCE), default=0)


def _brief(chat: DeskChat, place: int | None) -> Json:
    last = chat.transcript[-1] if chat.transcript else None
    return {
        "id": chat.id,
        "kind": chat.kind,
        "status": chat.status,
        "end_reason": chat.end_reason,
        "visitor_name": chat.visitor_name or "",
        "routed_to": chat.routed_to,
        "since": _since(chat),
        "place": place,
        "established": chat.established,
        "answered": any(line.speaker == "agent" for line in chat.transcript),
        "again": chat.established and chat.status is Status.WAITING,
        "agent": chat.agent.name if chat.agent else None,
        "heard": len(chat.heard),
        "last": {"from": last.speaker, "text": last.text[:120], "at": last.at} if last else None,
        "visitor_typing": chat.visitor_typing,
    }


ROUTES = [("GET", "/desk", desk)]
