"""POST /{page}/messages and message_attachments (FB §6, §7, §8)."""

from __future__ import annotations

import asyncio
import time

from ... import ids
from ...protocol_options import Json
from ..accounts import Page
from ..call import Call
from ..courier import Delivery
from ..params import Params
from ..refusal import GraphRefused, of_words
from ..server import Graph
from ..thread import Thread
from . import files_of_sends, routing, sends
from .common import page_of, thread_with
from .telling import app_id, event, receipts, tell

TYPING = 20.0  # s that "typing" is shown at most
DAY = 86_400.0
BESIDE = ("recipient", "messaging_type", "tag", "message")


async def messages(call: Call) -> Json:
    """200: it was taken; echo and receipts follow."""
    call.scope("pages_messaging")
    page, params = page_of(call), sends.begin(call.body, call.rules)
    thread = thread_with(call, sends.recipient(params))
    _calls(call, page)
    if params.has("sender_action"):
        return _act(call, thread, *sends.action(params))
    _, tag = sends.kind(params)
    shown = sends.message(params, call.rules, with_file=call.file is not None)
    params.one_of("notification_type", ("REGULAR", "SILENT_PUSH", "NO_PUSH"), "REGULAR")
    params.maybe("persona_id")
    control = _control(call, params)
    params.only(*BESIDE)
    _rates(call, page, thread, shown)
    _window(call, thread, tag)
    if thread.owned_by(page.default_app) not in (None, call.app.id) and call.rules.page_not_owner_refusal != "taken":
        words = "Message failed to send because another app is controlling this thread now."
        raise of_words(call.rules.page_not_owner_refusal, words)
    record, answer = await _taken(call, thread, shown)
    routing.act(call.graph, page, thread, call.app.id)
    await _told(call.graph, page, thread, record, answer["message_id"], lost=call.fails_later is not None)
    if control is not None:
        control_type, to = control
        if control_type == "release":
            routing.release(call.graph, page, thread, call.app.id)
        else:
            routing.hand_over(call.graph, page, thread, call.app.id, to or page.default_app or call.app.id, None)
    return answer


async def attachments(call: Call) -> Json:
    """POST /{page}/message_attachments: only kept, for later sends."""
    call.scope("pages_messaging")
    page_of(call)
    params = sends.begin(call.body, call.rules)
    shown = sends.message(params, call.rules, with_file=call.file is not None)
    if shown.attachment is None or shown.attachment["type"] == "template" or not shown.attachment["reusable"]:
        raise GraphRefused(100, "An attachment with is_reusable is required")
    return {"attachment_id": (await files_of_sends.file_of(call, shown.attachment)).id}


def _calls(call: Call, page: Page) -> None:
    """200 calls for each person who wrote in the last 24 h (FB §8)."""
    day_ago = time.time() - DAY
    engaged = sum(1 for (id, _), one in call.graph.threads.items() if id == page.id and (one.said_at or 0) > day_ago)
    if call.graph.rates.full(f"calls {page.id}", call.rules.page_calls_per_user * max(engaged, 1), DAY):
        raise GraphRefused(32, "Page request limit reached")


def _rates(call: Call, page: Page, thread: Thread, shown: sends.Shown) -> None:
    rules, rates = call.rules, call.graph.rates
    slow = shown.attachment is not None and shown.attachment["type"] in ("audio", "video")
    most, name = (rules.page_media_per_second, "media") if slow else (rules.page_texts_per_second, "texts")
    each = rules.page_thread_per_second
    if rates.full(f"{name} {page.id}", most) or (each is not None and rates.full(f"thread {thread.person_id}", each)):
        raise GraphRefused(613)


def _window(call: Call, thread: Thread, tag: str | None) -> None:
    rules = call.rules
    if tag is None and thread.open_for(rules.page_window_seconds):
        return
    since = thread.since_said()
    if tag == "HUMAN_AGENT":
        if not call.app.human_agent:
            raise GraphRefused(10, "This app has not the feature Human Agent")
        if since is not None and since < rules.page_human_agent_seconds:
            return
    raise of_words(rules.page_window_refusal, "This message is sent outside of allowed window.")


def _control(call: Call, params: Params) -> tuple[str, str | None] | None:
    """thread_control of a send: (pass | release, to whom)."""
    if not params.has("thread_control"):
        return None
    part = params.child("thread_control")
    word, to = part.one_of("control_type", ("pass", "release")), part.has("app_id") and str(part.value["app_id"])
    part.only()
    return word, to or None


def _act(call: Call, thread: Thread, word: str, about: Json) -> Json:
    """typing, seen, a reaction: no message."""
    note: Json = {"account": call.node, "user": thread.person_id, "action": word, "at": ids.now_ms(), **about}
    if word in ("react", "unreact"):
        if about["on"] not in thread.said:
            raise GraphRefused(100, "Param payload['message_id'] is not the id of a message of this person")
        thread.said[about["on"]]["reaction"] = about["emoji"] or None
    elif word == "mark_seen":
        for one in thread.said.values():
            one["tick"] = "read"
    else:
        thread.typing_until = time.time() + TYPING if word == "typing_on" else 0.0
    call.graph.reads.append(note)
    return {"recipient_id": thread.person_id}


async def _taken(call: Call, thread: Thread, shown: sends.Shown) -> tuple[Json, Json]:
    """(what the phone shows, the answer)."""
    mid = call.graph.new_id("m_")
    record: Json = {"id": shown.handle or mid, "platform_id": mid, "handle": shown.handle, "type": "text"}
    record |= {"text": shown.text, "at": ids.now_ms(), "by": "business", "app": call.app.id, "account": call.node}
    record |= {"channel": "messenger", "user": thread.person_id, "tick": "sent", **shown.more}
    record["quotes"] = thread.quotes(shown.quotes)
    answer: Json = {"recipient_id": thread.person_id, "message_id": mid}
    wanted = shown.attachment
    if wanted is not None and wanted["type"] == "template":
        record |= {"type": "template", "options": [{"title": one} for one in wanted.get("buttons", [])]}
    elif wanted is not None:
        file = await files_of_sends.file_of(call, wanted)
        record |= {"type": wanted["type"], "media": files_of_sends.shown(file, wanted["type"])}
        if wanted["reusable"]:
            answer["attachment_id"] = file.id
    return record, answer


async def _told(graph: Graph, page: Page, thread: Thread, record: Json, mid: str, *, lost: bool) -> None:
    """The phone shows it, the apps get the echo, and then that it was delivered and read.

    `lost`: it was taken, and nobody ever sees it.
    """
    if lost:
        return
    graph.show(thread, record)
    early = graph.rules.page_echo_before_answer
    if graph.rules.page_echoes and early:
        for delivery in echo(graph, page, thread, record):
            await _answered(delivery)
    graph.courier.spawn(_later(graph, page, thread, record, with_echo=graph.rules.page_echoes and not early))


async def _answered(delivery: Delivery) -> None:
    await delivery.bell.until(lambda: bool(delivery.answers), 5)


async def _later(graph: Graph, page: Page, thread: Thread, record: Json, *, with_echo: bool) -> None:
    await asyncio.sleep(graph.rules.page_echo_seconds)
    if with_echo:
        echo(graph, page, thread, record)
    for word in graph.rules.page_receipts:
        await asyncio.sleep(graph.rules.page_echo_seconds)
        receipts(graph, page, thread, record, [word])


def echo(graph: Graph, page: Page, thread: Thread, record: Json) -> list[Delivery]:
    """What the page said, whoever said it (FB §4.3)."""
    message: Json = {"mid": record["platform_id"], "is_echo": True, "app_id": app_id(record["app"], graph.rules)}
    if record["text"] is not None:
        message["text"] = record["text"]
    if record["handle"] is not None and graph.rules.page_echo_metadata:
        message["metadata"] = record["handle"]
    if media := record.get("media"):
        message["attachments"] = [
            {"type": record["type"], "payload": {"url": f"https://scontent.xx.fbcdn.net/{media['file']}"}}
        ]
    what = event(page, thread, {"message": message}, record["at"], by_page=True)
    return tell(graph, page, thread, what, "message_echoes")
