"""The Cloud API's webhooks in our words (whatsapp-cloud-api.md sections 3 to 5).  Pure, and it never raises.

A body holds entries of several accounts, changes of several numbers, messages and statuses of several users, each
possibly more than once.  One that cannot be read is Unread, with its place, and spoils nothing beside it.
"""

from collections.abc import Callable, Iterator

from interconnections.platforms.messages import Place, SamePerson, Skipped, Told, Unread
from interconnections.platforms.values import Json, a_text, an_object, moment, text
from interconnections.platforms.whatsapp_cloud import account
from interconnections.platforms.whatsapp_cloud.identity import Contacts, Person, ids_of, person
from interconnections.platforms.whatsapp_cloud.in_order import in_order
from interconnections.platforms.whatsapp_cloud.said import SAYS_NOTHING, kind_of, message
from interconnections.platforms.whatsapp_cloud.statuses import status

OBJECT = "whatsapp_business_account"
SENDER = ("from_user_id", "from_parent_user_id", "from")
ECHOED_TO = ("to_user_id", "to_parent_user_id", "to")
LONGEST_WORD = 100  # characters of what they call a kind

# An item, the people whom its value introduces, its place, and whether it is alone in its value.
Reads = Callable[[Json, Contacts, Place, bool], Iterator[Told]]


def read_cloud(body: object, number_id: str) -> list[Told]:
    """`number_id`: the bot's phone number id; what is another number's is Skipped, as it is another bot's."""
    if not isinstance(body, dict):
        return [Unread("webhook", "it is no object")]
    if a_text(body.get("object")) != OBJECT:
        return [Skipped(f"object {a_text(body.get('object'))[:LONGEST_WORD]}".rstrip())]
    if body.get("entry") is None:
        return [Unread("webhook", "it holds no entries")]
    return in_order([told for entry, at in _items(body, "entry", ()) for told in _entry(entry, at, number_id)])


def number_ids(body: object) -> set[str]:
    """The phone number ids that a body speaks of, by which a bot may be found."""
    changes = (change for entry, at in _items(body, "entry", ()) for change, _ in _items(entry, "changes", at))
    values = (an_object(an_object(change).get("value")) for change in changes)
    found = {text(an_object(value.get("metadata")), "phone_number_id") for value in values}
    return found - {""}


def _entry(entry: object, at: Place, number_id: str) -> Iterator[Told]:
    if not isinstance(entry, dict):
        yield Unread("entry", "it is no object", at)
    elif entry.get("changes") is None:
        yield Unread("entry", "it holds no changes", at)
    for change, place in _items(entry, "changes", at):
        if isinstance(change, dict):
            at_value = (*place, "value") if "value" in change else place
            yield from _change(change, at_value, number_id, moment(an_object(entry).get("time")) or 0)
        else:
            yield Unread("changes", "it is no object", place)


def _items(whole: object, name: str, place: Place) -> Iterator[tuple[object, Place]]:
    """What a list holds, each with its place; what stands there instead of a list is the only item."""
    part = an_object(whole).get(name)
    if isinstance(part, list):
        yield from ((each, (*place, name, number)) for number, each in enumerate(part))
    elif part is not None:
        yield part, (*place, name)


def _change(change: Json, place: Place, number_id: str, told_at: int) -> Iterator[Told]:
    """Routed by the phone number id alone: a displayed number has many spellings (section 3)."""
    field, value = text(change, "field")[:LONGEST_WORD], change.get("value")
    if field in account.FIELDS:
        yield account.notice(field, an_object(value), place, told_at)
    elif field not in HOLDS:
        yield Skipped(field, place)
    elif not isinstance(value, dict):
        yield Unread(field, "its value is no object", place)
    elif not (number := text(an_object(value.get("metadata")), "phone_number_id")):
        yield Unread(field, "it names no phone number id", place)
    elif number != number_id:
        yield Skipped("another number", place)
    else:
        if all(value.get(name) is None for name in HOLDS[field]):
            yield Unread(field, "it holds nothing that is known here", place)
        contacts = Contacts(value)
        parts = [(reads, each, at) for name, reads in HOLDS[field].items() for each, at in _items(value, name, place)]
        for reads, each, at in parts:
            yield from _readable(reads, each, contacts, at, len(parts) == 1)


def _readable(reads: Reads, item: object, contacts: Contacts, place: Place, alone: bool) -> list[Told]:
    """Whatever it is, and whatever is wrong with us: it would come again for days, and all beside it with it."""
    kind = str(next(part for part in reversed(place) if isinstance(part, str)))
    if not isinstance(item, dict):
        return [Unread(kind, "it is no object", place)]
    try:
        return list(reads(item, contacts, place, alone))
    except Exception as bug:
        return [Unread(kind, f"reading it failed: {type(bug).__name__}", place)]


def _message(item: Json, contacts: Contacts, place: Place, alone: bool) -> Iterator[Told]:
    kind = kind_of(item)
    if text(item, "group_id"):
        yield Skipped("message of a group", place)
        return
    if kind in SAYS_NOTHING:
        yield Skipped(kind, place)
        return
    user = person(item, SENDER, contacts, alone)
    if kind == "system":
        now = ids_of(an_object(item.get("system")), "previous_user_id", "customer", "user_id", "wa_id")
        if user.ids and set(now) - set(user.ids) or len(now) > 1:
            yield SamePerson(tuple(dict.fromkeys((*user.ids, *now))), place)
        user = user if user.ids else Person(now[:1])
    yield message(item, user, place) if user.ids else Unread("message", "it names no user", place)


def _echo(item: Json, contacts: Contacts, place: Place, alone: bool) -> Iterator[Told]:
    """Typed by the business in the phone's own app (section 4, coexistence)."""
    user = person(item, ECHOED_TO, contacts, alone)
    yield message(item, user, place, by_bot=True) if user.ids else Unread("echo", "it names no user", place)


def _status(item: Json, contacts: Contacts, place: Place, alone: bool) -> Iterator[Told]:
    yield status(item, contacts, place, alone=alone)


def _error(item: Json, contacts: Contacts, place: Place, alone: bool) -> Iterator[Told]:
    yield account.error(item, place)


def _new_id(item: Json, contacts: Contacts, place: Place, alone: bool) -> Iterator[Told]:
    """Section 9: the previous id and the current one, and what else is known of the same person."""
    ids = ids_of(an_object(item.get("user_id")), "previous", "current") or ids_of(item, "previous", "current")
    known = person(item, ("user_id", "parent_user_id", "wa_id"), contacts, alone)
    found = tuple(dict.fromkeys((*ids, *known.ids)))
    yield SamePerson(found, place) if len(found) > 1 else Unread("user_id_update", "it names no two ids", place)


# By a change's `field`: what its value holds, in the order in which it is told.
HOLDS: dict[str, dict[str, Reads]] = {
    "messages": {"errors": _error, "messages": _message, "statuses": _status},
    "smb_message_echoes": {"message_echoes": _echo},
    "user_id_update": {"user_id_update": _new_id},
}
