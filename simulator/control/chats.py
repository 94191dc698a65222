"""`/sim/chats`: looking at chats, waiting for them, and being the agent."""

from __future__ import annotations

from aiohttp import web

from ..desk.acts import NotNow
from ..desk.chat import DeskChat, Status
from ..protocol_options import Json
from ..world import WORLD
from .file_responses import served
from .request_parsing import Answer, Wrong, asked, number, timeout, wishes
from .verbs import VERBS

KINDS = ("live_agent", "enhanced_chat")


async def every(request: web.Request) -> Answer:
    """GET /sim/chats[?until=N][&visitor_name=…][&status=…][&kind=…][&timeout=S]: oldest first."""
    asked(request, "until", "visitor_name", "status", "kind", "timeout")
    floor, wanted, seconds = request.app[WORLD].floor, number(request, "until"), timeout(request)
    name, status, kind = request.query.get("visitor_name"), _status(request, "status"), _kind(request)

    def fitting() -> list[DeskChat]:
        return [
            chat
            for chat in floor.chats.values()
            if (name is None or chat.visitor_name == name)
            and (status is None or chat.status == status)
            and kind in (None, chat.kind)
        ]

    def count() -> int:
        if name is not None or kind is not None:
            return len(fitting())
        return len(floor.chats) if status is None else floor.tally[Status(status)]

    late = wanted is not None and not await floor.bell.until(lambda: count() >= wanted, seconds)
    return {"chats": [chat.shown() for chat in fitting()]} | _late(late)


async def one(request: web.Request) -> Answer:
    """GET /sim/chats/{id}[?until_heard=N][&until_status=…][&until_confirmed=N][&timeout=S]."""
    asked(request, "until_heard", "until_said", "until_status", "until_confirmed", "timeout")
    chat, seconds = _chat(request), timeout(request)
    heard, said = number(request, "until_heard"), number(request, "until_said")
    confirmed, status = number(request, "until_confirmed"), _status(request, "until_status")

    def so() -> bool:
        return (
            (heard is None or len(chat.heard) >= heard)
            and (said is None or len(chat.said) >= said)
            and (confirmed is None or chat.confirmed >= confirmed)
            and (status is None or chat.status == status)
        )

    late = not await chat.bell.until(so, seconds)
    return chat.shown() | _late(late)


def _status(request: web.Request, name: str) -> str | None:
    status = request.query.get(name)
    if status is not None and status not in set(Status):
        raise Wrong(400, f"{name} is one of {', '.join(Status)}.")
    return status


def _kind(request: web.Request) -> str | None:
    kind = request.query.get("kind")
    if kind not in (None, *KINDS):
        raise Wrong(400, f"kind is one of {', '.join(KINDS)}.")
    return kind


def _late(late: bool) -> Json:
    return {"timed_out": True} if late else {}


def _chat(request: web.Request) -> DeskChat:
    chat = request.app[WORLD].floor.chats.get(request.match_info["id"])
    if chat is None:
        raise Wrong(404, "There is no chat of this id.")
    return chat


async def act(request: web.Request) -> Answer:
    """POST /sim/chats/{id}/{verb}: the agent does something; answers the chat."""
    chat = _chat(request)
    if (found := VERBS.get(request.match_info["verb"])) is None:
        raise Wrong(404, f"An agent can {', '.join(VERBS)}.")
    verb, names = found
    body = await wishes(request, *names)
    try:
        verb(chat.acts, body)
    except NotNow as not_now:
        why = str(not_now)
        raise Wrong(409, f"{why[0].upper()}{why[1:]}.") from not_now
    request.app[WORLD].floor.queued(chat)
    return chat.shown()


async def file(request: web.Request) -> web.StreamResponse:
    """GET /sim/chats/{id}/files/{number}: a file that the agent asked for, counted from 0."""
    chat, number = _chat(request), request.match_info["number"]
    if not number.isdigit() or int(number) >= len(chat.contents):
        raise web.HTTPNotFound
    return served(chat.contents[int(number)], chat.files[int(number)]["name"])


ROUTES = [("GET", "/chats", every), ("GET", "/chats/{id}", one), ("POST", "/chats/{id}/{verb}", act)]
