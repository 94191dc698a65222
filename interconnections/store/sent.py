"""What a platform tells of messages that it took, by its own ids of them; and which message such an id means."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from interconnections.bot_events import BotEvent
from interconnections.errors import StoreAway
from interconnections.items import Item, Lane
from interconnections.store.changes import stored_events, stored_items
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.people import ids_of
from interconnections.store.scripts import run

LOOKED_THROUGH = 400  # entries of a record, the latest, in which a message is looked for


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message.  `sent_as`: the platform's id, "" where all that went before `until` (ms) is meant.

    `session`, `number`: our own id of it, where it came back; `state`: sent | delivered | read | played | failed;
    `at`: ms; `code`: of what failed.
    """

    sent_as: str
    state: str
    at: int
    session: str = ""
    number: str = ""
    until: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """`ours`: it is a message of ours; `ring`: (lane, channel, session id) of who has something to do now;
    `receipts`: (channel, session id) of whose desk may be told.
    """

    ours: bool
    ring: tuple[Lane, str, str] | None = None
    receipts: tuple[str, str] | None = None


async def note(
    redis: AsyncRedis,
    bot: str,
    users: Sequence[str],
    fate: Fate,
    notice: tuple[Item, ...] = (),
    to_bot: tuple[BotEvent, ...] = (),
    again: tuple[Item, ...] = (),
) -> Noted:
    """Should it have failed: `notice` is for the agent, `to_bot` for the bot; `again` for the user in their place."""
    answer = await run(
        redis, "status", bot, json.dumps(list(users)) if users else "[]", fate.sent_as, fate.session, fate.number,
        fate.state, fate.at, fate.until, fate.code, json.dumps(stored_items(notice), ensure_ascii=False),
        json.dumps(stored_events(to_bot), ensure_ascii=False), json.dumps(stored_items(again), ensure_ascii=False),
    )  # fmt: skip
    if answer[0] == "receipts":
        return Noted(True, receipts=(str(answer[2]), str(answer[1])))
    if answer[0] != "ring":
        return Noted(answer[0] == "known")
    _, lane, session, channel = (str(part) for part in answer)
    return Noted(True, (Lane(lane), channel, session))


async def item_of(redis: AsyncRedis, bot: str, user: str, id: str) -> Item | None:
    """The message that the platform calls `id`, in this user's open talk or their latest."""
    try:
        ids = await ids_of(redis, bot, user)
        found = await redis.mget([key(kind, bot, each) for kind in ("user", "last") for each in ids])
        kept = await redis.get(key("seen", bot, id)) or ""
        for talk in dict.fromkeys(each for each in found if each):
            number = (await redis.hget(key("sent", talk), id) or kept.removeprefix("chat ")).partition(" ")[0]
            if number.isdecimal():
                return await _item(redis, talk, number)
    except RedisError as error:
        raise StoreAway(f"a message of the record: {type(error).__name__}") from error
    return None


async def item_under(redis: AsyncRedis, session: str, number: str) -> Item | None:
    """The same by our own id of it."""
    try:
        talk = await redis.hget(key("ids"), session)
        return await _item(redis, talk, number) if talk else None
    except RedisError as error:
        raise StoreAway(f"a message of the record: {type(error).__name__}") from error


async def _item(redis: AsyncRedis, talk: str, number: str) -> Item | None:
    for _, row in await redis.xrevrange(key("messages", talk), count=LOOKED_THROUGH):
        if row.get("number") == number and "item" in row:
            return Item.decoded(row["item"])
    return None
