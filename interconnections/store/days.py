"""Which day it is for those who watch: their calendar's, by TIME_ZONE; by Redis' clock."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

from interconnections import clock


def day_of(ms: float) -> str:
    """The name of the day in which this moment lies, like 2026-11-29."""
    return _named(int(ms // 60_000), settings.TIME_ZONE)


def today() -> str:
    return day_of(clock.now())


def begin_of(day: str) -> float:
    """When it began, in ms."""
    return datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(settings.TIME_ZONE)).timestamp() * 1000


def end_of(day: str) -> float:
    return begin_of((datetime.fromisoformat(day) + timedelta(days=1)).date().isoformat())


@lru_cache(maxsize=16)
def _named(minute: int, zone: str) -> str:
    return datetime.fromtimestamp(minute * 60, ZoneInfo(zone)).date().isoformat()
