"""The time that the store goes by, in every process: Redis', not this machine's.

Moments that are kept come from Redis, and a machine's own clock may be minutes off.  Each heartbeat tells what time
it is there; between two of them this machine's clock counts on.
"""

import time
from dataclasses import dataclass


@dataclass
class Offset:
    ms: float = 0.0


_offset = Offset()


def here() -> float:
    """This machine's own clock, in ms."""
    return time.time() * 1000


def now() -> float:
    """Redis' time, in ms, as far as this process knows it."""
    return here() + _offset.ms


def learn(theirs: float, asked: float, answered: float) -> None:
    """`theirs`: Redis' time at some moment between `asked` and `answered` of our own clock (all in ms).

    What is known already is kept where it agrees: a slow answer says little, and must not move it.
    """
    _offset.ms = min(max(_offset.ms, theirs - answered), theirs - asked)
