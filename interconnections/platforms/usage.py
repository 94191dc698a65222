"""How much of its allowance an app has used, as Meta tells it beside its answers; and the pace that this leaves.

Meta refuses every call of an app that is above 100 per cent (code 4, 80007), for an hour at most.  Above `SLOW_FROM`
calls are spaced, in this process, so that it does not come to that (messenger-platform.md section 9).
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

import structlog

from interconnections.secret import Secret

HEADERS = ("X-App-Usage", "X-Business-Use-Case-Usage")
SLOW_FROM = 80.0  # per cent
SLOWEST = 1.0  # seconds between two calls at 100 per cent
PATIENCE = 5.0  # seconds that one call is held back
HOLDS = 60.0  # seconds that a figure is believed; the next answer brings a newer one
MOST = 1000  # tokens that are remembered; beyond them the oldest is forgotten

log = structlog.get_logger("bridge.platforms")


@dataclass
class Used:
    """`free`: when the next call may go, by the loop's clock."""

    percent: float
    told: float
    free: float = 0.0


class Usage:
    """By token, as a bot's token is its app's; `time`: seconds, of a clock that does not go back."""

    def __init__(self, time: Callable[[], float] = time.monotonic) -> None:
        self._time = time
        self._used: dict[Secret, Used] = {}

    def pause(self, token: Secret) -> float:
        """Seconds until this call may go; 0 takes its turn."""
        used, now = self._used.get(token), self._time()
        if not used or used.percent <= SLOW_FROM or now - used.told > HOLDS:
            return 0.0
        if used.free > now:
            return used.free - now
        used.free = now + SLOWEST * min(1.0, (used.percent - SLOW_FROM) / (100 - SLOW_FROM))
        return 0.0

    async def turn(self, token: Secret) -> None:
        """Wait until a call with this token may go, as long as that is still so; `PATIENCE` at most.

        Who has waited so long goes: a chat must not stand still because many others talk, and Meta's own refusal is
        the pause then.
        """
        until = self._time() + PATIENCE
        while (wait := self.pause(token)) and self._time() < until:
            await asyncio.sleep(wait)

    def learn(self, token: Secret, headers: Mapping[str, str]) -> None:
        """What an answer told beside its body; nothing where it told nothing that can be read."""
        told = max((percent for name in HEADERS for percent in percents(headers.get(name, ""))), default=None)
        if told is None:
            return
        before = self._used.pop(token, None)
        if told > SLOW_FROM and (before is None or before.percent <= SLOW_FROM):
            log.warning("an app has used most of what Meta allows it an hour, calls are spaced", percent=told)
        self._used[token] = Used(told, self._time(), before.free if before else 0.0)
        while len(self._used) > MOST:
            self._used.pop(next(iter(self._used)))


def percents(header: str) -> Iterator[float]:
    """All in it, however deep: an object of figures for an app, one list of objects an account for use cases."""
    try:
        yield from _percents(json.loads(header) if header else None)
    except (ValueError, OverflowError, RecursionError):
        return


def _percents(told: object) -> Iterator[float]:
    if isinstance(told, list):
        for each in told:
            yield from _percents(each)
    elif isinstance(told, dict):
        for name, value in told.items():
            if (
                name in ("call_count", "total_cputime", "total_time")
                and isinstance(value, int | float)
                and isfinite(value)
            ):
                yield float(value)
            elif isinstance(value, list | dict):
                yield from _percents(value)
