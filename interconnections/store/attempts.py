"""Tries of passwords, counted in Redis for all web processes at once; who is a digest, never a name."""

from collections.abc import Sequence
from dataclasses import dataclass

from interconnections.store.connection import AsyncRedis, PageRedis
from interconnections.store.scripts import Answer, Argument, run, run_for_page


@dataclass(frozen=True, slots=True)
class Bound:
    """At most `limit` failures of `who` within `window` ms."""

    who: str
    limit: int
    window: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """`token` is this try's own; `bounds`: of name and address together first, which also is the marker's name."""

    token: str
    bounds: tuple[Bound, ...]

    def asking(self, token: str) -> list[Argument]:
        return [token, self.marker, *(part for each in self.bounds for part in (each.who, each.limit, each.window))]

    def telling(self, known_for: int) -> Sequence[Argument]:
        return [self.token, self.marker, known_for, *(each.who for each in self.bounds)]

    @property
    def marker(self) -> str:
        return self.bounds[0].who


async def look(redis: AsyncRedis, attempt: Attempt) -> int:
    """Ms to wait before a try would be let through; counts nothing."""
    return _wait(await run(redis, "attempt", *attempt.asking("")))


async def count(redis: AsyncRedis, attempt: Attempt) -> int:
    """Count it before the password is looked at; gives ms to wait, and then it is not counted."""
    return _wait(await run(redis, "attempt", *attempt.asking(attempt.token)))


async def succeeded(redis: AsyncRedis, attempt: Attempt, known_for: int) -> None:
    """Not a failure; `known_for` ms this name at this address is bound by its own failures only."""
    await run(redis, "attempted", *attempt.telling(known_for))


async def undone(redis: AsyncRedis, attempt: Attempt) -> None:
    """The password was not looked at after all."""
    await run(redis, "attempted", *attempt.telling(0))


def count_for_page(redis: PageRedis, attempt: Attempt) -> int:
    return _wait(run_for_page(redis, "attempt", *attempt.asking(attempt.token)))


def succeeded_for_page(redis: PageRedis, attempt: Attempt, known_for: int) -> None:
    run_for_page(redis, "attempted", *attempt.telling(known_for))


def _wait(answer: Answer) -> int:
    [wait] = answer
    return wait if isinstance(wait, int) else int(str(wait))
