"""Stored moments as datetimes, whatever stands there: a reader must not fail for one entry that it cannot place."""

from datetime import UTC, datetime

UNKNOWN = datetime.fromtimestamp(0, UTC)


def moment(milliseconds: object) -> datetime:
    """`milliseconds` since 1970, as a number or as Redis gives it; UNKNOWN for what is none."""
    try:
        return datetime.fromtimestamp(int(float(str(milliseconds))) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return UNKNOWN
