"""What a query asks for, in the index's terms: cells, moments, sessions, a slice from the newest on.

Here Django's recorded question is read, and whatever the index cannot answer exactly is refused with a
sentence.  This file knows no Redis.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import product
from math import ceil, floor, prod

from django.db import NotSupportedError
from django.db.models import lookups
from django.db.models.expressions import Col

from interconnections.store.index import ANY, IndexRange

DIMENSIONS = ("status", "provider", "bot_slug")  # in the index's order
MOMENT = "timestamp"
MOST_VALUES = 1000  # of one lookup; a page of the list names 100
MOST_CELLS = 256  # each is asked for, some forty times for a far page
TOO_MANY = "Too many values at once: at most {} of one kind, {} combinations of status, provider and bot_slug."
REFUSAL = (
    "Interconnections are in Redis: they are found by status, provider and bot_slug (exact, in), "
    "by timestamp (a range) and by session_id (exact, in), all together, and ordered by timestamp."
)


def milliseconds(moment: datetime) -> float:
    return moment.timestamp() * 1000


BOUNDS = {  # a range over whole milliseconds, both ends included
    lookups.GreaterThanOrEqual: lambda moment: (ceil(moment), None),
    lookups.GreaterThan: lambda moment: (floor(moment) + 1, None),
    lookups.LessThanOrEqual: lambda moment: (None, floor(moment)),
    lookups.LessThan: lambda moment: (None, ceil(moment) - 1),
}


@dataclass(frozen=True)
class Plan:
    """`sessions`: only these, None for all.  `low`, `high`: ms.  `start`, `stop`: the slice."""

    among: dict[str, frozenset[str]] = field(default_factory=dict)
    sessions: tuple[str, ...] | None = None
    low: int | None = None
    high: int | None = None
    newest_first: bool = True
    start: int = 0
    stop: int | None = None

    def extent(self):
        """Where in the index the rows are; no cells when nothing can match."""
        choices = [sorted(self.among[name]) if name in self.among else [ANY] for name in DIMENSIONS]
        if prod(map(len, choices)) > MOST_CELLS:
            raise NotSupportedError(TOO_MANY.format(MOST_VALUES, MOST_CELLS))
        return IndexRange(
            tuple((status, provider, bot) for status, provider, bot in product(*choices)), self.low, self.high
        )

    def within(self, bots):
        """The same question, about those of these bots that it names."""
        return replace(self, among=self.among | {"bot_slug": self.among["bot_slug"] & frozenset(bots)})

    def admits(self, row):
        """Is this row, however it was found, one of those that are asked for?"""
        if not all(getattr(row, name) in allowed for name, allowed in self.among.items()):
            return False
        if self.low is None and self.high is None:
            return True
        opened = floor(milliseconds(row.indexed_at))
        return (self.low is None or opened >= self.low) and (self.high is None or opened <= self.high)

    def sliced(self, size):
        """How many of `size` rows are left by the slice."""
        return max(0, (size if self.stop is None else min(self.stop, size)) - self.start)


def read(query):
    """The plan of a django.db.models.sql.Query; raises NotSupportedError."""
    if query.is_empty():
        return Plan(sessions=())
    if query.annotations or query.combinator or query.extra or query.select_for_update or query.distinct_fields:
        raise NotSupportedError(REFUSAL)
    plan = Plan(newest_first=newest_first(query), start=query.low_mark, stop=query.high_mark)
    return _all_of(query.where, plan)


def newest_first(query):
    asked = query.order_by
    if not asked and query.default_ordering:
        asked = query.get_meta().ordering
    # After a first word about time the others ask nothing new: rows of one moment are ordered by their ids.
    if not all(name in (MOMENT, f"-{MOMENT}", "pk", "-pk") for name in asked):
        raise NotSupportedError(REFUSAL)
    if asked and asked[0] in ("pk", "-pk"):
        raise NotSupportedError(REFUSAL)
    return (not asked or asked[0] == f"-{MOMENT}") == query.standard_ordering


def _all_of(node, plan):
    if node.negated or (node.connector != "AND" and len(node.children) > 1):
        raise NotSupportedError(REFUSAL)
    for child in node.children:
        plan = _all_of(child, plan) if hasattr(child, "children") else _leaf(child, plan)
    return plan


def _leaf(lookup, plan):
    column = lookup.lhs.target if isinstance(lookup.lhs, Col) else None
    if column is None or hasattr(lookup.rhs, "resolve_expression") or not lookup.rhs_is_direct_value():
        raise NotSupportedError(REFUSAL)
    if column.name == MOMENT and type(lookup) in BOUNDS:
        low, high = BOUNDS[type(lookup)](milliseconds(lookup.rhs))
        return replace(plan, low=later(plan.low, low), high=earlier(plan.high, high))
    # Registered per field, so that a date's "exact" is a class of its own: only the plain ones are ours.
    if type(lookup) is lookups.Exact:
        values = [lookup.rhs]
    elif type(lookup) is lookups.In:
        values = list(lookup.rhs)
    else:
        raise NotSupportedError(REFUSAL)
    if len(values) > MOST_VALUES:
        raise NotSupportedError(TOO_MANY.format(MOST_VALUES, MOST_CELLS))
    if column.primary_key:
        before = plan.sessions
        sessions = dict.fromkeys(value for value in values if before is None or value in before)
        return replace(plan, sessions=tuple(sessions))
    if column.name not in DIMENSIONS:
        raise NotSupportedError(REFUSAL)
    allowed = frozenset(value for value in values if value != ANY)
    if column.choices:
        allowed &= frozenset(value for value, _ in column.flatchoices)
    return replace(plan, among=plan.among | {column.name: allowed & plan.among.get(column.name, allowed)})


def later(one, other):
    return max((moment for moment in (one, other) if moment is not None), default=None)


def earlier(one, other):
    return min((moment for moment in (one, other) if moment is not None), default=None)
