"""Histograms with fixed bounds: counted one at a time where things happen, summed over bots, read as quantiles.

A bucket is named by its upper bound, and by MORE above the last.  The store's scripts count by the same table.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import ceil

SECONDS = (
    1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 90, 105, 120, 150, 180, 210, 240, 300, 360, 420, 480,
    540, 600, 720, 900, 1200, 1500, 1800, 2400, 3000, 3600, 5400, 7200, 10800, 14400, 21600, 43200, 86400,
)  # fmt: skip
MILLISECONDS = (
    1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 75, 100, 125, 150, 200, 250, 300, 400, 500, 600, 750, 1000, 1250,
    1500, 2000, 3000, 4000, 5000, 7500, 10000, 15000, 20000, 30000, 60000, 120000, 300000,
)  # fmt: skip
MORE = "more"


@dataclass(frozen=True, slots=True)
class Spread:
    """None where nothing was counted.  `avg` is exact; `p50` and `p90` lie in the right bucket."""

    avg: float | None
    p50: float | None
    p90: float | None


def bucket(bounds: Sequence[int], value: float) -> str:
    place = bisect_left(bounds, value)
    return str(bounds[place]) if place < len(bounds) else MORE


def counts(sums: Mapping[str, int], name: str, bounds: Sequence[int]) -> list[int]:
    """How many fell into each bucket, the one above the last bound too."""
    return [sums.get(f"{name}:{bound}", 0) for bound in (*bounds, MORE)]


def spread(sums: Mapping[str, int], name: str, bounds: Sequence[int], unit: int) -> Spread:
    """`unit`: milliseconds of one step of `bounds`; the sum is kept in milliseconds."""
    found = counts(sums, name, bounds)
    number = sum(found)
    if not number:
        return Spread(None, None, None)
    average = sums.get(f"{name} ms", 0) / number / unit
    return Spread(round(average, 1), quantile(found, bounds, 0.5), quantile(found, bounds, 0.9))


def quantile(found: Sequence[int], bounds: Sequence[int], share: float) -> float:
    """Of values that are spread evenly within their bucket; above the last bound, that bound."""
    rank = max(1, ceil(share * sum(found)))
    reached = list(accumulate(found))
    place = bisect_left(reached, rank)
    if place == len(bounds):
        return float(bounds[-1])
    low, high = [*pairwise((0, *bounds))][place]
    before = reached[place] - found[place]
    return round(low + (high - low) * (rank - before) / found[place], 1)
