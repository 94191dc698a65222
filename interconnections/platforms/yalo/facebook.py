"""Yalo's Messenger webhooks in our words (yalo-integrations.md section 2.8): many entries, many items, each its own.

The raw body is Messenger's (messenger-platform.md section 4).  Pure: parsed JSON in, Messages out, or BadInput.
Who speaks and what is said must be of the right type, or the whole is refused: nothing is lost behind a 200.
"""

import hashlib
import json
from collections.abc import Mapping

from interconnections.errors import BadInput
from interconnections.platforms.words import Attachment, Message
from interconnections.platforms.yalo.reader import LONGEST_USER

Json = Mapping[str, object]
REQUIRED = (("authorRole", "AuthorRole"), ("botId", "BotID"), ("message", "Message"))


def read_facebook(body: object) -> list[Message]:
    """Every item that somebody said; deliveries, reads and what nobody knows are passed over."""
    if body is not None and not isinstance(body, dict):
        raise BadInput("Invalid payload received : a JSON object is expected")
    fields: Json = body or {}
    missing = [shown for name, shown in REQUIRED if not fields.get(name)]
    if missing:
        raise BadInput(
            "Error validating payload : "
            + "\n".join(
                f"Key: 'IntegrationsFacebookRequest.{name}' Error:Field validation for '{name}' failed on the "
                "'required' tag"
                for name in missing
            )
        )
    role, _ = _words(fields, "authorRole"), _words(fields, "botId")
    items = [item for entry in _objects(_part(fields, "message"), "entry") for item in _objects(entry, "messaging")]
    return [said for item in items if (said := _said(item, role))]


def entry_ids(body: object) -> set[str]:
    """The pages that the entries speak of, by which a bot may be found."""
    entries = _list(_object(_object(body).get("message")).get("entry"))
    return {str(_object(entry).get("id")) for entry in entries}


def _said(item: Json, role: str) -> Message | None:
    message = _part(item, "message")
    by_bot = role != "user" or message.get("is_echo") is True
    user = _words(_part(item, "recipient" if by_bot else "sender"), "id")
    if not user or "\0" in user or len(user) > LONGEST_USER:
        return None
    at = _moment(item.get("timestamp"))
    if message:
        attachments = _attachments(message)
        text = _words(message, "text")
        if not text and not attachments:
            return None
        first, *more = attachments or [Attachment("text", "")]
        if text:
            first, more = Attachment("text", ""), attachments
        id = _words(message, "mid") or _fingerprint(item)
        return Message(user, id, by_bot, first.kind, at, text, first.url, detail=first.name, more=tuple(more))
    for kind, words in (("postback", ("title", "payload")), ("reaction", ("emoji",))):
        body = _object(item.get(kind))
        if body:
            detail = (
                "" if body.get("action") == "unreact" else next((w for n in words if (w := _string(body, n))), "")
            )
            mid = _string(body, "mid") if kind == "postback" else ""  # a reaction's is that of what it reacts to
            return Message(user, mid or _fingerprint(item), by_bot, kind, at, detail=detail)
    return None


def _attachments(message: Json) -> list[Attachment]:
    """In order, but each link once: a sticker comes as an image too, a shared link also as the text."""
    found: list[Attachment] = []
    text = _string(message, "text")
    for raw in _list(message.get("attachments")):
        kind, payload = _string(_object(raw), "type") or "unknown", _object(_object(raw).get("payload"))
        url = _string(payload, "url")
        if url and (url in text or any(url == other.url for other in found)):
            continue
        found.append(Attachment(kind, url, _string(payload, "title")))
    return found


def _fingerprint(item: Json) -> str:
    """An id for what has none, the same when it is sent again."""
    return "item." + hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()[:32]


def _moment(value: object) -> int | None:
    """Milliseconds; some samples have a string of seconds."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 15:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 10**15:
        return None
    return value * 1000 if value < 10**11 else value


def _part(body: Json, name: str) -> Json:
    """The object of this name, empty where there is none; raises BadInput when it is something else."""
    part = body.get(name)
    if part is not None and not isinstance(part, dict):
        raise BadInput(f"Invalid payload received : {name} must be an object")
    return part or {}


def _objects(body: Json, name: str) -> list[Json]:
    found = body.get(name)
    if found is not None and not isinstance(found, list):
        raise BadInput(f"Invalid payload received : {name} must be a list")
    if not all(isinstance(each, dict) for each in found or ()):
        raise BadInput(f"Invalid payload received : {name} must hold objects")
    return found or []


def _words(body: Json, name: str) -> str:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"Invalid payload received : {name} must be a string")
    return _string(body, name)


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _string(body: Json, name: str) -> str:
    value = body.get(name)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
