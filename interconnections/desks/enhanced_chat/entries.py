"""Pages of what a conversation holds, and the list of a user's conversations (section 4.7).  Pure."""

from dataclasses import dataclass

from interconnections.desks import news
from interconnections.desks.enhanced_chat.entry import moment_of
from interconnections.desks.enhanced_chat.events import read_entry
from interconnections.desks.loosely import Json, object_of, objects, parsed, text, whole
from interconnections.errors import DeskUnwell

MOST = 50  # entries or conversations that one answer holds


@dataclass(frozen=True, slots=True)
class Page:
    """`events`: the oldest first; `rows`: how many entries it was made of; `first`, `last`: milliseconds, the
    earliest and the latest of them, 0 where none has a moment.

    As many rows as were asked for: there may be more, from `last` on.  `unread`: how many rows are no entries.
    """

    events: tuple[news.Event, ...] = ()
    rows: int = 0
    last: int = 0
    first: int = 0
    unread: int = 0


def read_entries(content: bytes, *, from_end: bool = False) -> Page:
    """`from_end`: the newest stands first.  Raises DeskUnwell for what is no page."""
    found = object_of(parsed(content)).get("conversationEntries")
    if not isinstance(found, list):
        raise DeskUnwell("the entries were answered without entries")
    entries = objects(found)
    read = [event for raw in entries if (event := read_entry(raw))]
    if from_end:
        read.reverse()
    if all(event.at for event in read):
        read.sort(key=lambda event: event.at)  # whatever a direction means to them
    moments = [at for entry in entries if (at := moment_of(entry))] or [0]
    return Page(tuple(read), len(found), max(moments), min(moments), len(found) - len(entries))


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation of the user.  `started`, `ended`: milliseconds since 1970, 0 where not told."""

    id: str
    started: int = 0
    ended: int = 0


def read_list(content: bytes) -> tuple[Listed, ...]:
    """The one that began last stands first.  Raises DeskUnwell for what is no list."""
    found = object_of(parsed(content)).get("conversations")
    if not isinstance(found, list):
        raise DeskUnwell("the conversations were answered without a list")
    read = [_listed(row) for row in objects(found)]
    return tuple(sorted((each for each in read if each.id), key=lambda each: each.started, reverse=True))


def _listed(row: Json) -> Listed:
    return Listed(
        text(row, "conversationId").lower(),
        whole(row, "startTimestamp", 0),
        whole(row, "endTimestamp", 0),
    )
