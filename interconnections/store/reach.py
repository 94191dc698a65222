"""To how many users of a day a bot's business may write first, as its platform told last."""

from dataclasses import dataclass

from interconnections.store.connection import AsyncRedis
from interconnections.store.scripts import run


@dataclass(frozen=True, slots=True)
class Reach:
    """`users`: -1 for any number; `account`: the platform, and the bot's id there, of which it was told."""

    users: int
    account: str


async def note(redis: AsyncRedis, bot: str, reach: Reach, at: int) -> None:
    """`at`: ms.  Platforms repeat what they told, and an older one changes nothing."""
    await run(redis, "reach", bot, reach.users, at, reach.account)


def read(kept: str) -> Reach:
    users, _, more = kept.partition(" ")
    return Reach(int(users), more.partition(" ")[2])
