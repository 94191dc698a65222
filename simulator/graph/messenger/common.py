"""What the doors of a page share: the page, the person, the answer of success."""

from __future__ import annotations

from ...protocol_options import Json
from ..accounts import Page
from ..call import Call
from ..refusal import GraphRefused
from ..thread import Thread


def page_of(call: Call) -> Page:
    """The page, if it may be written for."""
    page = call.graph.setup.page(call.node)
    assert page is not None
    if page.restricted:
        raise GraphRefused(10, "Your Page is temporarily restricted", subcode=1893063)
    return page


def thread_with(call: Call, psid: str) -> Thread:
    """What stands between the page and this person; who never wrote to it is nobody."""
    if not call.app.released:
        raise GraphRefused(10, "App is in development, and this person has no role on it", subcode=2018028)
    thread = call.graph.threads.get((call.node, psid))
    if thread is None:
        raise GraphRefused(100, "No matching user found", subcode=2018001)
    return thread


def success(call: Call) -> Json:
    """{"success": true}; the docs print a string."""
    return {"success": True if call.rules.page_success_as == "boolean" else "true"}
