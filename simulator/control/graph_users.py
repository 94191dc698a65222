"""`/sim/users/{id}/say` with an `account`: a person writes to a business at Meta (WA §4, FB §4)."""

from __future__ import annotations

import asyncio

from aiohttp import web

from ..graph.accounts import Number, Page
from ..graph.courier import Delivery
from ..graph.files import File
from ..graph.messenger import inbound as page_inbound
from ..graph.messenger import phone as page_phone
from ..graph.server import Graph
from ..graph.subscriptions import Destination
from ..graph.whatsapp import inbound, media_door
from ..graph.whatsapp import phone as cloud_phone
from ..protocol_options import Json
from ..shelf import SHELF, Medium
from ..world import WORLD
from .request_parsing import Answer, Wrong, pick

FIELDS = (
    "account", "text", "type", "id", "timestamp", "repeat", "together", "media", "quotes", "more", "raw", "persist",
    "wait",
)  # fmt: skip
PATIENCE = 30.0  # s for the answer to the first attempt


async def speak(request: web.Request, body: Json) -> Answer:
    """The user writes; answers {"id", "answers": of each app that was told}."""
    for name in body:
        if name not in FIELDS:
            raise Wrong(400, f"There is no field {name!r} here; there are {', '.join(FIELDS)}.")
    graph = request.app[WORLD].graph
    medium = _medium(request, body)
    repeat, together = pick(body, "repeat", int, 1), pick(body, "together", bool, False)
    if not 1 <= repeat <= 1000:
        raise Wrong(400, "repeat is a whole number from 1 to 1000.")
    record, tell = said(graph, request.match_info["id"], body, medium, str(request.url.origin()))
    waits, persist = pick(body, "wait", bool, True), pick(body, "persist", float, 0.0)
    told: list[Delivery] = []
    for _ in range(repeat):
        new = tell()
        told += new
        if waits and not together:
            await settled(new, record, persist)
    if waits and together:
        await settled(told, record, persist)
    if not told:
        raise Wrong(409, "No app is told of this account: POST /sim/graph/subscribe, or let the bridge subscribe.")
    return {"id": record["id"], "answers": [one.shown() for one in told]}


def _medium(request: web.Request, body: Json) -> Medium | None:
    if (id := pick(body, "media", str, None)) is None:
        return None
    if (medium := request.app[SHELF].get(id)) is None:
        raise Wrong(404, "There is no file of this id.")
    return medium


async def settled(told: list[Delivery], record: Json, persist: float) -> None:
    """The first attempt was answered; with `persist` the last one, or so many seconds have passed."""

    async def one(delivery: Delivery) -> None:
        await delivery.bell.until(lambda: bool(delivery.answers), PATIENCE)
        if persist:
            await delivery.bell.until(lambda: delivery.done, persist)

    await asyncio.gather(*(one(delivery) for delivery in told))
    record["answers"] = [answer for delivery in told for answer in delivery.answers]


class Tell:
    """What is to be told, as often as one likes."""

    def __init__(self, graph: Graph, account: Number | Page, person_id: str, wanted: str, what: Json) -> None:
        self.graph, self.account, self.person, self.wanted, self.what = graph, account, person_id, wanted, what

    def __call__(self) -> list[Delivery]:
        """Once."""
        if isinstance(self.account, Number):
            return cloud_phone.tell(self.graph, self.account, self.what)
        return page_phone.tell_apps(
            self.graph, self.account, self.graph.people.of(self.person), self.wanted, self.what
        )


class TellRaw:
    """A whole body, as it is."""

    def __init__(self, graph: Graph, there: list[Destination], body: Json) -> None:
        self.graph, self.there, self.body = graph, there, body

    def __call__(self) -> list[Delivery]:
        """Once."""
        return [self.graph.courier.post(one, None, self.body) for one in self.there]


def said(graph: Graph, user_id: str, body: Json, medium: Medium | None, origin: str) -> tuple[Json, Tell | TellRaw]:
    """What stands on the screen now, and what is told of it."""
    account = account_of(graph, pick(body, "account", str))
    kind = pick(body, "type", str, medium.kind if medium else "text")
    text, quotes, more = pick(body, "text", str, None), pick(body, "quotes", str, None), pick(body, "more", dict, {})
    if (raw := pick(body, "raw", dict, None)) is not None:
        return {"id": pick(body, "id", str, ""), "answers": []}, TellRaw(graph, there(graph, account), raw)
    person, id, at = graph.people.of(user_id), pick(body, "id", str, None), pick(body, "timestamp", int, None)
    file = _kept(graph, account, medium) if medium else None
    if isinstance(account, Number):
        url = media_door.address(graph, origin, file) if file and graph.rules.cloud_media_url_in_webhook else None
        record, value = cloud_phone.say(
            graph, account, person, inbound.Said(kind, text, file, url, quotes, more), id, at
        )
        return record, Tell(graph, account, person.id, "messages", value)
    address = page_phone.address(origin, file) if file else None
    what = page_inbound.Said(kind, text, address, quotes, more)
    record, wanted, event = page_phone.say(graph, account, person, what, file, id, at)
    return record, Tell(graph, account, person.id, wanted, event)


def _kept(graph: Graph, account: Number | Page, medium: Medium) -> File:
    return graph.files.keep(account.id, medium.mime_type, medium.content, medium.name, inbound=True)


def account_of(graph: Graph, id: str) -> Number | Page:
    """The number or the page of this id."""
    found = graph.setup.number(id) or graph.setup.page(id)
    if found is None:
        raise Wrong(404, "There is no number and no page of this id at Meta.")
    return found


def there(graph: Graph, account: Number | Page) -> list[Destination]:
    """Every app that is told of this account's messages."""
    if isinstance(account, Number):
        return graph.subscriptions.of_number(graph.setup, account.id)
    return graph.subscriptions.of_page(graph.setup, account.id, "messages")
