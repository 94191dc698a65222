"""An app: its callbacks, and what a token is good for."""

from __future__ import annotations

from ..protocol_options import Json
from .call import Call
from .refusal import GraphRefused
from .subscriptions import MESSENGER, WHATSAPP, Callback
from .whatsapp.number_door import chosen, verified


async def look(call: Call) -> Json:
    """GET /{app} or /me"""
    return chosen({"name": call.app.name}, call.body.get("fields"), ("name",), call.app.id)


async def subscribe(call: Call) -> Json:
    """POST /{app}/subscriptions {"object", "callback_url", "verify_token", "fields"}: the handshake comes first."""
    _own(call)
    kind = call.body.get("object")
    if kind not in (WHATSAPP, MESSENGER):
        raise GraphRefused(100, f"Param object must be one of {{{WHATSAPP}, {MESSENGER}}}")
    names = call.body.get("fields") or ""
    fields = tuple(str(one) for one in (names if isinstance(names, list) else names.split(",")) if one)
    found = await verified(call, call.body, "callback_url")
    call.graph.subscriptions.callbacks[call.app.id, kind] = Callback(found.url, found.verify_token, fields)
    return {"success": True}


async def subscriptions(call: Call) -> Json:
    """GET /{app}/subscriptions: with the app's own token."""
    _own(call)
    data = [
        {
            "object": kind,
            "callback_url": one.url,
            "active": True,
            "fields": [{"name": name, "version": "v25.0"} for name in one.fields or ("messages",)],
        }
        for (app, kind), one in call.graph.subscriptions.callbacks.items()
        if app == call.app.id
    ]
    return {"data": data}


def _own(call: Call) -> None:
    if call.token.kind != "APP" or call.node != call.app.id:
        raise GraphRefused(15, "This method must be called with an app access token.", status=400)


async def debug_token(call: Call) -> Json:
    """GET /debug_token?input_token=…: of a token of the same app."""
    token = call.graph.setup.token(str(call.body.get("input_token", "")))
    if token is None or token.app != call.app.id:
        words = {"code": 190, "message": "Invalid OAuth access token."}
        return {"data": {"is_valid": False, "error": words, "scopes": []}}
    words = {"app_id": token.app, "type": token.kind, "application": call.app.name, "is_valid": not token.expired}
    data: Json = {**words, "data_access_expires_at": 0, "expires_at": 0, "scopes": list(token.scopes)}
    data["granular_scopes"] = [{"scope": one, "target_ids": list(token.accounts)} for one in token.scopes]
    return {"data": data}
