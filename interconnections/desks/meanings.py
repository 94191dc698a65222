"""What an event means; a fault of ours in reading it must not keep those beside it from who they are for.  Pure."""

from collections.abc import Callable
from typing import TypeVar

from interconnections.desks.news import News, Other

T = TypeVar("T")


def meant(meaning: Callable[[T], News] | None, told: T) -> tuple[News, Exception | None]:
    """With the fault, which is its caller's to tell: what comes again is read no better."""
    try:
        return meaning(told) if meaning else Other(), None
    except Exception as fault:
        return Other(), fault
