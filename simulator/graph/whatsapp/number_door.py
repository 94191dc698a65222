"""A number and its account: what can be asked, and where their webhooks go (WA §2.3)."""

from __future__ import annotations

from ...protocol_options import Json
from .. import handshake
from ..accounts import Number
from ..call import Call
from ..refusal import GraphRefused
from ..subscriptions import WHATSAPP, Callback


def _fields(number: Number) -> Json:
    return {
        "verified_name": number.name,
        "code_verification_status": "VERIFIED",
        "display_phone_number": number.display,
        "quality_rating": number.quality,
        "platform_type": "CLOUD_API",
        "status": number.status,
        "name_status": "APPROVED",
        "messaging_limit_tier": number.tier,
        "throughput": {"level": "STANDARD"},
        "account_mode": "LIVE",
        "health_status": {"can_send_message": "AVAILABLE" if number.registered else "BLOCKED"},
    }


_USUAL = ("verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type")


def chosen(everything: Json, wanted: object, usual: tuple[str, ...], id: str) -> Json:
    """The fields that are asked for, and the id; an unknown one is refused."""
    names = [one.strip() for one in str(wanted).split(",")] if wanted else list(usual)
    for name in names:
        if name not in everything and name != "id":
            raise GraphRefused(100, f"Tried accessing nonexisting field ({name})")
    return {name: everything[name] for name in names if name != "id"} | {"id": id}


async def look(call: Call) -> Json:
    """GET /{number}?fields=…"""
    call.scope("whatsapp_business_management", "whatsapp_business_messaging")
    number = call.graph.setup.number(call.node)
    assert number is not None
    override, waba = (
        call.graph.subscriptions.numbers.get(number.id),
        call.graph.subscriptions.wabas.get(number.waba, {}),
    )
    own, app = waba.get(call.app.id), call.graph.subscriptions.callbacks.get((call.app.id, WHATSAPP))
    configured = {"phone_number": override, "whatsapp_business_account": own, "application": app}
    more = {"webhook_configuration": {name: one.url for name, one in configured.items() if one is not None}}
    return chosen(_fields(number) | more, call.body.get("fields"), _USUAL, number.id)


async def configure(call: Call) -> Json:
    """POST /{number} {"webhook_configuration": {"override_callback_uri", "verify_token"}}; "" takes it away."""
    call.scope("whatsapp_business_management")
    wanted = call.body.get("webhook_configuration")
    if not isinstance(wanted, dict):
        raise GraphRefused(100, "The parameter webhook_configuration is required.")
    if wanted.get("override_callback_uri") == "":
        call.graph.subscriptions.numbers.pop(call.node, None)
        return {"success": True}
    call.graph.subscriptions.numbers[call.node] = await verified(call, wanted, "override_callback_uri")
    return {"success": True}


async def verified(call: Call, wanted: Json, name: str) -> Callback:
    """A callback that answered the handshake."""
    url, token = wanted.get(name), wanted.get("verify_token")
    if not isinstance(url, str) or not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise GraphRefused(100, f"Param {name} must be a valid https URL")
    if not isinstance(token, str) or not token:
        raise GraphRefused(100, "The parameter verify_token is required.")
    seconds = call.rules.meta_webhook_timeout
    if (why := await handshake.failure(call.graph.courier.http, url, token, seconds)) is not None:
        raise GraphRefused(2200, f"Callback verification failed with the following errors: {why}")
    return Callback(url, token)


async def account(call: Call) -> Json:
    """GET /{waba}"""
    call.scope("whatsapp_business_management")
    fields = {
        "name": "Tienda",
        "timezone_id": "1",
        "message_template_namespace": "simulated",
        "account_review_status": "APPROVED",
    }
    usual = ("name", "timezone_id", "message_template_namespace")
    return chosen(fields, call.body.get("fields"), usual, call.node)


async def numbers(call: Call) -> Json:
    """GET /{waba}/phone_numbers"""
    call.scope("whatsapp_business_management")
    found = [one for one in call.graph.setup.numbers if one.waba == call.node]
    return {"data": [chosen(_fields(one), call.body.get("fields"), _USUAL, one.id) for one in found]}


async def templates(call: Call) -> Json:
    """GET /{waba}/message_templates[?name=…]"""
    call.scope("whatsapp_business_management")
    name = call.body.get("name")
    found = [one for one in call.graph.setup.templates if one.waba == call.node and name in (None, one.name)]
    data: list[Json] = [
        {
            "name": one.name,
            "language": one.language,
            "status": one.status,
            "category": one.category,
            "components": [{"type": "BODY", "text": one.text}],
            "id": str(10**15 + place),
        }
        for place, one in enumerate(found)
    ]
    return {"data": data}


async def subscribe(call: Call) -> Json:
    """POST /{waba}/subscribed_apps [{"override_callback_uri", "verify_token"}]"""
    call.scope("whatsapp_business_management")
    override = None
    if call.body.get("override_callback_uri"):
        override = await verified(call, call.body, "override_callback_uri")
    call.graph.subscriptions.wabas.setdefault(call.node, {})[call.app.id] = override
    return {"success": True}


async def subscribed(call: Call) -> Json:
    """GET: the apps, and their overrides."""
    call.scope("whatsapp_business_management")
    data = []
    for app_id, override in call.graph.subscriptions.wabas.get(call.node, {}).items():
        app = call.graph.setup.app(app_id)
        name = app.name if app else ""
        one: Json = {"whatsapp_business_api_data": {"id": app_id, "name": name, "link": "https://example.org"}}
        data.append(one | ({"override_callback_uri": override.url} if override else {}))
    return {"data": data}


async def unsubscribe(call: Call) -> Json:
    """DELETE"""
    call.scope("whatsapp_business_management")
    call.graph.subscriptions.wabas.get(call.node, {}).pop(call.app.id, None)
    return {"success": True}
