"""How often a password may be tried, at the bots' API and at the console alike.

A try is counted before the password is looked at, so that simultaneous guesses are counted too.  Ten failures of a
name from one address are the narrow bound; the wide ones, by name and by address, hold for strangers only: who logged
in from there within a month is not locked out by what others do elsewhere, or under other names.
"""

import time
import uuid
from collections import OrderedDict

from django.utils.crypto import salted_hmac

from interconnections.store.attempts import Attempt, Bound

PAIR, PAIR_WITHIN = 10, 5 * 60_000  # failures of one name from one address, within ms
NAME, ADDRESS, WIDE_WITHIN = 50, 100, 15 * 60_000  # of one name from wherever; from one address under whatever name
KNOWN_FOR = 30 * 86_400_000  # ms
REMEMBERED = 10_000  # whom a process counts by itself, at most

TOO_MANY = "too many failed log-ins; wait %d minutes"


def attempt_of(address: str, username: str) -> Attempt:
    """`address` as proxies.py tells it; spellings of a name that only differ in case are one."""
    name = username.casefold()
    return Attempt(
        uuid.uuid4().hex,
        (
            Bound(_digest("pair", f"{address}/{name}"), PAIR, PAIR_WITHIN),
            Bound(_digest("name", name), NAME, WIDE_WITHIN),
            Bound(_digest("address", address), ADDRESS, WIDE_WITHIN),
        ),
    )


def minutes(wait: int) -> int:
    """What a person is told of `wait` ms."""
    return max(1, -(-wait // 60_000))


def _digest(what: str, of: str) -> str:
    digest: str = salted_hmac(f"bridge.attempts.{what}", of, algorithm="sha256").hexdigest()
    return digest[:32]


class Counts:
    """One process' own count, for the console while Redis is away: the same bounds, forgotten with the process."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, list[float]] = OrderedDict()

    def count(self, attempt: Attempt) -> int:
        now, waits = time.monotonic() * 1000, [0.0]
        for bound in attempt.bounds:
            tries = self._tries[bound.who] = [at for at in self._tries.get(bound.who, ()) if at > now - bound.window]
            if len(tries) >= bound.limit:
                waits.append(tries[-bound.limit] + bound.window - now)
        if max(waits) == 0:
            for bound in attempt.bounds:
                self._tries[bound.who].append(now)
                self._tries.move_to_end(bound.who)
        while len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)
        return int(max(waits))

    def succeeded(self, attempt: Attempt) -> None:
        self._tries.pop(attempt.marker, None)
        for bound in attempt.bounds[1:]:
            del self._tries.get(bound.who, [0])[-1:]
