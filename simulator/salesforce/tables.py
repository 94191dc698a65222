"""The rows of all objects.  A row is never changed, only put anew: so a transaction can be taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from ..protocol_options import Json

Index = dict[str, set[str]]  # a text in small letters: the ids of its rows


class Tables:
    """Rows by object and id, oldest first."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Json]] = {}
        self._indexes: dict[tuple[str, str], Index] = {}  # of the fields that were asked for, by object and field
        self._journal: list[tuple[str, str, Json | None]] = []  # what was before, while something may be taken back
        self._depth = 0

    def all(self, kind: str) -> Iterable[Json]:
        """Every row of an object."""
        return self._rows.get(kind, {}).values()

    def get(self, kind: str, id: str) -> Json | None:
        """One row."""
        return self._rows.get(kind, {}).get(id)

    def where(self, kind: str, fits: Callable[[Json], bool]) -> list[Json]:
        """The rows that fit."""
        return [row for row in self.all(kind) if fits(row)]

    def equal(self, kind: str, field: str, texts: Iterable[str]) -> list[Json]:
        """The rows whose field is one of these texts, whatever its case."""
        index = self._indexes.get((kind, field))
        if index is None:
            index = self._indexes[kind, field] = defaultdict(set)
            for row in self.all(kind):
                index[_key(row, field)].add(row["Id"])
        found = {id for text in texts for id in index.get(text.casefold(), ())}
        return [self._rows[kind][id] for id in sorted(found)]  # ids count up: oldest first

    def put(self, kind: str, row: Json) -> None:
        """A new row, or an old one anew."""
        self._note(kind, row["Id"])
        self._write(kind, row["Id"], row)

    def remove(self, kind: str, id: str) -> None:
        """Delete a row."""
        self._note(kind, id)
        self._write(kind, id, None)

    def clear(self, *kinds: str) -> None:
        """Delete all rows of these objects."""
        for kind in kinds:
            self._rows.pop(kind, None)
        self._indexes.clear()

    @contextmanager
    def all_or_none(self) -> Iterator[None]:
        """What is done inside is taken back when it raises; also inside another."""
        mark = len(self._journal)
        self._depth += 1
        try:
            yield
        except BaseException:
            while len(self._journal) > mark:
                self._write(*self._journal.pop())
            raise
        finally:
            self._depth -= 1
            if not self._depth:
                self._journal.clear()

    def _note(self, kind: str, id: str) -> None:
        if self._depth:
            self._journal.append((kind, id, self.get(kind, id)))

    def _write(self, kind: str, id: str, row: Json | None) -> None:
        rows = self._rows.setdefault(kind, {})
        before = rows.get(id)
        for (indexed, field), index in self._indexes.items():
            if indexed == kind and before is not None:
                index[_key(before, field)].discard(id)
            if indexed == kind and row is not None:
                index[_key(row, field)].add(id)
        if row is None:
            rows.pop(id, None)
        else:
            rows[id] = row


def _key(row: Json, field: str) -> str:
    """What an index knows a value by; "" for none."""
    value = row.get(field)
    return "" if value is None else str(value).casefold()
