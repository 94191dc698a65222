"""What users do on Messenger, as events (FB §4): every row of the tables.  Pure: values in, JSON out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ...protocol_options import Json

FILES = {"image": "image", "video": "video", "audio": "audio", "voice": "audio", "file": "file", "document": "file"}
LIKE = 369239263222822


@dataclass(frozen=True)
class Said:
    """What a user did.  `url`: of the file; `more` goes into what the kind is made of."""

    kind: str
    text: str | None = None
    url: str | None = None
    quotes: str | None = None
    more: Json = field(default_factory=dict)


def event(said: Said, mid: str, sticker_twice: bool) -> tuple[str, Json]:
    """(field that is subscribed, the keys of the event beside sender, recipient and timestamp)."""
    if said.kind in _EVENTS:
        return _EVENTS[said.kind](said, mid)
    message: Json = {"mid": mid}
    if said.text is not None:
        message["text"] = said.text
    if said.quotes is not None and said.kind not in POINTS_AT:
        message["reply_to"] = {"mid": said.quotes, "is_self_reply": False}
    if said.kind in FILES:
        message["attachments"] = [{"type": FILES[said.kind], "payload": {"url": said.url, **said.more}}]
    elif said.kind in _MESSAGES:
        message |= _MESSAGES[said.kind](said, sticker_twice)
    else:  # one that nobody knows yet
        message["attachments"] = [{"type": said.kind, "payload": said.more}]
    return "messages", {"message": message}


def _plain(said: Said, twice: bool) -> Json:
    return dict(said.more)


def _quick_reply(said: Said, twice: bool) -> Json:
    return {"quick_reply": {"payload": said.more.get("payload", said.text)}}


def _sticker(said: Said, twice: bool) -> Json:
    payload: Json = {"url": said.url, "sticker_id": LIKE, **said.more}
    also = [{"type": "image", "payload": payload}] if twice else []
    return {"attachments": [{"type": "sticker", "payload": payload}, *also]}


def _with(kind: str) -> Callable[[Said, bool], Json]:
    def attachment(said: Said, twice: bool) -> Json:
        return {"attachments": [{"type": kind, "payload": dict(said.more)} if said.more else {"type": kind}]}

    return attachment


def _ad(said: Said, twice: bool) -> Json:
    data = {"ad_title": "Oferta", "photo_url": "https://cdn.example.net/a.jpg", "post_id": "9"}
    return {
        "referral": {"ad_id": "77", "source": "ADS", "type": "OPEN_THREAD", "ads_context_data": data, **said.more}
    }


def _unsupported(said: Said, twice: bool) -> Json:
    return {"is_unsupported": True}


def _deleted(said: Said, twice: bool) -> Json:
    return {"mid": said.quotes, "is_deleted": True}


_MESSAGES: dict[str, Callable[[Said, bool], Json]] = {
    "text": _plain,
    "quick_reply": _quick_reply,
    "sticker": _sticker,
    "fallback": _with("fallback"),
    "reel": _with("reel"),
    "post": _with("post"),
    "appointment_booking": _with("appointment_booking"),
    "template": _with("template"),
    "location": _with("location"),
    "ad": _ad,
    "unsupported": _unsupported,
    "deleted": _deleted,
}


def _postback(said: Said, mid: str) -> tuple[str, Json]:
    part: Json = {"mid": mid, "title": said.text or "", "payload": said.text or "", **said.more}
    return "messaging_postbacks", {"postback": {name: value for name, value in part.items() if value is not None}}


def _reaction(said: Said, mid: str) -> tuple[str, Json]:
    """Without text: it is taken away."""
    part: Json = {"reaction": "other", "action": "react" if said.text else "unreact", "mid": said.quotes}
    return "message_reactions", {"reaction": part | ({"emoji": said.text} if said.text else {}) | said.more}


def _edit(said: Said, mid: str) -> tuple[str, Json]:
    part: Json = {"mid": said.quotes, "text": said.text or "", "num_edit": 1}
    return "message_edits", {"message_edit": part | said.more}


def _referral(said: Said, mid: str) -> tuple[str, Json]:
    part: Json = {"ref": said.text or "promo", "source": "SHORTLINK", "type": "OPEN_THREAD"}
    return "messaging_referrals", {"referral": part | said.more}


def _optin(said: Said, mid: str) -> tuple[str, Json]:
    return "messaging_optins", {
        "optin": {"type": "notification_messages", "notification_messages_token": "t", **said.more}
    }


def _linking(said: Said, mid: str) -> tuple[str, Json]:
    return "messaging_account_linking", {"account_linking": {"status": "linked", **said.more}}


def _feedback(said: Said, mid: str) -> tuple[str, Json]:
    return "response_feedback", {"response_feedback": {"feedback": said.text or "Good response", "mid": said.quotes}}


_EVENTS: dict[str, Callable[[Said, str], tuple[str, Json]]] = {
    "postback": _postback,
    "reaction": _reaction,
    "edit": _edit,
    "referral": _referral,
    "optin": _optin,
    "account_linking": _linking,
    "response_feedback": _feedback,
}
KINDS = (*FILES, *_MESSAGES, *_EVENTS)
OPENS = (*FILES, *(one for one in _MESSAGES if one != "deleted"), "postback", "reaction", "referral")
WORDS = (*FILES, *(one for one in _MESSAGES if one != "deleted"))  # count as the user's message
POINTS_AT = ("reaction", "edit", "deleted", "response_feedback")
