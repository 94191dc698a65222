"""What is told of a message that was accepted: sent, delivered, read, or failed (WA §5)."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from ...protocol_options import Json
from .. import events
from ..accounts import Number
from ..courier import Delivery
from ..people import Person
from ..refusal import in_status
from ..server import Graph

PATIENCE = 5.0  # s that an answer waits for a status that is to come before it


def tell(graph: Graph, number: Number, value: Json, field: str = "messages") -> list[Delivery]:
    """A value of one number, to every app that subscribed its account."""
    metadata = {"display_phone_number": number.display, "phone_number_id": number.id}
    whole: Json = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    there = graph.subscriptions.of_number(graph.setup, number.id)
    return [graph.courier.post(one, events.change(number.waba, whole, field)) for one in there]


@dataclass
class Telling:
    """All statuses of one message.  `failed`: (code, details)."""

    graph: Graph
    number: Number
    person: Person
    record: Json
    failed: tuple[int, str] | None

    async def begin(self) -> None:
        """Tell those that come before the answer; the others are told later."""
        rules = self.graph.rules
        told = ["failed"] if self.failed else [one for one in rules.cloud_statuses if one != "played" or self._voice]
        if rules.cloud_status_order == "reversed":
            told = told[::-1]
        told = [one for one in told for _ in range(rules.cloud_status_copies)]
        early, late = told[: rules.cloud_statuses_before_answer], told[rules.cloud_statuses_before_answer :]
        for word in early:
            for delivery in self.tell(word):
                await _answered(delivery)
        if late:
            self.graph.courier.spawn(self._later(late))

    @property
    def _voice(self) -> bool:
        return bool(self.record.get("voice"))

    async def _later(self, words: list[str]) -> None:
        for word in words:
            await asyncio.sleep(self.graph.rules.cloud_status_seconds)
            self.tell(word)

    def tell(self, word: str) -> list[Delivery]:
        """One status; the phone's tick goes with it."""
        thread = self.graph.thread(self.number.id, self.person)
        thread.tick(self.record["platform_id"], word)
        value: Json = {"statuses": [self._item(word)]}
        if word != "failed" and self.graph.rules.cloud_contacts_with_statuses:
            value = {"contacts": [contact(self.person, self.graph)], **value}
        return tell(self.graph, self.number, value)

    def _item(self, word: str) -> Json:
        person, rules = self.person, self.graph.rules
        item: Json = {"id": self.record["platform_id"], "status": word, "timestamp": str(int(time.time()))}
        if person.number:
            item["recipient_id"] = person.number
        if rules.cloud_user_ids and person.user_id:
            item["recipient_user_id"] = person.user_id
        if self.record["handle"] is not None and rules.cloud_callback_data:
            item["biz_opaque_callback_data"] = self.record["handle"]
        if self.failed:
            return item | {"errors": [in_status(*self.failed)]}
        category = "utility" if self.record["type"] == "template" else "service"
        pricing = {"billable": False, "pricing_model": "PMP", "category": category, "type": "free_customer_service"}
        return item | {"pricing": pricing}


def contact(person: Person, graph: Graph) -> Json:
    """An item of `contacts` (WA §3)."""
    item: Json = {"profile": {"name": person.name}}
    if person.username:
        item["profile"]["username"] = person.username
    if person.number:
        item["wa_id"] = person.number
    if person.user_id and (graph.rules.cloud_user_ids or not person.number):
        item["user_id"] = person.user_id
        if person.parent_user_id:
            item["parent_user_id"] = person.parent_user_id
    return item


async def _answered(delivery: Delivery) -> None:
    await delivery.bell.until(lambda: bool(delivery.answers), PATIENCE)
