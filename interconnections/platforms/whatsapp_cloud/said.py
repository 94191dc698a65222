"""One item of `messages[]`, or of `message_echoes[]`, as a Message (whatsapp-cloud-api.md section 4).  Pure.

What is missing or oddly shaped is left out; a type that nobody knows is a message all the same, of which the agent
is told.
"""

import hashlib
import json
from collections.abc import Iterator

from interconnections.platforms.beside import LONGEST_MIME, beside
from interconnections.platforms.descriptions import chosen, detail, trouble
from interconnections.platforms.messages import Attachment, Message, Place
from interconnections.platforms.values import Json, a_text, an_object, moment, text
from interconnections.platforms.whatsapp_cloud.identity import Person

DAY = 24 * 3600  # seconds for which a user's word lets us write (section 8)
MEDIA = ("image", "audio", "video", "document", "sticker")
# What these are about: the body's key with the id of another message.
TARGETS = {"reaction": "message_id", "edit": "original_message_id", "revoke": "original_message_id"}
UNSEEN = frozenset({"unsupported", "unknown"})  # their errors say the same in English (131051)
SAYS_NOTHING = frozenset({"request_welcome"})  # they opened the chat for the first time


def message(item: Json, user: Person, at_place: Place, *, by_bot: bool = False) -> Message:
    """`by_bot`: an echo of what the business wrote in the phone's own app."""
    kind = kind_of(item)
    part = item.get(kind)
    body = an_object(part)
    if kind == "text" and not _has_words(part):
        kind, part, body = "unknown", {"type": "text"}, {}
    media = body if kind in MEDIA else {}
    return Message(
        user=user.id,
        id=text(item, "id") or fingerprint(item),
        by_bot=by_bot,
        kind="voice" if kind == "audio" and body.get("voice") is True else kind,
        at=moment(item.get("timestamp")),
        text=(text(body, "body") or a_text(part)) if kind == "text" else "",
        mime_type=text(media, "mime_type")[:LONGEST_MIME],
        caption=text(media, "caption"),
        detail=detail(kind, part) or ("" if kind in UNSEEN else trouble(item.get("errors"))),
        more=(*_forwarded(item), *beside(item)),
        chosen=chosen(kind, part),
        also=user.also,
        file_id=text(media, "id"),
        file_name=text(media, "filename"),
        quotes=_quoted(item, kind, body),
        opens=0 if by_bot or kind == "system" else DAY,
        elsewhere=by_bot,
        name="" if by_bot else user.name,
        place=at_place,
    )


def _has_words(part: object) -> bool:
    """Blank ones are words, which say nothing; what is missing, or is no text, nobody can read."""
    body = an_object(part).get("body") if isinstance(part, dict) else part
    return isinstance(body, str) or bool(a_text(body))


def kind_of(item: Json) -> str:
    return a_text(item.get("type")).strip().lower() or "unknown"


def fingerprint(item: Json) -> str:
    """An id for what has none, the same when it is sent again; "" for what is nested too deep to be written."""
    try:
        whole = json.dumps(item, sort_keys=True)
    except RecursionError:
        return ""
    return f"item.{hashlib.sha256(whole.encode()).hexdigest()[:32]}"


def _forwarded(item: Json) -> Iterator[Attachment]:
    context = an_object(item.get("context"))
    if context.get("frequently_forwarded") is True:
        yield Attachment("frequently forwarded", "")
    elif context.get("forwarded") is True:
        yield Attachment("forwarded", "")


def _quoted(item: Json, kind: str, body: Json) -> str:
    """`context.id` may be of a message that we never saw."""
    if kind in TARGETS:
        return text(body, TARGETS[kind])
    return text(an_object(item.get("context")), "id")
