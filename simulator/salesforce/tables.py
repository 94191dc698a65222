"""The rows of all objects.  A row is never changed, only put anew: so a transaction can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from ..rules import Json


class Tables:
    """Rows by object and id, oldest first."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Json]] = {}
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

    def put(self, kind: str, row: Json) -> None:
        """A new row, or an old one anew."""
        self._note(kind, row["Id"])
        self._rows.setdefault(kind, {})[row["Id"]] = row

    def remove(self, kind: str, id: str) -> None:
        """Delete a row."""
        self._note(kind, id)
        self._rows.get(kind, {}).pop(id, None)

    def clear(self, *kinds: str) -> None:
        """Delete all rows of these objects."""
        for kind in kinds:
            self._rows.pop(kind, None)

    @contextmanager
    def all_or_none(self) -> Iterator[None]:
        """What is done inside is taken back when it raises; also inside another."""
        mark = len(self._journal)
        self._depth += 1
        try:
            yield
        except BaseException:
            while len(self._journal) > mark:
                self._restore(*self._journal.pop())
            raise
        finally:
            self._depth -= 1
            if not self._depth:
                self._journal.clear()

    def _note(self, kind: str, id: str) -> None:
        if self._depth:
            self._journal.append((kind, id, self.get(kind, id)))

    def _restore(self, kind: str, id: str, before: Json | None) -> None:
        if before is None:
            self._rows.get(kind, {}).pop(id, None)
        else:
            self._rows.setdefault(kind, {})[id] = before
