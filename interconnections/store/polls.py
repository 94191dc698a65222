"""What a poll told, written whole before the next poll acknowledges it."""

import json
from dataclasses import dataclass

from interconnections.errors import LostOwnership, StoreAway
from interconnections.items import Change
from interconnections.store.changes import encoded, encoded_all
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.leases import Hold
from interconnections.store.scripts import Answer, run


@dataclass(frozen=True, slots=True)
class Stored:
    """After a change: ms until each lane may be emptied (-1: nothing to do), and where the life stands."""

    to_salesforce: int
    to_integration: int
    status: str
    retired: bool


@dataclass(frozen=True, slots=True)
class Stale:
    """This answer was stored already; the poll goes on from `ack`."""

    ack: int


async def store_news(
    redis: AsyncRedis,
    hold: Hold,
    *,
    epoch: str,
    used: int,
    ack: int,
    offset: int | None,
    events: list[tuple[str, str, str]],
    changes: list[Change],
) -> Stored | Stale:
    """Compare-and-set on the ack that the poll used; raises LostOwnership under an old fence.

    `events`: (type, what is kept of it, the name it is counted under).
    """
    answer = await run(
        redis, "news", hold.id, hold.worker, hold.fence, epoch, used, ack, "" if offset is None else offset,
        json.dumps(events, ensure_ascii=False), encoded_all(changes),
    )  # fmt: skip
    if answer[0] == "stale":
        return Stale(int(str(answer[1])))
    return _stored(answer)


async def silence(redis: AsyncRedis, id: str) -> tuple[float, float]:
    """When the user last spoke, and since when they wait for an answer (ms, 0 for never)."""
    try:
        said, unanswered = await redis.hmget(key("hash", id), "userSaidAt", "unansweredSince")
    except RedisError as error:
        raise StoreAway(f"silence: {type(error).__name__}") from error
    return float(said or 0), float(unanswered or 0)


async def store_change(redis: AsyncRedis, hold: Hold, change: Change) -> Stored:
    return _stored(await run(redis, "change", hold.id, hold.worker, hold.fence, encoded(change)))


def _stored(answer: Answer) -> Stored:
    if answer[0] == "lost":
        raise LostOwnership("news")
    _, to_salesforce, to_integration, status, retired = answer
    return Stored(int(str(to_salesforce)), int(str(to_integration)), str(status), retired == 1)
