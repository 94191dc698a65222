"""What a poll told, written whole before the next poll acknowledges it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interconnections.errors import LostOwnership, StoreAway
from interconnections.fast_json import dumps
from interconnections.items import Change
from interconnections.store.changes import encoded, encoded_all
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.fields import FOLLOWED, followed
from interconnections.store.keys import key
from interconnections.store.lanes import NOTHING_TAKEN, Terms
from interconnections.store.leases import Hold
from interconnections.store.scripts import Answer, run, ticket


@dataclass(frozen=True, slots=True)
class Stored:
    """After a write: ms until each lane may be emptied (-1: nothing to do), and what an owner follows.

    `fields`: the hash as it stands, of fields.FOLLOWED those that are set; `stale`: a poll's answer that was stored
    before, by us before an answer of Redis got lost; `firsts`: of each change of a poll the number of the first thing
    that it says to the user, 0 for none; `head`: of the lane to the user, where it was asked for and may go now; it
    is for that lane to read (lanes.next_of), which may stumble over it.
    """

    to_salesforce: int
    to_integration: int
    retired: bool
    fields: dict[str, str]
    stale: bool = False
    firsts: tuple[int, ...] = ()
    head: Sequence[object] = ()


async def store_news(
    redis: AsyncRedis,
    hold: Hold,
    *,
    epoch: str,
    used: str,
    mark: str | None,
    fields: Mapping[str, str],
    events: list[tuple[str, str, str, str]],
    changes: list[Change],
    take: Terms | None = None,
) -> Stored:
    """Compare-and-set on the mark that the desk was asked with; raises LostOwnership under an old fence.

    `mark`: the new one, None where it stays: then only the events' names show a repeat; `fields`: of the hash;
    `events`: (type, what is kept of it, the name it is counted under, its own name or ""); `take`: the head of the
    lane to the user is taken along, for a lane that takes nothing by itself meanwhile.
    """
    answer = await run(
        redis, "news", hold.id, hold.worker, hold.fence, epoch, used, used if mark is None else mark,
        dumps(dict(fields)) if fields else "", dumps(events),
        encoded_all(changes), *(take.as_script_reads() if take else NOTHING_TAKEN),
    )  # fmt: skip
    return stored(answer, "news")


async def known(redis: AsyncRedis, id: str, names: list[str]) -> list[str]:
    """Which of these events were stored before."""
    try:
        found = await redis.smismember(key("entries", id), names)
    except RedisError as error:
        raise StoreAway(f"known: {type(error).__name__}") from error
    return [name for name, there in zip(names, found, strict=True) if there]


async def silence(redis: AsyncRedis, id: str) -> tuple[float, float]:
    """When the user last spoke, and since when they wait for an answer (ms, 0 for never)."""
    try:
        said, unanswered = await redis.hmget(key("hash", id), "userSaidAt", "unansweredSince")
    except RedisError as error:
        raise StoreAway(f"silence: {type(error).__name__}") from error
    return float(said or 0), float(unanswered or 0)


async def reread(redis: AsyncRedis, hold: Hold) -> dict[str, str]:
    """What an owner follows, as it stands, for who ordered what answers nothing of it.  Raises LostOwnership."""
    try:
        owner, fence, *values = await redis.hmget(key("hash", hold.id), "owner", "fence", *FOLLOWED)
    except RedisError as error:
        raise StoreAway(f"reread: {type(error).__name__}") from error
    if (owner, fence) != (hold.worker, hold.fence):
        raise LostOwnership("reread")
    return followed(values)


async def returns_to(redis: AsyncRedis, id: str) -> str:
    """The state at which a supervisor wants the bot to go on; "" where none was named."""
    try:
        return await redis.hget(key("hash", id), "leavingState") or ""
    except RedisError as error:
        raise StoreAway(f"returns to: {type(error).__name__}") from error


async def store_change(redis: AsyncRedis, hold: Hold, change: Change, mark: str = "") -> Stored:
    """`mark`: by which a repeat of ours is known, for who tries again after StoreAway."""
    answer = await run(redis, "change", hold.id, hold.worker, hold.fence, mark or ticket(), encoded(change))
    return stored(answer, "change")


def stored(answer: Answer, what: str) -> Stored:
    """The answer of all scripts that write for an owner; raises LostOwnership."""
    if answer[0] == "lost":
        raise LostOwnership(what)
    word, to_salesforce, to_integration, retired, values, *news = answer
    assert isinstance(values, list)
    firsts, head = [part if isinstance(part, list) else [] for part in (*news, None, None)[:2]]
    return Stored(
        int(str(to_salesforce)),
        int(str(to_integration)),
        retired == 1,
        followed(values),
        word == "stale",
        tuple(int(str(number)) for number in firsts),
        head,
    )
