"""Messages that a bridge sends to users (Yalo §3.1): the shapes that are taken, by channel and kind."""

from __future__ import annotations

from typing import Any

from ..protocol_options import Json, Rules

MEDIA = ("image", "audio", "video", "document")
BODY_FIELDS = {"phone": str, "webhook": str, "provider": str, "version": int}


class BadBody(ValueError):
    """The platform does not take this; 400."""


def _need(body: Json, path: str, kind: type = str) -> Any:
    value: Any = body
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool) or value == "":
        raise BadBody(f"{path} is required")
    return value


def _within(text: str, limit: int | None) -> str:
    if limit is not None and len(text) > limit:
        raise BadBody(f"text is longer than {limit} characters")
    return text


def read(provider: str, body: Json, rules: Rules) -> tuple[str, Json]:
    """(user id, message) of one send."""
    return _facebook(body, rules) if provider == "facebook" else _whatsapp(body, rules)


def _whatsapp(body: Json, rules: Rules) -> tuple[str, Json]:
    """`{"id","type","userId", "<type>": {…}}`"""
    kind = _need(body, "type")
    message: Json = {"id": _need(body, "id"), "type": kind, "text": None}
    if kind == "text":
        message["text"] = _within(_need(body, "text.body"), rules.whatsapp_max_text)
    elif kind in MEDIA:
        _address(_need(body, f"{kind}.url"), f"{kind}.url")
        message["media"] = body[kind]
    else:
        raise BadBody(f"type {kind!r} cannot be sent")
    return _need(body, "userId"), message


def _facebook(body: Json, rules: Rules) -> tuple[str, Json]:
    """A Messenger Send API body; it has no id of the sender's."""
    _need(body, "messaging_type")
    message = _need(body, "message", dict)
    if "metadata" in body and not isinstance(body["metadata"], str):
        raise BadBody("metadata must be a string")
    user_id = _need(body, "recipient.id")
    if "text" in message and "attachment" in message:
        raise BadBody("message has either text or an attachment")
    if "text" in message:
        text = _within(_need(body, "message.text"), rules.facebook_max_text)
        return user_id, {"id": None, "type": "text", "text": text}
    kind = _need(body, "message.attachment.type")
    _need(body, "message.attachment.payload", dict)
    return user_id, {"id": None, "type": kind, "text": None, "media": message["attachment"]}


def registration(channel: str, body: Json) -> Json:
    """The body of a registration: phone, webhook, provider, version.  `channel`: the provider of the path."""
    for name, kind in BODY_FIELDS.items():
        _need(body, name, kind)
    _of_channel(channel, body)
    _address(body["webhook"], "webhook")
    return {name: body[name] for name in BODY_FIELDS}


def removal(channel: str, body: Json) -> str:
    """The body of a removal: phone, provider; returns the provider."""
    _of_channel(channel, body)
    return channel


def _of_channel(channel: str, body: Json) -> None:
    """The channel's own provider, and a number as it writes numbers: E.164 with `+`, or a page's id."""
    phone, provider = _need(body, "phone"), _need(body, "provider")
    if provider != channel:
        raise BadBody(f"provider {provider!r} is not this channel's")
    digits = phone[1:] if channel == "whatsapp" and phone.startswith("+") else phone
    if not (digits.isascii() and digits.isdigit()) or (channel == "whatsapp" and digits == phone):
        raise BadBody("phone is E.164 with + for WhatsApp, a page's id for Messenger")


def _address(text: str, path: str) -> None:
    if not text.startswith(("http://", "https://")):
        raise BadBody(f"{path} must be an address")
