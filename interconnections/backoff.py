"""How long to wait before trying again."""

import random


def backoff(tries: int, *, base: float, cap: float) -> float:
    """Seconds: doubling from `base` up to `cap`, with a jitter so that many do not return as one."""
    return float(min(cap, base * 2 ** min(tries, 16)) * random.uniform(0.5, 1.0))
