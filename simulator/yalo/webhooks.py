"""Webhooks in the exact shapes of Yalo §2.7 (WhatsApp) and §2.8 (Messenger).  Pure: values in, JSON out."""

from __future__ import annotations

from dataclasses import dataclass

from ..protocol_options import Json
from .platform import Settings


@dataclass(frozen=True)
class Saying:
    """Something that a user says, or that the bot says to one."""

    user_id: str
    id: str
    timestamp: int
    text: str | None
    kind: str = "text"
    media: Json | None = None
    by_bot: bool = False


def whatsapp(saying: Saying, settings: Settings) -> Json:
    """One message per POST; `to` is there only when the bot speaks."""
    body: Json = {"id": saying.id, "timestamp": str(saying.timestamp), "type": saying.kind}
    if saying.by_bot:
        body |= {"from": settings.whatsapp_number, "to": saying.user_id}
    else:
        body["from"] = saying.user_id
    if saying.kind == "text":
        if saying.text is not None:
            body["text"] = {"body": saying.text}
    else:
        media = dict(saying.media or {})
        if saying.text is not None:
            media.setdefault("caption", saying.text)
        body[saying.kind] = media
    return body


def facebook(saying: Saying, settings: Settings) -> Json:
    """A raw Messenger body in an envelope that says who speaks."""
    page, user = {"id": settings.page_id}, {"id": saying.user_id}
    message: Json = {"mid": saying.id}
    if saying.text is not None:
        message["text"] = saying.text
    if saying.kind != "text":
        kind = ATTACHMENTS.get(saying.kind, saying.kind)
        message["attachments"] = [{"type": kind, "payload": dict(saying.media or {})}]
    item = {
        "sender": page if saying.by_bot else user,
        "recipient": user if saying.by_bot else page,
        "timestamp": saying.timestamp,
        "message": message,
    }
    return {
        "authorRole": "bot" if saying.by_bot else "user",
        "botId": settings.facebook_bot_id,
        "provider": "facebook",
        "timestamp": saying.timestamp,
        "msgTracking": {},
        "message": {
            "object": "page",
            "entry": [{"id": settings.page_id, "time": saying.timestamp, "messaging": [item]}],
        },
    }


ATTACHMENTS = {"document": "file", "voice": "audio"}  # WhatsApp's word -> Messenger's
SHAPES = {"whatsapp": whatsapp, "facebook": facebook}
