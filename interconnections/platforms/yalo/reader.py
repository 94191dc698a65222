"""Yalo's webhooks in our words.  Pure: parsed JSON in, Message or Skipped out, or BadInput.

Sections are those of yalo-integrations.md; the texts of errors are the old service's.
"""

from collections.abc import Mapping

from interconnections.errors import BadInput
from interconnections.platforms.kinds import detail
from interconnections.platforms.words import Message, Skipped, Told

IGNORED = ("status", "notification-status")  # section 2.7, IGNORE_MESSAGE_TYPES
LONGEST_USER = 200  # characters; connect takes no longer ones either
MEDIA = ("image", "audio", "voice", "document", "video", "sticker")

Json = Mapping[str, object]


def read_whatsapp(body: object, ignored: tuple[str, ...] = IGNORED) -> Told:
    """Section 2.7: one message a POST.  An ignored, empty or missing type is skipped before anything is checked."""
    if body is None:
        return Skipped("")
    if not isinstance(body, dict):
        raise BadInput("Invalid payload received : a JSON object is expected")
    kind = _string(body, "type")
    if not kind or kind in ignored:
        return Skipped(kind)
    missing = [
        name for name, value in (("ID", _string(body, "id")), ("Timestamp", _string(body, "timestamp"))) if not value
    ]
    if missing:
        raise BadInput(
            "Error validating payload : "
            + "\n".join(
                f"Key: 'IntegrationsRequest.{name}' Error:Field validation for '{name}' failed on the 'required' tag"
                for name in missing
            )
        )
    to = _string(body, "to")
    user = to or _string(body, "from")
    if not user:
        raise BadInput("Error validating payload : neither 'from' nor 'to' names a user")
    if "\0" in user:
        raise BadInput("Error validating payload : a user id cannot hold a NUL")
    if len(user) > LONGEST_USER:
        raise BadInput(f"Error validating payload : a user id has at most {LONGEST_USER} characters")
    media = _part(body, kind) if kind in MEDIA else {}
    return Message(
        user=user,
        id=_string(body, "id"),
        by_bot=bool(to),
        kind=kind,
        at=_moment(_string(body, "timestamp")),
        text=_string(_part(body, "text"), "body", "text.body"),
        url=_string(media, "url", f"{kind}.url"),
        mime_type=_string(media, "mimeType", f"{kind}.mimeType"),
        caption=_string(media, "caption", f"{kind}.caption"),
        detail=detail(kind, body.get(kind)),
    )


def _part(body: Json, name: str) -> Json:
    part = body.get(name)
    if part is None:
        return {}
    if not isinstance(part, dict):
        raise BadInput(f"Invalid payload received : {name} must be an object")
    return part


def _string(body: Json, name: str, shown: str = "") -> str:
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadInput(f"Invalid payload received : {shown or name} must be a string")
    return value.encode("utf-8", "replace").decode()  # half an emoji cannot be stored, nor sent on


def _moment(text: str) -> int | None:
    """Milliseconds; a bad timestamp loses nothing, our own clock is used (rulings 12)."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 15 else None
