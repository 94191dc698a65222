"""Messages with something to choose: reply buttons, a list, a wish for the number (WA §7)."""

from __future__ import annotations

from collections.abc import Callable

from ...protocol_options import Json
from ..params import Params
from ..refusal import GraphRefused


def read(body: Params) -> tuple[str, list[Json]]:
    """(words, options) of reply buttons, a list, or a wish for the number."""
    part = body.child("interactive")
    kind = part.one_of("type", ("button", "list", "request_contact_info"))
    inside = part.child("body")
    words = inside.text("text", 4096 if kind == "list" else 1024)
    inside.only()
    if part.has("header"):
        header = part.child("header")
        if header.one_of("type", ("text", "image", "video", "document")) == "text":
            header.text("text", 60)
    if part.has("footer"):
        footer = part.child("footer")
        footer.text("text", 60)
        footer.only()
    options = _ACTIONS[kind](part.child("action"))
    part.only()
    return words, options


def _buttons(action: Params) -> list[Json]:
    found = []
    for one in action.children("buttons", 3):
        one.one_of("type", ("reply",))
        reply = one.child("reply")
        found.append({"id": reply.text("id", 256), "title": reply.text("title", 20)})
        reply.only()
        one.only()
    _apart(found)
    action.only()
    return found


def _rows(action: Params) -> list[Json]:
    action.text("button", 20)
    found = []
    sections = action.children("sections", 10)
    for section in sections:
        section.maybe("title", 24) if len(sections) == 1 else section.text("title", 24)
        for row in section.children("rows", 10):
            found.append({"id": row.text("id", 200), "title": row.text("title", 24)})
            row.maybe("description", 72)
            row.only()
        section.only()
    if len(found) > 10:
        raise GraphRefused(131009, "Total row count exceed max allowed count: 10")
    _apart(found)
    action.only()
    return found


def _contact_info(action: Params) -> list[Json]:
    action.maybe("name")
    action.only()
    return []


def _apart(options: list[Json]) -> None:
    if len({one["id"] for one in options}) < len(options) or len({one["title"] for one in options}) < len(options):
        raise GraphRefused(131009, "Ids and titles of options must not come twice")


_ACTIONS: dict[str, Callable[[Params], list[Json]]] = {
    "button": _buttons,
    "list": _rows,
    "request_contact_info": _contact_info,
}
