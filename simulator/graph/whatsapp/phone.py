"""A user of WhatsApp does something: it stands on their screen, and the business's apps are told."""

from __future__ import annotations

from ... import ids
from ...protocol_options import Json
from ..accounts import Number
from ..courier import Delivery
from ..people import Person
from ..server import Graph
from . import inbound, statuses
from .media_sends import describe


def say(
    graph: Graph, number: Number, person: Person, said: inbound.Said, id: str | None, at: int | None
) -> tuple[Json, Json]:
    """(what is on the screen, the value that is told).  `at`: ms."""
    wamid, when = id or graph.new_id("wamid."), at or ids.now_ms()
    thread = graph.thread(number.id, person)
    item: Json = {"from": person.number} if person.number else {}
    if person.user_id and (graph.rules.cloud_user_ids or not person.number):
        item["from_user_id"] = person.user_id
        if person.parent_user_id:
            item["from_parent_user_id"] = person.parent_user_id
    item |= {"id": wamid, "timestamp": str(when // 1000), **inbound.item(said)}
    if said.quotes and said.kind not in inbound.POINTS_AT:
        item["context"] = {"from": number.display, "id": said.quotes}
    thread.opened(when / 1000, by_word=True)
    record: Json = {"id": wamid, "platform_id": wamid, "text": said.text, "type": said.kind, "at": when, "by": "user"}
    record |= {"account": number.id, "channel": "whatsapp", "tick": "sent", "answers": [], "user": person.id}
    record["quotes"] = thread.quotes(said.quotes)
    if said.file is not None:
        record["media"] = describe(said.file, said.kind, said.file.name)
    if wamid not in thread.said:
        thread.add(record, by_user=True)
        graph.user(person.id).said.append(record)
    graph.rates.full(f"number {number.id}", graph.rules.cloud_messages_per_second)  # the limit is of both directions
    value: Json = {"messages": [item]}
    if said.kind != "system":
        value = {"contacts": [statuses.contact(person, graph)], **value}
    return record, value


def tell(graph: Graph, number: Number, value: Json) -> list[Delivery]:
    """Every app that subscribed the account is told."""
    return statuses.tell(graph, number, value)
