"""`/sim/chats`: looking at chats, waiting for them, and being the agent."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from ..live_agent import desk
from ..live_agent.chat import Chat, Status
from ..protocol_options import Json
from ..world import WORLD
from .file_responses import served
from .request_parsing import Answer, Wrong, asked, number, pick, timeout, wishes
from .showing import shown


async def every(request: web.Request) -> Answer:
    """GET /sim/chats[?until=N][&visitor_name=…][&status=…][&timeout=S]: oldest first."""
    asked(request, "until", "visitor_name", "status", "timeout")
    floor, wanted, seconds = request.app[WORLD].floor, number(request, "until"), timeout(request)
    name, status = request.query.get("visitor_name"), _status(request, "status")

    def fitting() -> list[Chat]:
        return [
            chat
            for chat in floor.chats.values()
            if (name is None or (chat.init is not None and chat.init.visitor_name == name))
            and (status is None or chat.status == status)
        ]

    def count() -> int:
        if name is not None:
            return len(fitting())
        return len(floor.chats) if status is None else floor.tally[Status(status)]

    late = wanted is not None and not await floor.bell.until(lambda: count() >= wanted, seconds)
    return {"chats": [shown(chat) for chat in fitting()]} | _late(late)


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
            and (confirmed is None or chat.log.confirmed >= confirmed)
            and (status is None or chat.status == status)
        )

    late = not await chat.bell.until(so, seconds)
    return shown(chat) | _late(late)


def _status(request: web.Request, name: str) -> str | None:
    status = request.query.get(name)
    if status is not None and status not in set(Status):
        raise Wrong(400, f"{name} is one of {', '.join(Status)}.")
    return status


def _late(late: bool) -> Json:
    return {"timed_out": True} if late else {}


def _chat(request: web.Request) -> Chat:
    chat = request.app[WORLD].floor.chats.get(request.match_info["id"])
    if chat is None:
        raise Wrong(404, "There is no chat of this id.")
    return chat


def accept(chat: Chat, body: Json) -> None:
    """{"name"?}"""
    desk.accept(chat, pick(body, "name", str, None))


def say(chat: Chat, body: Json) -> None:
    """{"text"}"""
    desk.say(chat, pick(body, "text", str))


def typing(chat: Chat, body: Json) -> None:
    """{"on"?: true}"""
    desk.typing(chat, pick(body, "on", bool, True))


def end(chat: Chat, body: Json) -> None:
    """{"reason"?: "agent"}"""
    desk.end(chat, pick(body, "reason", str, "agent"))


def refuse(chat: Chat, body: Json) -> None:
    """{"reason"?: "Unavailable"}"""
    desk.refuse(chat, pick(body, "reason", str, "Unavailable"))


def transfer(chat: Chat, body: Json) -> None:
    """{"name"?}"""
    desk.transfer(chat, pick(body, "name", str, None))


def requeue(chat: Chat, body: Json) -> None:
    """{"position"?: 2, "wait"?: 90}"""
    desk.requeue(chat, pick(body, "position", int, 2), pick(body, "wait", int, 90))


def disconnect(chat: Chat, body: Json) -> None:
    """{}"""
    desk.disconnect(chat)


def queue(chat: Chat, body: Json) -> None:
    """{"position", "wait"?: -1}"""
    desk.queue(chat, pick(body, "position", int), pick(body, "wait", int, -1))


def event(chat: Chat, body: Json) -> None:
    """{"type", "message"?}: any raw event; without `message` the event has none."""
    desk.raw(chat, pick(body, "type", str), pick(body, "message", dict, None))


def request_file(chat: Chat, body: Json) -> None:
    """{}"""
    desk.request_file(chat)


def cancel_file(chat: Chat, body: Json) -> None:
    """{}"""
    desk.cancel_file(chat)


VERBS: dict[str, tuple[Callable[[Chat, Json], None], tuple[str, ...]]] = {
    "accept": (accept, ("name",)),
    "say": (say, ("text",)),
    "typing": (typing, ("on",)),
    "end": (end, ("reason",)),
    "refuse": (refuse, ("reason",)),
    "transfer": (transfer, ("name",)),
    "requeue": (requeue, ("position", "wait")),
    "disconnect": (disconnect, ()),
    "queue": (queue, ("position", "wait")),
    "event": (event, ("type", "message")),
    "request_file": (request_file, ()),
    "cancel_file": (cancel_file, ()),
}


async def act(request: web.Request) -> Answer:
    """POST /sim/chats/{id}/{verb}: the agent does something; answers the chat."""
    chat = _chat(request)
    if (found := VERBS.get(request.match_info["verb"])) is None:
        raise Wrong(404, f"An agent can {', '.join(VERBS)}.")
    verb, names = found
    body = await wishes(request, *names)
    try:
        verb(chat, body)
    except desk.NotNow as not_now:
        raise Wrong(409, f"{str(not_now).capitalize()}.") from not_now
    request.app[WORLD].floor.queued(chat)
    return shown(chat)


async def file(request: web.Request) -> web.StreamResponse:
    """GET /sim/chats/{id}/files/{number}: a file that the agent asked for, counted from 0."""
    chat, number = _chat(request), request.match_info["number"]
    if not number.isdigit() or int(number) >= len(chat.contents):
        raise web.HTTPNotFound
    return served(chat.contents[int(number)], chat.files[int(number)]["name"])


ROUTES = [("GET", "/chats", every), ("GET", "/chats/{id}", one), ("POST", "/chats/{id}/{verb}", act)]
