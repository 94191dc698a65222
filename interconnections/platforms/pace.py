"""How fast a platform lets a bot write: what holds where the bot's own fields say nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """`a_second`: messages of the whole bot; to one user `burst` at once, then one every `seconds`.  0: no limit."""

    a_second: float = 0
    burst: int = 0
    seconds: float = 0
