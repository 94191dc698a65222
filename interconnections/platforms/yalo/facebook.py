"""Yalo's Messenger webhooks in our words (yalo-integrations.md section 2.8): many entries, many items, each its own.

The raw body is Messenger's (messenger-platform.md section 4).  Pure: parsed JSON in, Messages out, or BadInput.
Who speaks and what is said must be of the right type, or the whole is refused: nothing is lost behind a 200.
"""

import hashlib
import json
from collections.abc import Callable

from interconnections.errors import BadInput
from interconnections.platforms.beside import LONGEST_USER
from interconnections.platforms.descriptions import advertisement, product
from interconnections.platforms.messages import Attachment, Message
from interconnections.platforms.values import Json, a_list, an_object, moment, text, texts
from interconnections.platforms.yalo.attachments import attachments

TOLD_IN = ("messaging", "standby")  # whoever owns the thread at Meta, its user said it
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
    entries = _objects(_part(fields, "message"), "entry")
    items = [
        (item, entry) for entry in entries for item in (*_objects(entry, "messaging"), *_objects(entry, "standby"))
    ]
    return [said for item, entry in items if (said := _said(item, entry.get("time"), role))]


def entry_ids(body: object) -> set[str]:
    """The pages that the entries speak of, by which a bot may be found."""
    entries = a_list(an_object(an_object(body).get("message")).get("entry"))
    return {str(an_object(entry).get("id")) for entry in entries}


def _said(item: Json, told_at: object, role: str) -> Message | None:
    """`told_at`: the entry's time, by which two items without a time of their own are told apart."""
    message = _part(item, "message")
    by_bot = role != "user" or message.get("is_echo") is True
    user = _words(_part(item, "recipient" if by_bot else "sender"), "id")
    if not user or "\0" in user or len(user) > LONGEST_USER:
        return None
    at, print_ = moment(item.get("timestamp")), _fingerprint(item, told_at)
    if message:
        return _message(message, user, by_bot, at, print_)
    for kind, read in EVENTS.items():
        body = an_object(item.get(kind))
        if body:
            detail, chosen, id = read(body)
            return Message(user, id or print_, by_bot, NAMES.get(kind, kind), at, detail=detail, chosen=chosen)
    return None


def _message(message: Json, user: str, by_bot: bool, at: int | None, print_: str) -> Message | None:
    mid = _words(message, "mid")
    for mark, kind in (("is_deleted", "revoke"), ("is_unsupported", "unsupported")):
        if message.get(mark) is True:
            return Message(user, f"{mid}.{kind}" if mid else print_, by_bot, kind, at, text=_words(message, "text"))
    tapped = text(an_object(message.get("quick_reply")), "payload")
    words = _words(message, "text") or tapped
    parts = [*attachments(message, words), *_beside(message)]
    if not words and not parts:
        return None
    first, *more = parts or [Attachment("text", "")]
    if words:
        first, more = Attachment("text", ""), parts
    chosen = tuple(part for part in (words, tapped) if part) if tapped else ()
    return Message(
        user,
        mid or print_,
        by_bot,
        first.kind,
        at,
        words,
        first.url,
        detail=first.name,
        more=tuple(more),
        chosen=chosen,
    )


def _beside(message: Json) -> list[Attachment]:
    """The product that is asked about, and the ad that led here."""
    referral = an_object(message.get("referral"))
    found = [("product", product(an_object(referral.get("product")))), ("referral", advertisement(referral))]
    return [Attachment(kind, "", words) for kind, words in found if words]


Event = tuple[str, tuple[str, ...], str]  # its words, what was tapped, its own id


def _postback(body: Json) -> Event:
    tapped = texts(body, "title", "payload")
    return (tapped[0] if tapped else ""), tuple(tapped), text(body, "mid")


def _reaction(body: Json) -> Event:
    """Its mid is that of what it reacts to."""
    return ("" if body.get("action") == "unreact" else text(body, "emoji", "reaction")), (), ""


def _edit(body: Json) -> Event:
    """Its mid is that of the message; each edit of it has a number."""
    mid, number = text(body, "mid"), text(body, "num_edit")
    return text(body, "text"), (), f"{mid}.edit.{number}" if mid and number else ""


def _referral(body: Json) -> Event:
    return advertisement(body) or text(body, "source"), (), ""


EVENTS: dict[str, Callable[[Json], Event]] = {
    "postback": _postback,
    "reaction": _reaction,
    "message_edit": _edit,
    "referral": _referral,
}
NAMES = {"message_edit": "edit"}


def _fingerprint(item: Json, told_at: object) -> str:
    """An id for what has none, the same when it is sent again."""
    whole = item if item.get("timestamp") is not None else {**item, "time": told_at}
    return "item." + hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:32]


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
    return text(body, name)
