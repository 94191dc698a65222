"""The edges of thread control (FB §5)."""

from __future__ import annotations

from ...protocol_options import Json
from ..call import Call
from ..params import Params
from ..refusal import GraphRefused
from ..thread import Thread
from . import routing
from .common import page_of, success, thread_with
from .sends import begin, recipient
from .telling import app_id

DAYS = 7 * 86_400


def _read(call: Call) -> tuple[Params, Thread, str | None]:
    call.scope("pages_messaging")
    params = begin(call.body, call.rules)
    return params, thread_with(call, recipient(params)), params.maybe("metadata", 1000)


async def hand_over(call: Call) -> Json:
    """POST pass_thread_control {"recipient", "target_app_id", "metadata"?}"""
    params, thread, metadata = _read(call)
    if not params.has("target_app_id"):
        raise params.missing("target_app_id")
    target = str(params.value["target_app_id"])
    params.only()
    if call.graph.setup.app(target) is None and not _is_inbox(target):
        raise GraphRefused(100, "Param target_app_id is no app of this page")
    routing.hand_over(call.graph, page_of(call), thread, call.app.id, target, metadata)
    return success(call)


def _is_inbox(target: str) -> bool:
    return target in ("263902037430900", "26390203743090", "1217981644879628")


async def take(call: Call) -> Json:
    """POST take_thread_control {"recipient", "metadata"?}"""
    params, thread, metadata = _read(call)
    params.only()
    routing.take(call.graph, page_of(call), thread, call.app.id, metadata)
    return success(call)


async def request(call: Call) -> Json:
    """POST request_thread_control {"recipient", "metadata"?}"""
    params, thread, metadata = _read(call)
    params.only()
    routing.request(call.graph, page_of(call), thread, call.app.id, metadata)
    return success(call)


async def release(call: Call) -> Json:
    """POST release_thread_control {"recipient"}"""
    params, thread, _ = _read(call)
    params.only()
    routing.release(call.graph, page_of(call), thread, call.app.id)
    return success(call)


async def extend(call: Call) -> Json:
    """POST extend_thread_control {"recipient", "duration"}: at most seven days."""
    params, thread, _ = _read(call)
    seconds = params.number("duration", 1, DAYS)
    params.only()
    if thread.owned_by(page_of(call).default_app) != call.app.id:
        raise GraphRefused(10, "Only the app that controls the thread can extend it")
    thread.give(call.app.id, seconds)
    return success(call)


async def owner(call: Call) -> Json:
    """GET thread_owner?recipient=PSID: the app's id only for the owner and the default app."""
    call.scope("pages_messaging")
    thread, page = thread_with(call, str(call.body.get("recipient", ""))), page_of(call)
    found = thread.owned_by(page.default_app)
    if thread.owner is None or found is None:
        return {"data": []}
    told: Json = {"expiration": int(thread.owner_until)}
    if call.app.id in (found, page.default_app):
        told = {"app_id": app_id(found, call.rules), **told}
    return {"data": [{"thread_owner": told}]}
