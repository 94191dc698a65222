"""What each bot's platform did last, as the scripts noted it: evidence where no call could ask without harm.

Nobody can ask a platform whether our webhook is registered or our token is good; but a webhook that came, and a
message that was taken or refused, tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from interconnections.errors import StoreAway
from interconnections.items import Lane
from interconnections.lifecycle import OPEN
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key

LOOKED_AT = 200  # open conversations of a bot


@dataclass(frozen=True, slots=True)
class PlatformActivity:
    """Ages are ms; None where it never happened, or not since this was first noted."""

    heard: int | None  # since its last webhook
    opened: int | None  # since the last conversation was opened
    taken: int | None  # since something was taken from us last: a message, or a state
    refused: int | None
    why: str = ""  # it was refused
    strangers: int = 0  # open conversations of users with a +, whom no webhook will ever name


async def evidence(redis: AsyncRedis, bots: Sequence[str]) -> dict[str, PlatformActivity]:
    """By slug, in one round trip."""
    pipe = redis.pipeline(transaction=False)
    pipe.time()
    for bot in bots:
        pipe.hget(key("bot", bot), "heardAt")
        pipe.zrange(key("index", "*", "*", bot), 0, 0, desc=True, withscores=True)
        pipe.hmget(key("shore", Lane.INTEGRATION, bot), "takenAt", "refusedAt", "refusedWhy")
        for status in sorted(OPEN):
            pipe.zrange(key("index", status, "*", bot), 0, LOOKED_AT - 1, desc=True)
    try:
        (seconds, micros), *answers = await pipe.execute()
    except RedisError as error:
        raise StoreAway(f"evidence: {type(error).__name__}") from error
    now, told = seconds * 1000 + micros // 1000, iter(answers)

    def age(moment: str | float | None) -> int | None:
        return None if moment is None else max(0, now - int(float(moment)))

    found = {}
    for bot in bots:
        heard, newest, (taken, refused, why) = next(told), next(told), next(told)
        ids = [id for _ in OPEN for id in next(told)]
        found[bot] = PlatformActivity(
            heard=age(heard),
            opened=age(newest[0][1]) if newest else None,
            taken=age(taken),
            refused=age(refused),
            why=why or "",
            strangers=sum(id.startswith("+") for id in ids),
        )
    return found
