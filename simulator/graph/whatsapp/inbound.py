"""What users do on WhatsApp, as items of `messages[]` (WA §4): every row of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ...protocol_options import Json
from ..files import File

MEDIA = ("image", "video", "audio", "document", "sticker")


@dataclass(frozen=True)
class Said:
    """What a user did.  `more` goes into the type's object as it is."""

    kind: str
    text: str | None = None
    file: File | None = None
    url: str | None = None  # of the file, where webhooks carry it
    quotes: str | None = None
    more: Json = field(default_factory=dict)


class BadSaid(ValueError):
    """Nobody can do this on WhatsApp."""


def item(said: Said) -> Json:
    """The parts of the item that its type decides; `type` first."""
    if said.kind in MEDIA or said.kind == "voice":
        return _media(said)
    found = _KINDS.get(said.kind)
    if found is None:  # a type that nobody knows yet
        return {"type": said.kind, said.kind: said.more} if said.more else {"type": said.kind}
    return found(said)


def _media(said: Said) -> Json:
    kind = "audio" if said.kind == "voice" else said.kind
    file = said.file
    part: Json = {} if file is None else {"id": file.id, "mime_type": file.mime, "sha256": file.sha256_base64}
    if kind == "audio":
        part["voice"] = said.kind == "voice"
    if kind == "sticker":
        part["animated"] = False
    if kind == "document" and file is not None and file.name:
        part["filename"] = file.name
    if said.text and kind in ("image", "video", "document"):
        part["caption"] = said.text
    if said.url:
        part["url"] = said.url
    return {"type": kind, kind: part | said.more}


def _text(said: Said) -> Json:
    return {"type": "text", "text": {"body": said.text or "", **said.more}}


def _location(said: Said) -> Json:
    where: Json = {"latitude": 19.4326, "longitude": -99.1332}
    if said.text:
        where["name"] = said.text
    return {"type": "location", "location": where | said.more}


def _contacts(said: Said) -> Json:
    name = said.text or "Leo Paz"
    one = {"name": {"formatted_name": name}, "phones": [{"phone": "+52 1 55 9999 0000", "wa_id": "5215599990000"}]}
    return {"type": "contacts", "contacts": said.more.get("contacts", [one])}


def _button_reply(said: Said) -> Json:
    reply = {"id": said.more.get("id", "1"), "title": said.text or ""}
    return {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}


def _list_reply(said: Said) -> Json:
    reply = {
        "id": said.more.get("id", "1"),
        "title": said.text or "",
        "description": said.more.get("description", ""),
    }
    return {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": reply}}


def _flow(said: Said) -> Json:
    reply = {"name": "flow", "body": said.text or "Sent", "response_json": said.more.get("response_json", "{}")}
    return {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": reply}}


def _button(said: Said) -> Json:
    return {"type": "button", "button": {"payload": said.more.get("payload", said.text), "text": said.text or ""}}


def _reaction(said: Said) -> Json:
    """Without text: it is taken away."""
    part: Json = {"message_id": said.quotes}
    return {"type": "reaction", "reaction": part | ({"emoji": said.text} if said.text else {}) | said.more}


def _order(said: Said) -> Json:
    one = {"product_retailer_id": "SKU-1", "quantity": 1, "item_price": 10.5, "currency": "MXN"}
    part: Json = {"catalog_id": "77", "product_items": [one]}
    return {"type": "order", "order": part | ({"text": said.text} if said.text else {}) | said.more}


def _system(said: Said) -> Json:
    return {"type": "system", "system": {"type": "user_changed_number", "body": said.text or "changed", **said.more}}


def _unsupported(said: Said) -> Json:
    error = {"code": 131051, "title": "Message type unknown", "message": "Message type unknown"}
    error_data = {"error_data": {"details": "Message type is currently not supported."}}
    part = {"unsupported": said.more} if said.more else {}
    return {"type": "unsupported", **part, "errors": [error | error_data]}


def _edit(said: Said) -> Json:
    message = {"type": "text", "text": {"body": said.text or ""}}
    return {"type": "edit", "edit": {"original_message_id": said.quotes, "message": message}}


def _revoke(said: Said) -> Json:
    return {"type": "revoke", "revoke": {"original_message_id": said.quotes}}


def _welcome(said: Said) -> Json:
    return {"type": "request_welcome"}


_KINDS: dict[str, Callable[[Said], Json]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "button_reply": _button_reply,
    "list_reply": _list_reply,
    "flow": _flow,
    "button": _button,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
    "unsupported": _unsupported,
    "edit": _edit,
    "revoke": _revoke,
    "request_welcome": _welcome,
}
KINDS = (*MEDIA, "voice", *_KINDS)
POINTS_AT = ("reaction", "edit", "revoke")  # `quotes` is what they are about; nothing is quoted
SILENT = ("system", "request_welcome", "revoke", "edit", "reaction", "unsupported")
