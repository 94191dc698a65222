"""A glance at conversations, as the list shows them: who spoke last, since when they wait, what keeps them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from interconnections.store.answers import listed, whole
from interconnections.store.connection import for_pages
from interconnections.store.scripts import run_for_page

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class LaneGlance:
    """A lane with something in it.  Moments are ms, 0 for never."""

    lane: str
    items: int
    due: int  # since when its head may go; 0 while it is held
    failing: int  # since when its head is refused
    paused: int  # until when its shore is spared
    why: str


@dataclass(frozen=True, slots=True)
class Glance:
    """Moments are ms, 0 for never; `at`: now, by Redis' clock."""

    at: int = 0
    waits: int = 0  # since when its user waits for an agent
    user_said: int = 0
    agent_said: int = 0
    unowned: int = 0  # since when nobody polls it, though it is open
    desk: str = ""
    handover: str = ""
    lanes: tuple[LaneGlance, ...] = ()


def glances(ids: Sequence[str]) -> list[Glance]:
    """One for each; of one that was purged meanwhile an empty one."""
    redis = for_pages()
    seen: list[Glance] = []
    for start in range(0, len(ids), AT_ONCE):
        at, found = run_for_page(redis, "glance", *ids[start : start + AT_ONCE])
        seen += [_glance(whole(at), json.loads(told)) for told in listed(found)]
    return seen


def _glance(at: int, told: dict[str, object]) -> Glance:
    moments = {name: _moment(told.get(name)) for name in ("waits", "user_said", "agent_said", "unowned")}
    lanes = told["lanes"] if isinstance(told["lanes"], list) else []  # Lua has no empty list
    return Glance(
        at=at,
        **moments,
        desk=str(told.get("desk") or ""),
        handover=str(told.get("handover") or ""),
        lanes=tuple(
            LaneGlance(lane, items, _moment(due), _moment(failing), _moment(paused), why or "")
            for lane, items, due, failing, paused, why in lanes
        ),
    )


def _moment(told: object) -> int:
    return int(float(str(told))) if told else 0
