"""Whom supervisors blocked: all of them, the latest first, and letting one in again."""

from dataclasses import dataclass
from hashlib import blake2b

from interconnections.errors import StoreAway
from interconnections.store.admin_reads import text
from interconnections.store.connection import PageRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.scripts import run_for_page


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


def blocked(redis: PageRedis, most: int) -> list[Blocked]:
    """The latest; those who were blocked before the list was kept are not in it."""
    try:
        found = redis.zrevrange(key("blocks"), 0, most - 1, withscores=True)
    except RedisError as error:
        raise StoreAway(f"blocked: {type(error).__name__}") from error
    whom = [(text(member).partition(":"), int(since)) for member, since in found]
    return [Blocked(bot, user, since) for (bot, _, user), since in whom]


def let_in(redis: PageRedis, one: Blocked) -> None:
    run_for_page(redis, "let_in", one.bot, one.user)
