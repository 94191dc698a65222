"""Yalo's Messenger webhooks in our words (yalo-integrations.md section 2.8): many entries, many items, each its own.

The raw body is Messenger's (messenger-platform.md section 4); what an event says is read by page_events.py.
Pure: parsed JSON in, Messages out, or BadInput.
Who speaks and what is said must be of the right type, or the whole is refused; an event that nobody knows, or that
names nobody, is Unread: nothing is lost behind a 200.
"""

from interconnections.errors import BadInput
from interconnections.platforms.beside import LONGEST_USER
from interconnections.platforms.messages import Message, Place, Unread
from interconnections.platforms.page_events import SAID, read_event, unknown_key
from interconnections.platforms.values import Json, a_list, an_object, text

TOLD_IN = ("messaging", "standby")  # whoever owns the thread at Meta, its user said it
# What becomes of messages, who has the talk, and the page's account: Yalo's to know.
PASSED_OVER = (
    "delivery",
    "read",
    "pass_thread_control",
    "take_thread_control",
    "request_thread_control",
    "policy_enforcement",
    "app_roles",
    "template",
)
REQUIRED = (("authorRole", "AuthorRole"), ("botId", "BotID"), ("message", "Message"))


def read_facebook(body: object) -> list[Message | Unread]:
    """Every item that somebody said, and each that nobody can read; deliveries and the like are passed over."""
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
        (item, entry, ("message", "entry", n, name, m))
        for n, entry in enumerate(entries)
        for name in TOLD_IN
        for m, item in enumerate(_objects(entry, name))
    ]
    told = [each for item, entry, place in items if (each := _told(item, entry.get("time"), role, place))]
    return [*told, *_untold(entries)]


def _untold(entries: list[Json]) -> list[Unread]:
    """Entries of something else than what a page's users said; of what happened on the page is Yalo's to know."""
    return [
        Unread("entry", "it holds nothing that is known here", ("message", "entry", n))
        for n, entry in enumerate(entries)
        if all(entry.get(name) is None for name in (*TOLD_IN, "changes"))
    ]


def entry_ids(body: object) -> set[str]:
    """The pages that the entries speak of, by which a bot may be found."""
    entries = a_list(an_object(an_object(body).get("message")).get("entry"))
    return {str(an_object(entry).get("id")) for entry in entries}


def _told(item: Json, told_at: object, role: str, place: Place) -> Message | Unread | None:
    """`told_at`: the entry's time, by which two items without a time of their own are told apart."""
    message = _part(item, "message")
    by_bot = role != "user" or message.get("is_echo") is True
    user = _words(_part(item, "recipient" if by_bot else "sender"), "id")
    for name in ("mid", "text"):
        _words(message, name)
    kind = next((name for name in (*SAID, *PASSED_OVER) if item.get(name) is not None), "")
    if not kind:
        unknown = unknown_key(item)
        return Unread(unknown, "no such event is known here", place) if unknown else None
    if kind in PASSED_OVER:
        return None
    if not isinstance(item[kind], dict):
        return Unread(kind, "it is no object", place)
    if not user or "\0" in user or len(user) > LONGEST_USER:
        return Unread(kind, "its user's id cannot be one" if user else "it names no user", place)
    return read_event(item, user, by_bot, told_at)


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
