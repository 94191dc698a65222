"""What one event of a page says, whoever brings it: Meta itself, or a platform that passes it on.

Pure and tolerant (messenger-platform.md sections 3, 4.1 and 4.2).  Who speaks, and whether they are ours to hear, its
reader knows; deliveries, reads, thread control and the account's own news are no messages.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from interconnections.blanks import is_blank
from interconnections.platforms.descriptions import advertisement, detail, product
from interconnections.platforms.messages import Attachment, Message
from interconnections.platforms.page_attachments import attachments
from interconnections.platforms.values import Json, a_list, a_text, an_object, mended, moment, text, texts

LONGEST_KIND = 100  # characters of a key that nobody knows
# Of a message: what it is called, whose it is, and what machines make of it.
SAYS_NOTHING = frozenset({"mid", "seq", "is_echo", "app_id", "metadata", "reply_to", "nlp", "traits", "tags"})
SIDES = frozenset({"sender", "recipient", "timestamp"})  # of an event, beside the key that names it


@dataclass(frozen=True, slots=True)
class Said:
    """An event that is no `message`: its words, what was tapped, its own id where it has one, what it speaks of."""

    detail: str = ""
    chosen: tuple[str, ...] = ()
    id: str = ""
    quotes: str = ""
    more: tuple[Attachment, ...] = ()
    kind: str = ""  # where it is not the event's name


def read_event(event: Json, user: str, by_bot: bool, told_at: object) -> Message | None:
    """None for what nobody said.  `told_at`: the entry's time, by which two events without one are told apart."""
    at = moment(event.get("timestamp"))
    message = an_object(event.get("message"))
    if message:
        return _message(message, user, by_bot, at, text(message, "mid") or fingerprint(event, told_at))
    for kind, read in EVENTS.items():
        body = an_object(event.get(kind))
        if body:
            said = read(body)
            return Message(
                user,
                said.id or fingerprint(event, told_at),
                by_bot,
                said.kind or kind,
                at,
                detail=said.detail,
                chosen=said.chosen,
                more=said.more,
                quotes=said.quotes,
            )
    return None


def unknown_key(event: Json) -> str:
    """What an event that nobody knows is called; "" where it is no event at all."""
    return mended(next((key for key in event if key not in SIDES), ""))[:LONGEST_KIND]


def fingerprint(event: Json, told_at: object) -> str:
    """An id for what has none, the same when it is sent again.

    A tap without an id is known by who tapped what, and when (section 4.2): its other fields may differ.
    """
    tapped = text(an_object(event.get("postback")), "payload", "title")
    whole: object = event if event.get("timestamp") is not None else {**event, "time": told_at}
    if tapped and event.get("timestamp") is not None:
        whole = [an_object(event.get("sender")), moment(event["timestamp"]), tapped]
    return "item." + hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:32]


def _message(message: Json, user: str, by_bot: bool, at: int | None, id: str) -> Message | None:
    mid = text(message, "mid")
    for mark, kind in (("is_deleted", "revoke"), ("is_unsupported", "unsupported")):
        if message.get(mark) is True:
            quotes = mid if kind == "revoke" else quoted(message)
            own = f"{mid}.{kind}" if mid else id
            return Message(user, own, by_bot, kind, at, text=text(message, "text"), quotes=quotes)
    tapped = text(an_object(message.get("quick_reply")), "payload")
    words = text(message, "text") or tapped or ", ".join(_commands(message))
    parts = [*attachments(message, words), *_beside(message)]
    if not words and not parts:
        unknown = _not_read(message)
        return Message(user, id, by_bot, "unknown", at, detail=unknown, quotes=quoted(message)) if unknown else None
    first, *more = parts or [Attachment("text", "")]
    if words:
        first, more = Attachment("text", ""), parts
    chosen = tuple(dict.fromkeys((words, tapped))) if tapped else ()
    return Message(
        user,
        id,
        by_bot,
        first.kind,
        at,
        words,
        first.url,
        detail=first.name,
        more=tuple(more),
        chosen=chosen,
        quotes=quoted(message),
    )


def _not_read(message: Json) -> str:
    """The first thing that a message holds, where nobody can tell what it says; "" where it holds nothing."""
    says = (key for key, value in message.items() if value and not (isinstance(value, str) and is_blank(value)))
    held = (key for key in says if key not in SAYS_NOTHING)
    return mended(next(held, ""))[:LONGEST_KIND]


def quoted(message: Json) -> str:
    return text(an_object(message.get("reply_to")), "mid")


def _commands(message: Json) -> list[str]:
    return [name for each in a_list(message.get("commands")) if (name := text(an_object(each), "name"))]


def _beside(message: Json) -> list[Attachment]:
    """The product that is asked about, and the ad that led here, of a message or a tap."""
    referral = an_object(message.get("referral"))
    found = [("product", product(an_object(referral.get("product")))), ("referral", advertisement(referral))]
    return [Attachment(kind, "", words) for kind, words in found if words]


def _postback(body: Json) -> Said:
    tapped = texts(body, "title", "payload")
    return Said(tapped[0] if tapped else "", tuple(tapped), text(body, "mid"), more=tuple(_beside(body)))


def _reaction(body: Json) -> Said:
    """Its mid is that of what it reacts to."""
    taken_back = body.get("action") == "unreact"
    return Said("" if taken_back else text(body, "emoji", "reaction"), quotes=text(body, "mid"))


def _edit(body: Json) -> Said:
    """Its mid is that of the message; each edit of it has a number."""
    mid, number = text(body, "mid"), text(body, "num_edit")
    id = f"{mid}.edit.{number}" if mid and number else ""
    return Said(text(body, "text"), id=id, quotes=mid, kind="edit")


def _referral(body: Json) -> Said:
    return Said(advertisement(body) or product(an_object(body.get("product"))) or text(body, "source"))


def _optin(body: Json) -> Said:
    """Its token is for sends of another product; it is not shown."""
    return Said(text(body, "title"))


def _account(body: Json) -> Said:
    """Its code is a secret of the account's."""
    status = a_text(body.get("status")).strip().lower()
    return Said(kind=f"account_{status}" if status in ("linked", "unlinked") else "account_linking")


def _feedback(body: Json) -> Said:
    """Its mid is that of the answer that is rated."""
    return Said(text(body, "feedback"), quotes=text(body, "mid"))


def _order(body: Json) -> Said:
    return Said(detail("order", body))


EVENTS: dict[str, Callable[[Json], Said]] = {
    "postback": _postback,
    "reaction": _reaction,
    "message_edit": _edit,
    "referral": _referral,
    "optin": _optin,
    "account_linking": _account,
    "response_feedback": _feedback,
    "order": _order,
}
SAID = ("message", *EVENTS)
