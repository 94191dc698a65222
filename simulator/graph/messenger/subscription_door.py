"""Which fields of a page an app is told of (FB §1)."""

from __future__ import annotations

from ...protocol_options import Json
from ..call import Call
from ..refusal import GraphRefused
from .common import page_of, success

FIELDS = (
    "messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_echoes", "messaging_handovers",
    "standby", "messaging_referrals", "messaging_policy_enforcement", "message_reactions", "message_edits",
    "messaging_optins", "messaging_account_linking", "response_feedback", "feed", "inbox_labels",
)  # fmt: skip


async def subscribe(call: Call) -> Json:
    """POST /{page}/subscribed_apps?subscribed_fields=…: what is named is all that is told."""
    call.scope("pages_manage_metadata")
    wanted = call.body.get("subscribed_fields")
    names = [str(one) for one in (wanted if isinstance(wanted, list) else str(wanted or "").split(",")) if one]
    if not names:
        raise GraphRefused(100, "The parameter subscribed_fields is required.")
    for name in names:
        if name not in FIELDS:
            raise GraphRefused(100, f'Param subscribed_fields must be of {{{", ".join(FIELDS)}}} - got "{name}".')
    call.graph.subscriptions.pages.setdefault(page_of(call).id, {})[call.app.id] = tuple(dict.fromkeys(names))
    return success(call)


async def subscribed(call: Call) -> Json:
    """GET: the apps, and their fields."""
    call.scope("pages_manage_metadata")
    data = []
    for app_id, names in call.graph.subscriptions.pages.get(call.node, {}).items():
        app = call.graph.setup.app(app_id)
        data.append({"id": app_id, "name": app.name if app else "", "subscribed_fields": list(names)})
    return {"data": data}


async def unsubscribe(call: Call) -> Json:
    """DELETE"""
    call.scope("pages_manage_metadata")
    call.graph.subscriptions.pages.get(call.node, {}).pop(call.app.id, None)
    return success(call)
