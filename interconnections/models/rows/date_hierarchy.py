"""Years, months and days between two moments, as supervisors in one time zone see them."""

from datetime import timedelta


def buckets(kind, first, last):
    """Where each year, month or day from `first` to `last` begins, and where the next one would."""
    starts = [begin(kind, first)]
    while starts[-1] <= last:
        starts.append(following(kind, starts[-1]))
    return starts


def begin(kind, moment):
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if kind == "day":
        return day
    return day.replace(day=1) if kind == "month" else day.replace(month=1, day=1)


def following(kind, start):
    # Far enough to be inside the next one, near enough not to leave it.
    return begin(kind, start + timedelta(days={"day": 1, "month": 32, "year": 366}[kind]))
