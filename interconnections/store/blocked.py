"""Whom supervisors blocked: all of them, the latest first, and letting one in again."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from interconnections.errors import StoreAway
from interconnections.store.admin_reads import text
from interconnections.store.connection import PageRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.scripts import run_for_page

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Blocked:
    """`user`: one of their ids; `since`: ms."""

    bot: str
    user: str
    since: int

    @property
    def mark(self) -> str:
        """Stands for them in addresses, which name nobody."""
        return blake2b(f"{self.bot}:{self.user}".encode(), digest_size=12).hexdigest()


def blocked(redis: PageRedis, sees: Callable[[str], bool] = lambda bot: True) -> Iterator[Blocked]:
    """Of the bots that somebody sees; a person once, under whichever of their ids.

    Those who were blocked before the list was kept are not in it; whom a web process of a release before let in is,
    without the block.
    """
    told: set[tuple[str, str]] = set()
    for one, there, also in _all(redis, sees):
        ids = {(one.bot, one.user), *((one.bot, text(id)) for id in also)}
        if there and told.isdisjoint(ids):
            yield one
            told |= ids


def _all(redis: PageRedis, sees: Callable[[str], bool]) -> Iterator[tuple[Blocked, bool, set[bytes]]]:
    """Each with whether the block is there, and with all ids of the person."""
    for start in itertools.count(0, AT_ONCE):
        try:
            found = redis.zrevrange(key("blocks"), start, start + AT_ONCE - 1, withscores=True)
            parts = [(text(member).partition(":"), int(since)) for member, since in found]
            some = [Blocked(bot, user, since) for (bot, _, user), since in parts if sees(bot)]
            pipe = redis.pipeline(transaction=False)
            for one in some:
                pipe.exists(key("blocked", one.bot, one.user))
                pipe.smembers(key("aliases", one.bot, one.user))
            answers = iter(pipe.execute())
        except RedisError as error:
            raise StoreAway(f"blocked: {type(error).__name__}") from error
        for one in some:
            yield one, bool(next(answers)), next(answers)
        if len(found) < AT_ONCE:
            return


def let_in(redis: PageRedis, one: Blocked) -> None:
    run_for_page(redis, "let_in", one.bot, one.user)
