"""Conversation Routing: whose thread it is, and what is told when that changes (FB §5)."""

from __future__ import annotations

from ... import ids
from ...protocol_options import Json
from ..accounts import Page
from ..refusal import GraphRefused
from ..server import Graph
from ..thread import Thread
from .telling import app_id, event, tell

FIELD = "messaging_handovers"


def give(graph: Graph, page: Page, thread: Thread, app: str | None, seconds: float | None = None) -> str | None:
    """The thread is this app's now, or nobody's; whose it was."""
    before = thread.owned_by(page.default_app)
    thread.give(app, graph.rules.page_idle_seconds if seconds is None else seconds)
    note: Json = {"page": page.id, "user": thread.person_id, "before": before, "owner": app, "at": ids.now_ms()}
    graph.control.append(note)
    return before


def hand_over(graph: Graph, page: Page, thread: Thread, by: str, to: str, metadata: str | None) -> None:
    """pass_thread_control: by the owner, or by anybody while the thread is idle."""
    owner = thread.owned_by(page.default_app)
    if owner not in (None, by):
        raise GraphRefused(10, "Only the app that controls the thread can pass it")
    before = give(graph, page, thread, to)
    part: Json = {"previous_owner_app_id": app_id(before, graph.rules), "new_owner_app_id": app_id(to, graph.rules)}
    _say(graph, page, thread, {"pass_thread_control": _with(part, metadata)}, to)


def take(graph: Graph, page: Page, thread: Thread, by: str, metadata: str | None) -> None:
    """take_thread_control: by the default app, or one that may."""
    if page.default_app is None and by not in page.takers:
        raise GraphRefused(10, "Without a default app threads cannot be taken")
    if by != page.default_app and by not in page.takers:
        raise GraphRefused(10, "This app may not take threads")
    before = give(graph, page, thread, by)
    if before in (None, by):
        return
    rules = graph.rules
    part: Json = {"previous_owner_app_id": app_id(before, rules), "new_owner_app_id": app_id(by, rules)}
    _say(graph, page, thread, {"take_thread_control": _with(part, metadata)}, before)


def request(graph: Graph, page: Page, thread: Thread, by: str, metadata: str | None) -> None:
    """request_thread_control: the owner is asked."""
    owner = thread.owned_by(page.default_app)
    part: Json = {"requested_owner_app_id": app_id(by, graph.rules)}
    if owner is not None:
        _say(graph, page, thread, {"request_thread_control": _with(part, metadata)}, owner)


def release(graph: Graph, page: Page, thread: Thread, by: str) -> None:
    """release_thread_control: no webhook follows."""
    if thread.owned_by(page.default_app) not in (None, by):
        raise GraphRefused(10, "Only the app that controls the thread can release it")
    give(graph, page, thread, None)


def act(graph: Graph, page: Page, thread: Thread, by: str) -> None:
    """An app writes: an idle thread without a default app is then its own (FB §5)."""
    if thread.owned_by(page.default_app) is None:
        give(graph, page, thread, by)
    elif thread.owner == by:
        thread.give(by, max(graph.rules.page_idle_seconds, 0))


def _with(part: Json, metadata: str | None) -> Json:
    return part if metadata is None else part | {"metadata": metadata}


def _say(graph: Graph, page: Page, thread: Thread, keys: Json, to: str | None) -> None:
    tell(graph, page, thread, event(page, thread, keys, ids.now_ms()), FIELD, to)
