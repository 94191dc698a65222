"""What a desk's events and stages say, for who looks at a conversation; chosen by the interconnection's `desk`."""

from interconnections.bridge.masking import mask_of
from interconnections.desks import DESKS, FIRST
from interconnections.desks.desk import Desk, Line
from interconnections.desks.news import Rule


def event_line(desk: str, type: str, kept: str) -> Line | None:
    """None for what is no line of its own."""
    return _of(desk).describe(type, kept, _applies)


def stage_line(desk: str, stage: str) -> str:
    """What a change of servers is at; "" where there is none."""
    return str(_of(desk).stages.get(stage, ""))


def _of(desk: str) -> type[Desk]:
    return DESKS.get(desk) or DESKS[FIRST]


def _applies(rule: Rule) -> bool:
    return mask_of(rule) is not None
