"""What a process counts of itself, until its next heartbeat hands it to the store.

Names are the store's totals: `relay:to user:0.05`, `shore:yalo:503`, and `day:2026-11-29:tienda:to user:50` of a
bot's day.  Nothing here waits or fails.
"""

from bisect import bisect_left
from collections import Counter

from interconnections.histograms import MILLISECONDS, bucket

# Upper bounds, in seconds, of the relay's histogram; what is slower falls behind the last.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
ABOVE = "+Inf"


class Tally:
    def __init__(self) -> None:
        self.totals: Counter[str] = Counter()

    def count(self, name: str, n: int = 1) -> None:
        self.totals[name] += n

    def relayed(self, direction: str, seconds: float, day: str, bot: str) -> None:
        """One message arrived, `seconds` after it was stored (and somebody was there to read it)."""
        place = bisect_left(BOUNDS, seconds)
        self.totals[f"relay:{direction}:{BOUNDS[place] if place < len(BOUNDS) else ABOVE}"] += 1
        ms = round(seconds * 1000)
        self.totals[f"relay ms:{direction}"] += ms
        self.totals[f"day:{day}:{bot}:{direction}:{bucket(MILLISECONDS, ms)}"] += 1
        self.totals[f"day:{day}:{bot}:{direction} ms"] += ms

    def taken(self) -> dict[str, int]:
        """All that was counted, which is the caller's now: it is given back if it could not be stored."""
        taken, self.totals = dict(self.totals), Counter()
        return taken

    def give_back(self, totals: dict[str, int]) -> None:
        self.totals.update(totals)
