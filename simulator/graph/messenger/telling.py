"""Which app is told of an event of a page, and how: the owner of the thread in `messaging`, others in `standby`."""

from __future__ import annotations

from collections.abc import Iterable

from ... import ids
from ...protocol_options import Json, Rules
from .. import events
from ..accounts import Page
from ..courier import Delivery
from ..server import Graph
from ..thread import Thread

LATER = frozenset({"messaging_handovers", "messaging_policy_enforcement"})  # never in standby


STANDBY = frozenset({"messages", "message_echoes", "message_reads", "message_deliveries", "messaging_postbacks"})


def app_id(id: str | None, rules: Rules) -> int | str | None:
    """An app's id, as the switch writes it."""
    return int(id) if id and id.isdigit() and rules.page_app_ids_as == "number" else id


def event(page: Page, thread: Thread, keys: Json, at: int, *, by_page: bool = False) -> Json:
    """sender, recipient, timestamp, and what happened."""
    business, user = {"id": page.id}, {"id": thread.person_id}
    sender, recipient = (business, user) if by_page else (user, business)
    return {"sender": sender, "recipient": recipient, "timestamp": at, **keys}


def tell(
    graph: Graph, page: Page, thread: Thread | None, one: Json, wanted: str, only: str | None = None
) -> list[Delivery]:
    """Everybody whom it concerns; `only`: this app."""
    owner = thread.owned_by(page.default_app) if thread is not None else None
    found = []
    for app in graph.subscriptions.pages.get(page.id, {}):
        if only not in (None, app):
            continue
        mine = owner in (None, app) or wanted in LATER
        for to in graph.subscriptions.of_page(graph.setup, page.id, wanted if mine else "standby"):
            if to.app == app and (mine or wanted in STANDBY):
                key = "messaging" if mine else "standby"
                what = one if mine else _without_payload(one)
                found.append(graph.courier.post(to, events.messaging(page.id, what, ids.now_ms(), key)))
    return found


def _without_payload(one: Json) -> Json:
    """Postbacks of standby have none (FB §4.2)."""
    if "postback" not in one:
        return one
    return one | {"postback": {name: value for name, value in one["postback"].items() if name != "payload"}}


def receipts(graph: Graph, page: Page, thread: Thread, record: Json, words: Iterable[str]) -> None:
    """Delivered, read: watermarks, and the ids where the switch has them."""
    for word in words:
        mark = ids.now_ms()
        for one in thread.sent.values():
            thread.tick(one["platform_id"], "delivered" if word == "delivery" else "read")
        part: Json = {"watermark": mark}
        if word == "delivery" and graph.rules.page_delivery_mids:
            part["mids"] = [record["platform_id"]]
        wanted = "message_deliveries" if word == "delivery" else "message_reads"
        tell(graph, page, thread, event(page, thread, {word: part}, mark), wanted)
