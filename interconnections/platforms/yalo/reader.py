"""Yalo's webhooks in our words.  Pure: parsed JSON in, Message or Skipped out, or BadInput.

Sections are those of yalo-integrations.md; the texts of errors are the old service's.
"""

from interconnections.errors import BadInput
from interconnections.platforms.beside import LONGEST_MIME, LONGEST_USER, beside, bounded
from interconnections.platforms.descriptions import DETAILS, chosen, detail, lines, trouble
from interconnections.platforms.messages import Message, Skipped, Told
from interconnections.platforms.values import Json, an_object, mended, moment, text

# Section 2.7, IGNORE_MESSAGE_TYPES; request_welcome says that a chat was opened for the first time, and nothing more
IGNORED = ("status", "notification-status", "request_welcome")
MEDIA = ("image", "audio", "voice", "document", "video", "sticker")


def read_whatsapp(body: object, ignored: tuple[str, ...] = IGNORED) -> Told:
    """Section 2.7: one message a POST.  An ignored, empty or missing type is skipped before anything is checked."""
    if body is None:
        return Skipped("")
    if not isinstance(body, dict):
        raise BadInput("Invalid payload received : a JSON object is expected")
    said = _string(body, "type")
    kind = said.strip().lower()
    if not kind or kind in ignored or said in ignored:
        return Skipped(said)
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
    name = kind if kind in body else said
    part = body.get(name)
    media = _part(body, name) if kind in MEDIA else an_object(part if kind not in DETAILS else None)
    url, link = _address(media, kind)
    return Message(
        user=user,
        id=_string(body, "id"),
        by_bot=bool(to),
        kind=kind,
        at=moment(_string(body, "timestamp")),
        text=_string(_part(body, "text"), "body", "text.body"),
        url=url,
        mime_type=_media(media, kind, "mimeType")[:LONGEST_MIME] or text(media, "mime_type")[:LONGEST_MIME],
        caption=_media(media, kind, "caption"),
        detail=lines(detail(kind, part), link) or trouble(body.get("errors")),
        more=tuple(beside(body)),
        chosen=chosen(kind, part),
    )


def _address(media: Json, kind: str) -> tuple[str, str]:
    return bounded(_media(media, kind, "url") or text(media, "link"))


def _media(media: Json, kind: str, name: str) -> str:
    """Strict for the kinds that the sheet describes, tolerant for all others."""
    return _string(media, name, f"{kind}.{name}") if kind in MEDIA else text(media, name)


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
    return mended(value)
