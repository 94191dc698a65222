"""POST /{number}/messages: sends, read marks, typing (WA §7, §8)."""

from __future__ import annotations

import time

from ... import ids
from ...protocol_options import Json
from ..accounts import Number, Template
from ..call import Call
from ..params import Params
from ..people import Person
from ..refusal import GraphRefused
from ..thread import Thread
from . import media_sends, recipients, sends, statuses

TYPING = 25.0  # s that "typing" is shown at most
MONTH = 30 * 86_400_000  # ms


async def messages(call: Call) -> Json:
    """200 is accepted, not delivered."""
    call.scope("whatsapp_business_messaging")
    number = call.graph.setup.number(call.node)
    assert number is not None
    if not number.registered:
        raise GraphRefused(133010)
    params = sends.begin(call.body, call.rules)
    if params.has("status"):
        return _read(call, number, params)
    person, contact = recipients.read(call.graph, number, params)
    kind, shown, quoted, handle = sends.read(params)
    thread = call.graph.thread(number.id, person)
    _limits(call, number, thread)
    _quote(call, thread, quoted)
    answer: Json = {"messaging_product": "whatsapp", "contacts": [contact]}
    wamid = call.graph.new_id("wamid.")
    record = _record(call, thread, person, wamid, kind, shown, quoted, handle)
    failed = await _judged(call, number, thread, person, record, shown)
    told = statuses.Telling(call.graph, number, person, record, failed)
    if failed is None:
        call.graph.show(thread, record)
        if (about := thread.said.get(record.get("reacts_to", ""))) is not None:
            about["reaction"] = record["emoji"] or None
    await told.begin()
    item: Json = {"id": wamid}
    if kind == "template":
        item["message_status"] = "accepted"
    return answer | {"messages": [item]}


def _limits(call: Call, number: Number, thread: Thread) -> None:
    rules = call.rules
    if call.graph.rates.full(f"number {number.id}", rules.cloud_messages_per_second):
        raise GraphRefused(130429, details="Message failed to send because there were too many messages sent.")
    if not thread.pair.takes(rules.cloud_pair_seconds, rules.cloud_pair_burst, rules.cloud_pair_after_burst):
        raise GraphRefused(131056, "pair rate limit hit", details="Too many messages to one user")


def _quote(call: Call, thread: Thread, id: str | None) -> None:
    wanted = call.rules.cloud_unknown_quote
    if id is not None and wanted != "shown" and thread.quotes(id) is None:
        raise GraphRefused(int(wanted), "Param context['message_id'] is not the id of a message of this user")


def _record(
    call: Call,
    thread: Thread,
    person: Person,
    wamid: str,
    kind: str,
    shown: sends.Shown,
    quoted: str | None,
    handle: str | None,
) -> Json:
    record: Json = {"id": handle or wamid, "platform_id": wamid, "handle": handle, "type": kind, "text": shown.text}
    record |= {"at": ids.now_ms(), "by": "business", "app": call.app.id, "account": call.node, "channel": "whatsapp"}
    record |= {"user": person.id, "tick": "accepted", "quotes": thread.quotes(quoted), **(shown.more or {})}
    return record


async def _judged(
    call: Call, number: Number, thread: Thread, person: Person, record: Json, shown: sends.Shown
) -> tuple[int, str] | None:
    """None: it is delivered; else (code, details) of a status that comes later.  Refuses what is refused at once."""
    template = record.get("template")
    if template is not None:
        found = _template(call, number, template)
        if found.category == "AUTHENTICATION" and "recipient" in call.body and "to" not in call.body:
            raise GraphRefused(131062)
        record["text"] = _filled(found, template["values"])
    elif not thread.open_for(call.rules.cloud_window_seconds):
        words = "Message failed to send because more than 24 hours have passed since the customer last replied"
        if call.rules.cloud_window_told == "answer":
            raise GraphRefused(131047, details=words)
        return 131047, words
    if (on := record.get("reacts_to")) is not None and on not in thread.said and on not in thread.sent:
        raise GraphRefused(131009, "Param reaction['message_id'] is not the id of a message of this user")
    if shown.media is not None:
        trouble = await media_sends.attach(call, number, record, shown)
        if trouble is not None:
            if call.rules.cloud_media_told == "answer":
                raise GraphRefused(131053, details=trouble)
            return 131053, trouble
    if call.fails_later is not None:
        return int(call.fails_later.partition("/")[0]), "as a fault wanted it"
    return None


def _template(call: Call, number: Number, wanted: Json) -> Template:
    named = [one for one in call.graph.setup.templates if one.waba == number.waba and one.name == wanted["name"]]
    found = next((one for one in named if one.language == wanted["language"]), None)
    if found is None:
        details = f"template name ({wanted['name']}) does not exist in {wanted['language']}"
        raise GraphRefused(132001, details=details)
    if found.status != "APPROVED":
        raise GraphRefused({"PAUSED": 132015, "DISABLED": 132016}.get(found.status, 132001))
    if len(wanted["values"]) != found.parameters:
        details = f"body: number of localizable_params ({len(wanted['values'])}) does not match the expected number"
        raise GraphRefused(132000, details=f"{details} of params ({found.parameters})")
    return found


def _filled(template: Template, values: list[str]) -> str:
    words = template.text
    for index, value in enumerate(values, 1):
        words = words.replace(f"{{{{{index}}}}}", value)
    return words


def _read(call: Call, number: Number, params: Params) -> Json:
    """A read mark, with typing or without; it is for all that came before, too."""
    params.one_of("status", ("read",))
    id = params.text("message_id")
    typing = params.has("typing_indicator")
    if typing:
        part = params.child("typing_indicator")
        part.one_of("type", ("text",))
        part.only()
    params.only("messaging_product")
    threads = [one for (account, _), one in call.graph.threads.items() if account == number.id and id in one.said]
    if not threads or threads[0].said[id]["at"] < ids.now_ms() - MONTH:
        raise GraphRefused(131009, "Param message_id is not the id of a message that came in the last 30 days")
    thread = threads[0]
    for one in thread.said.values():
        if one["at"] <= thread.said[id]["at"]:
            one["tick"] = "read"
    if typing:
        thread.typing_until = time.time() + TYPING
    note: Json = {"account": number.id, "user": thread.person_id, "id": id, "typing": typing, "at": ids.now_ms()}
    call.graph.reads.append(note)
    return {"success": True}
