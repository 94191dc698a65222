"""The moments of a stored hash, and under which of them the index has its row."""

from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime

from interconnections import moments


def moment(stored: str | None) -> datetime | None:
    """Times of ours are milliseconds, the specification's are ISO 8601."""
    if not stored:
        return None
    if stored.isdecimal():
        return moments.moment(stored)
    try:
        found = parse_datetime(stored)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def indexed_at(opened_at: datetime | None, timestamp: datetime | None) -> datetime:
    """The store's clock, where `timestamp` is the opener's."""
    return opened_at or timestamp or moments.UNKNOWN
