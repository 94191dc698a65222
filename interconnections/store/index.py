"""The index of conversations by status, provider, bot and time, as pages ask it: one script for each question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from interconnections.store.answers import listed, whole
from interconnections.store.connection import for_pages
from interconnections.store.keys import key
from interconnections.store.scripts import run_for_page

Cell: TypeAlias = tuple[str, str, str]  # status, provider, bot; ANY stands for any
ANY = "*"


@dataclass(frozen=True, slots=True)
class IndexRange:
    """Cells of the index that share no row, and the moments (ms, both included) between which to look."""

    cells: tuple[Cell, ...]
    low: int | None = None
    high: int | None = None

    @property
    def keys(self) -> list[str]:
        return [key("index", *cell) for cell in self.cells]


def counts(extents: Sequence[IndexRange]) -> list[int]:
    """The number of rows of each, in one round trip."""
    bounds = [bound for extent in extents for cell in extent.keys for bound in (cell, *_bounds(extent))]
    if not bounds:
        return [0 for _ in extents]
    redis = for_pages()
    sizes = iter(run_for_page(redis, "counted", "ZCOUNT", *bounds))
    return [sum(whole(next(sizes)) for _ in extent.cells) for extent in extents]


def ends(extent: IndexRange) -> tuple[int, int] | None:
    """The moments of the oldest and of the newest row; None when there is none."""
    redis = for_pages()
    oldest, newest = run_for_page(redis, "ends", *_bounds(extent), *extent.keys)
    return None if oldest == "" else (whole(oldest), whole(newest))


def _bounds(extent: IndexRange) -> tuple[int | str, int | str]:
    return ("-inf" if extent.low is None else extent.low), ("+inf" if extent.high is None else extent.high)


def newest(extent: IndexRange, start: int, stop: int | None) -> list[str]:
    """Ids from the newest on, `start` to `stop` (None: all)."""
    low, high = ("" if moment is None else moment for moment in (extent.low, extent.high))
    upto = "" if stop is None else stop
    redis = for_pages()
    passed, *cells = run_for_page(redis, "newest", start, upto, low, high, *extent.keys)
    found = [listed(cell) for cell in cells]
    rows = [(float(score), id) for cell in found for id, score in zip(cell[::2], cell[1::2], strict=True)]
    if len(cells) > 1:
        rows.sort(key=lambda row: (row[0], row[1].encode()), reverse=True)
        rows = rows[start - whole(passed) : None if stop is None else stop - whole(passed)]
    return [id for score, id in rows if extent.low is None or score >= extent.low]
