"""The Messenger Platform's webhooks in our words (messenger-platform.md sections 3 and 4): many entries, many events.

Pure, and it never raises: what cannot be read is Unread, and spoils nothing beside it.
"""

from collections.abc import Iterator

from interconnections.platforms.beside import LONGEST_USER
from interconnections.platforms.messages import Place, Skipped, Told, Unread
from interconnections.platforms.messenger.events import Event, Ours, read, user_of
from interconnections.platforms.values import Json, a_text, an_object, moment, text

HOLDS = ("messaging", "standby", "changes")  # an entry


def read_page(body: object, ours: Ours) -> list[Told]:
    """Everything that a webhook tells, by its events' clocks: after failures they come in any order (section 2.2)."""
    if not isinstance(body, dict):
        return [Unread("", "it is no JSON object")]
    if (kind := a_text(body.get("object"))) != "page":
        return [Skipped(kind) if kind else Unread("", "it names no object")]
    if body.get("entry") is None:
        return [Unread("", "it holds no entries")]
    told: list[tuple[int, Told]] = []
    for place, entry in _each(body, "entry"):
        told += _of_entry(entry, place, ours)
    return [each for _, each in sorted(told, key=lambda each: each[0])]


def page_ids(body: object) -> frozenset[str]:
    """Those that the entries speak of."""
    ids = {text(an_object(entry), "id") for _, entry in _each(an_object(body), "entry")}
    return frozenset(ids - {""})


def _of_entry(entry: object, place: Place, ours: Ours) -> Iterator[tuple[int, Told]]:
    """Each with its moment in ms: by the event's clock, or by the entry's where the event has none."""
    whole = an_object(entry)
    page, told_at = text(whole, "id"), whole.get("time")
    if not isinstance(entry, dict):
        yield 0, Unread("entry", "it is no object", place)
    elif page and ours.page and page != ours.page:
        yield moment(told_at) or 0, Skipped("another page", place)
    else:
        if all(entry.get(name) is None for name in HOLDS):
            yield moment(told_at) or 0, Unread("entry", "it holds nothing that is known here", place)
        for name in HOLDS:
            for within, event in _each(entry, name):
                when = moment(an_object(event).get("timestamp")) or moment(told_at) or 0
                for each in _guarded(event, told_at, name, (*place, *within), ours):
                    yield when, each


def _guarded(event: object, told_at: object, name: str, place: Place, ours: Ours) -> list[Told]:
    try:
        return list(_of_event(event, told_at, name, place, ours))
    except RecursionError:
        return [Unread(name, "it is nested too deeply", place)]


def _of_event(event: object, told_at: object, name: str, place: Place, ours: Ours) -> Iterator[Told]:
    if not isinstance(event, dict):
        yield Unread(name, "it is no object", place)
        return
    if name == "changes":  # of feeds; some taps come so too (section 3)
        event, field = an_object(event.get("value")), text(event, "field")
        if not _sides(event):
            yield Skipped(field, place)
            return
    user = user_of(event, ours.page)
    if "\0" in user or len(user) > LONGEST_USER:
        yield Unread(name, "its user's id cannot be one", place)
        return
    yield from read(Event(event, user, told_at, name == "standby", place, ours))


def _sides(event: Json) -> bool:
    return bool(an_object(event.get("sender")) or an_object(event.get("recipient")))


def _each(body: Json, name: str) -> Iterator[tuple[Place, object]]:
    """What stands in a list; one thing where a list is expected is a list of one."""
    found = body.get(name)
    if isinstance(found, list):
        yield from (((name, index), each) for index, each in enumerate(found))
    elif found is not None:
        yield (name,), found
