"""A real QuerySet over Redis: Django records filters, order and slices; only carrying them out is ours.

Nothing is written here, and whatever would become SQL is refused with a sentence: there is no table.
"""

from datetime import UTC, datetime

from django.db import NotSupportedError
from django.db.models import Count, Max, Min, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql import Query
from django.utils import timezone

from interconnections.models.rows import plan as planning
from interconnections.models.rows.date_hierarchy import begin, buckets
from interconnections.models.rows.found import Found
from interconnections.store import admin_reads, index

WRITES = "Interconnections are changed by the store's scripts only; pages look."


class NoTable(Query):
    """A question that must not become SQL."""

    def get_compiler(self, *args, **kwargs):
        raise NotSupportedError(planning.REFUSAL)


class ReadFromRedis(ModelIterable):
    def __iter__(self):
        return iter(self.queryset.read())


class InRedis(QuerySet):
    def __init__(self, model=None, query=None, using=None, hints=None):
        super().__init__(model, query or NoTable(model), using, hints)
        self._iterable_class = ReadFromRedis
        self._ends = None  # the page asks twice: for the hierarchy's level, and for its choices
        self._found = {}  # what a search came upon, by session: the page filters and counts it several times

    def _clone(self):
        clone = super()._clone()
        clone._found = self._found
        return clone

    @property
    def plan(self):
        """Raises NotSupportedError when the question cannot be answered, or asks for too much."""
        plan = planning.read(self.query)
        if len(plan.among.get("bot_slug", ())) > 1:  # cells multiply: only bots that there are
            plan = plan.within(self.bots())
        plan.extent()
        return plan

    # Reading

    def read(self):
        plan = self.plan
        if plan.sessions is not None:
            listed = self._listed(plan)[plan.start : plan.stop]
            return self._load([row.id for row in listed]) if self._found else listed
        extent, start, stop = plan.extent(), plan.start, plan.stop
        if not extent.cells or start == stop:
            return []
        if plan.newest_first:
            return self._load(index.newest(extent, start, stop))
        size = index.counts([extent])[0]  # the oldest first is the newest first, from the other end
        first = 0 if stop is None else max(0, size - stop)
        return self._load(index.newest(extent, first, size - start)[::-1]) if start < size else []

    def _listed(self, plan):
        """Rows asked for by session: few, so each is looked at.  Those of a search are not loaded whole yet."""
        if self._found:
            rows = [self._found[session] for session in plan.sessions if session in self._found]
        else:
            rows = self._load(admin_reads.ids_of(plan.sessions))
        rows = [row for row in rows if plan.admits(row)]
        return sorted(rows, key=lambda row: (row.indexed_at, row.id), reverse=plan.newest_first)

    def _load(self, ids):
        return [self.model.from_hash(row) for row in admin_reads.rows(ids, self.model.hash_fields())]

    def search(self, term, *, people=True):
        """Those of whom a searched field starts with the term's words; `more` when not all were looked at.

        `people`: by who they are, too, not only by session and case.
        """
        found, more = admin_reads.search(term, Found.COLUMNS, people=people)
        rows = [Found.from_hash(row) for row in found]
        return {row.session_id: row for row in rows}, more

    def among(self, found):
        """Only these that a search came upon, {session_id: Found}."""
        clone = self.filter(pk__in=list(found))
        clone._found = found
        return clone

    # Counting

    def count(self):
        return len(self._result_cache) if self._result_cache is not None else self._sizes([self])[0]

    def exists(self):
        return self.count() > 0

    @staticmethod
    def _sizes(querysets):
        """How many rows each has, together in one round trip where the index knows."""
        plans = [queryset.plan for queryset in querysets]
        counted = iter(index.counts([plan.extent() for plan in plans if plan.sessions is None]))
        return [
            plan.sliced(next(counted) if plan.sessions is None else len(queryset._listed(plan)))
            for queryset, plan in zip(querysets, plans, strict=True)
        ]

    def ends(self):
        """When the oldest and the newest were opened; None when there are none."""
        plan = self.plan
        if plan.sessions is not None:
            moments = [row.indexed_at for row in self._listed(plan)]
            return (min(moments), max(moments)) if moments else None
        if self._ends is None and (span := index.ends(plan.extent())):
            self._ends = tuple(datetime.fromtimestamp(at / 1000, UTC) for at in span)
        return self._ends

    def aggregate(self, *args, **kwargs):
        """What the admin asks: Min and Max of timestamp, Count with a filter (facets)."""
        for aggregate in args:
            kwargs[aggregate.default_alias] = aggregate
        counts = {name: what for name, what in kwargs.items() if type(what) is Count}
        counted = {name: self.filter(what.filter) if what.filter else self.all() for name, what in counts.items()}
        answers = dict(zip(counted, self._sizes(list(counted.values())), strict=True))
        rest = {name: what for name, what in kwargs.items() if name not in counts}
        if rest:
            oldest, newest = self.ends() or (None, None)
            for name, what in rest.items():
                source = what.get_source_expressions()[0]
                if type(what) not in (Min, Max) or getattr(source, "name", "") != planning.MOMENT or what.filter:
                    raise NotSupportedError(planning.REFUSAL)
                answers[name] = oldest if type(what) is Min else newest
        return answers

    def datetimes(self, field_name, kind, order="ASC", tzinfo=None):
        """The years, months or days (kind) in which something was opened, one count for each."""
        if field_name != planning.MOMENT or kind not in ("year", "month", "day") or order != "ASC":
            raise NotSupportedError(planning.REFUSAL)
        zone, plan = tzinfo or timezone.get_current_timezone(), self.plan
        if plan.sessions is not None:
            return sorted({begin(kind, row.indexed_at.astimezone(zone)) for row in self._listed(plan)})
        span = self.ends()
        if span is None:
            return []
        starts = buckets(kind, *(moment.astimezone(zone) for moment in span))
        parts = [
            self.filter(timestamp__gte=start, timestamp__lt=end)
            for start, end in zip(starts, starts[1:], strict=False)
        ]
        return [start for start, size in zip(starts, self._sizes(parts), strict=False) if size]

    # Elsewhere

    def bots(self):
        """The bots that ever had one."""
        return admin_reads.bots()

    def using(self, alias):
        """No SQL database holds any: dumpdata asks this way, and must not export conversations."""
        return self.none()

    def refuse(self, *args, **kwargs):
        raise NotSupportedError(WRITES)

    create = get_or_create = update_or_create = bulk_create = bulk_update = update = delete = refuse
    _update = _raw_delete = _insert = refuse
