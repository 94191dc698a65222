"""`/sim/chats/{id}/{verb}`: what an agent can do, and the fields that each takes.  What a wire has not is 409."""

from __future__ import annotations

import base64
from collections.abc import Callable

from ..desk.acts import Acts
from ..protocol_options import Json
from .request_parsing import Wrong, pick


def accept(acts: Acts, body: Json) -> None:
    """{"name"?}"""
    acts.accept(pick(body, "name", str, None))


def say(acts: Acts, body: Json) -> None:
    """{"text", "quotes"?}"""
    acts.say(pick(body, "text", str), pick(body, "quotes", str, None))


def typing(acts: Acts, body: Json) -> None:
    """{"on"?: true}"""
    acts.typing(pick(body, "on", bool, True))


def end(acts: Acts, body: Json) -> None:
    """{"reason"?: "agent"}"""
    acts.end(pick(body, "reason", str, "agent"))


def refuse(acts: Acts, body: Json) -> None:
    """{"reason"?: "Unavailable"}"""
    acts.refuse(pick(body, "reason", str, "Unavailable"))


def transfer(acts: Acts, body: Json) -> None:
    """{"name"?}"""
    acts.transfer(pick(body, "name", str, None))


def requeue(acts: Acts, body: Json) -> None:
    """{"position"?: 2, "wait"?: 90}"""
    acts.requeue(pick(body, "position", int, 2), pick(body, "wait", int, 90))


def disconnect(acts: Acts, body: Json) -> None:
    """{"routing_status"?}"""
    acts.disconnect(pick(body, "routing_status", str, None))


def queue(acts: Acts, body: Json) -> None:
    """{"position", "wait"?: -1}"""
    acts.queue(pick(body, "position", int), pick(body, "wait", int, -1))


def event(acts: Acts, body: Json) -> None:
    """{"type", "message"?}: any raw event; without `message` the event has none."""
    acts.raw(pick(body, "type", str), pick(body, "message", dict, None))


def request_file(acts: Acts, body: Json) -> None:
    """{}"""
    acts.request_file()


def cancel_file(acts: Acts, body: Json) -> None:
    """{}"""
    acts.cancel_file()


def send_file(acts: Acts, body: Json) -> None:
    """{"name", "content": base64, "type"?, "text"?}"""
    try:
        content = base64.b64decode(pick(body, "content", str), validate=True)
    except ValueError:
        raise Wrong(400, "content is base64.") from None
    mime = pick(body, "type", str, "application/octet-stream")
    acts.send_file(pick(body, "name", str), mime, content, pick(body, "text", str, None))


def choices(acts: Acts, body: Json) -> None:
    """{"text", "options": [title, …], "format"?: "Buttons"}"""
    acts.send_choices(pick(body, "text", str), _titles(body, "options"), pick(body, "format", str, "Buttons"))


def form(acts: Acts, body: Json) -> None:
    """{"title", "inputs": [label, …]}"""
    acts.send_form(pick(body, "title", str), _titles(body, "inputs"))


def acknowledge(acts: Acts, body: Json) -> None:
    """{"kind"?: "Delivery", "entry"?: the id of a message of the user, else the last}"""
    acts.acknowledge(pick(body, "kind", str, "Delivery"), pick(body, "entry", str, None))


def _titles(body: Json, name: str) -> list[str]:
    found = body.get(name)
    if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
        raise Wrong(400, f"{name} is a list of strings.")
    return found


VERBS: dict[str, tuple[Callable[[Acts, Json], None], tuple[str, ...]]] = {
    "accept": (accept, ("name",)),
    "say": (say, ("text", "quotes")),
    "typing": (typing, ("on",)),
    "end": (end, ("reason",)),
    "refuse": (refuse, ("reason",)),
    "transfer": (transfer, ("name",)),
    "requeue": (requeue, ("position", "wait")),
    "disconnect": (disconnect, ("routing_status",)),
    "queue": (queue, ("position", "wait")),
    "event": (event, ("type", "message")),
    "request_file": (request_file, ()),
    "cancel_file": (cancel_file, ()),
    "file": (send_file, ("name", "content", "type", "text")),
    "choices": (choices, ("text", "options", "format")),
    "form": (form, ("title", "inputs")),
    "acknowledge": (acknowledge, ("kind", "entry")),
}
