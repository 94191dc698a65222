"""The history in SQL, where somebody may have named a person in a reason: found, and taken out of it."""

import re
from collections.abc import Iterable

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from interconnections.models import Interconnection

ERASED = "(erased)"
LONGEST_QUERY = 200  # sessions, or names, that one query asks for


def of(sessions: Iterable[str]) -> QuerySet[LogEntry]:
    """What was done to these conversations, the oldest first."""
    kind = ContentType.objects.get_for_model(Interconnection)
    return LogEntry.objects.filter(content_type=kind, object_id__in=list(sessions)).order_by("action_time")


def erase(sessions: list[str], names: frozenset[str]) -> int:
    """Leave who did what and when; take away why, of these conversations, and wherever it names somebody."""
    gone = 0
    for start in range(0, len(sessions), LONGEST_QUERY):
        gone += sum(_without_reason(entry) for entry in of(sessions[start : start + LONGEST_QUERY]))
    for name in names:
        named = Q(change_message__icontains=name) | Q(object_repr__icontains=name)
        word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        for entry in LogEntry.objects.filter(named):
            if word.search(f"{entry.change_message} {entry.object_repr}"):
                entry.object_repr = word.sub(ERASED, entry.object_repr)
                gone += _without_reason(entry)
    return gone


def _without_reason(entry: LogEntry) -> bool:
    """An entry of ours is "What was done: why"; whatever else names somebody goes whole."""
    what, colon, _why = entry.change_message.partition(": ")
    kept = f"{what}: {ERASED}" if colon and not what.startswith(("[", "{")) else ERASED
    if entry.change_message in (kept, ""):
        return False
    entry.change_message = kept
    entry.save(update_fields=["change_message", "object_repr"])
    return True
