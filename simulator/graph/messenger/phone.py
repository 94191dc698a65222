"""A user of Messenger, or a human in the page's inbox, does something: it stands on the screen, and apps are told."""

from __future__ import annotations

from urllib.parse import quote

from ... import ids
from ...protocol_options import Json
from ..accounts import INBOX, Page
from ..courier import Delivery
from ..files import File
from ..people import Person
from ..server import Graph
from ..thread import Thread
from . import inbound, routing
from .files_of_sends import shown
from .messages_door import echo
from .telling import app_id, event, tell


def address(origin: str, file: File) -> str:
    """Where a user's file lies; a signed link that needs no token."""
    return f"{origin}/fbcdn/{file.id}/{quote(file.name or 'file', safe='')}?oh={file.hash}"


def say(
    graph: Graph, page: Page, person: Person, said: inbound.Said, file: File | None, id: str | None, at: int | None
) -> tuple[Json, str, Json]:
    """(what is on the screen, the field, the event).  `at`: ms."""
    mid, when = id or graph.new_id("m_"), at or ids.now_ms()
    thread = graph.thread(page.id, person)
    wanted, keys = inbound.event(said, mid, graph.rules.page_sticker_twice)
    if said.kind in inbound.OPENS:
        thread.opened(when / 1000, by_word=said.kind in inbound.WORDS)
    record: Json = {"id": mid, "platform_id": mid, "text": said.text, "type": said.kind, "at": when, "by": "user"}
    record |= {"account": page.id, "channel": "messenger", "tick": "sent", "answers": [], "user": person.id}
    record["quotes"] = thread.quotes(said.quotes)
    if file is not None:
        record["media"] = shown(file, inbound.FILES.get(said.kind, said.kind))
    if mid not in thread.said:
        thread.add(record, by_user=True)
        graph.user(person.id).said.append(record)
    return record, wanted, event(page, thread, keys, when)


def tell_apps(graph: Graph, page: Page, person: Person, wanted: str, what: Json) -> list[Delivery]:
    """Everybody whom it concerns."""
    return tell(graph, page, graph.thread(page.id, person), what, wanted)


def inbox_says(graph: Graph, page: Page, thread: Thread, text: str) -> list[Delivery]:
    """A human writes in the page's inbox (FB §4.3)."""
    mid = graph.new_id("m_")
    record: Json = {"id": mid, "platform_id": mid, "handle": None, "type": "text", "text": text, "at": ids.now_ms()}
    record |= {"by": "inbox", "app": INBOX, "account": page.id, "channel": "messenger", "user": thread.person_id}
    graph.show(thread, record | {"tick": "sent", "quotes": None})
    return echo(graph, page, thread, record)


def inbox_takes(graph: Graph, page: Page, thread: Thread, metadata: str = "") -> None:
    """The page's inbox takes the thread, and whose it was is told; it may always."""
    before = routing.give(graph, page, thread, INBOX)
    rules = graph.rules
    part: Json = {"previous_owner_app_id": app_id(before, rules), "new_owner_app_id": app_id(INBOX, rules)}
    keys = {"take_thread_control": part | {"metadata": metadata}}
    tell(graph, page, thread, event(page, thread, keys, ids.now_ms()), routing.FIELD, before)
