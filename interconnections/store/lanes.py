"""The lanes: what is to be delivered, in order, each item settled before the next is taken."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from interconnections.backoff import backoff
from interconnections.bot_events import BotEvent
from interconnections.errors import LostOwnership, StoreAway
from interconnections.fast_json import dumps
from interconnections.items import Change, Item, Kind, Lane, Origin
from interconnections.store import keys
from interconnections.store.changes import as_script_reads, stored_events, stored_items
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.fields import followed
from interconnections.store.leases import Hold
from interconnections.store.scripts import Answer, run, ticket


class Cause(StrEnum):
    """What made an attempt vain; each is counted for itself."""

    TROUBLE = "trouble"  # the other side's, or the network's
    ASKED = "asked"  # it asked for a pause
    GONE = "gone"  # the session is gone, says this door; the poll will say how it ended
    REBOUND = "rebound"  # its number was another's: it goes again under the next one
    UNNUMBERED = "unnumbered"  # out of sequence, and nothing says which number would be right
    OURS = "ours"  # an exception that nobody expected
    CROWDED = "crowded"  # too much of ours was under way to that side


@dataclass(frozen=True, slots=True)
class Taken:
    """The head of a lane.  `sequence` is bound to it (Salesforce only); `waited`: ms since it was due.

    `attempts`: how often it was tried in vain, by cause, as the script keeps it (JSON, or "").
    `again`: it may have been sent under this very sequence before, by us or by an owner who died; `first`: nothing
    was sent to the desk before it (where nothing waits for an agent); `shown_as`: the platform's id of it, where that
    told of it though its answer never came; `quotes`: the platform's id of the message that it answers; `fields`: as
    a Pause has them.
    """

    number: str
    item: Item
    sequence: int
    attempts: str
    waited: int
    status: str
    again: bool = False
    first: bool = False
    shown_as: str = ""
    quotes: str = ""
    fields: Mapping[str, str] = field(default_factory=dict, compare=False)

    def tried(self, *causes: Cause) -> int:
        """How many attempts these causes made vain; all of them where none is named."""
        counted: dict[str, int] = json.loads(self.attempts) if self.attempts else {}
        return sum(n for cause, n in counted.items() if not causes or cause in causes)

    def retry(self, seconds: float, why: str, cause: Cause, whose: "Whose | None" = None) -> "Settled":
        """Again after this pause."""
        return Settled(
            self.number,
            "retry",
            str(int(seconds * 1000)),
            why=why,
            whose=whose or Whose.MESSAGE,
            cause=cause,
            attempts=self.attempts,
        )

    def not_asked(self, why: str) -> "Settled":
        """Again soon: it was not sent, for which the other side can do nothing."""
        pause = backoff(self.tried(Cause.CROWDED), base=0.5, cap=3)
        return self.retry(pause, why, Cause.CROWDED, Whose.OURS)

    def rebind(self, sequence: int) -> "Settled":
        """Again at once, under this number."""
        return Settled(self.number, "rebind", str(sequence), cause=Cause.REBOUND, attempts=self.attempts)


class Whose(StrEnum):
    """Whose trouble a failed delivery is."""

    MESSAGE = "message"  # only this one's
    SHORE = "shore"  # the other side is unwell, for all of this bot
    ASKED = "asked"  # the other side asked for this pause
    OURS = "ours"  # the other side was not asked at all


@dataclass(frozen=True, slots=True)
class Settled:
    """How a delivery went.  `argument`: ms for retry, why for dead and replaced, a sequence for rebind.

    `change`: applied when the item leaves the lane, whichever way.

    `attempts`: the taken item's; `cause`: of a retry or rebind; `why`: of a retry, in words without anybody's data;
    `sent_as`: the platform's id of what it took, `took`: ms that the last exchange about it lasted; `silent`, of a
    retry: it may have been taken all the same; `named`: the desk's name of what it took;
    `quotable`: its agent may quote what the platform took; `aside`: it was brought elsewhere than into the chat.
    `told`: for the sender, should this be given up, `to_bot`: for the bot, then; `delivery_limit`, `goodbye_limit`:
    ms (the bot's fields), 0 for none.
    """

    number: str
    outcome: str  # delivered | retry | dead | rebind | replaced (by what `change` puts in front)
    argument: str = ""
    change: Change | None = None
    why: str = ""
    whose: Whose = Whose.MESSAGE
    cause: Cause = Cause.TROUBLE
    attempts: str = ""
    told: tuple[Item, ...] = ()
    to_bot: tuple[BotEvent, ...] = ()
    delivery_limit: int = 0
    goodbye_limit: int = 0
    sent_as: str = ""
    took: int = 0
    silent: bool = False
    named: str = ""
    quotable: bool = False
    aside: bool = False

    def encoded(self) -> str:
        row: dict[str, object] = {"number": self.number, "outcome": self.outcome, "argument": self.argument}
        if self.outcome in ("retry", "rebind"):
            row |= {"cause": self.cause, "attempts": self.attempts}
        if self.outcome in ("retry", "dead"):
            row |= {
                "why": self.why,
                "whose": self.whose,
                "delivery_limit": self.delivery_limit,
                "goodbye_limit": self.goodbye_limit,
                "silent": self.silent,
                "to_bot": stored_events(self.to_bot),
            }
        if self.sent_as:
            row |= {"sent_as": self.sent_as, "took": self.took, "quotable": self.quotable}
        if self.named:
            row["named"] = self.named
        if self.aside:
            row["aside"] = True
        if self.change:
            row["change"] = as_script_reads(self.change)
        return dumps(row | {"told": stored_items(self.told)})


@dataclass(frozen=True, slots=True)
class Bucket:
    """A rate limit that all workers share: `burst` at once, then one every `every` ms.

    `scope`: bot | pair | org | chat | desk.
    """

    name: str
    scope: str
    burst: int
    every: float


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which the head of a lane is taken.

    `goodbye_limit`: ms (the bot's field), 0 for none; `shows_within`: ms, the platform's, 0 where it never shows what
    it took; `ticket`: the same whenever the call is repeated.
    """

    limits: Sequence[Bucket] = ()
    goodbye_limit: int = 0
    shows_within: int = 0
    ticket: str = field(default_factory=ticket)

    def as_script_reads(self) -> tuple[str, int, str, int]:
        buckets = [[limit.name, limit.scope, limit.burst, 1 / limit.every] for limit in self.limits]
        return dumps(buckets) if buckets else "", self.goodbye_limit, self.ticket, self.shows_within


NOTHING_TAKEN = ("", 0, "", 0)  # in their place


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing to take now: for `wait` ms, or until the lane is rung (None).  `retired`: nor ever again.

    `fields`: the hash as it stands, of fields.FOLLOWED those that are set, where what was settled had a change.
    """

    wait: int | None
    retired: bool = False
    status: str = field(default="", compare=False)
    fields: Mapping[str, str] = field(default_factory=dict, compare=False)


Next: TypeAlias = Taken | Pause


async def take(
    redis: AsyncRedis, hold: Hold, lane: Lane, settled: Settled | None = None, terms: Terms | None = None
) -> Next:
    """Settle the last delivery and take the next; raises LostOwnership under an old fence."""
    terms = terms or Terms()
    answer = await run(
        redis, "take", hold.id, hold.worker, hold.fence, lane, settled.encoded() if settled else "",
        *terms.as_script_reads(),
    )  # fmt: skip
    if answer[0] == "lost":
        raise LostOwnership(lane)
    return next_of(answer)


def next_of(answer: Sequence[object]) -> Next:
    """What a script answered of a head (scripts/shared/head.lua), and behind it of the hash, where it did."""
    fields: dict[str, str] = {}
    if isinstance(answer[-1], list):
        fields = followed(answer[-1])
        answer = answer[:-1]
    match answer[0]:
        case "empty":
            return Pause(None, str(answer[1]) == "1", str(answer[2]), fields)
        case "wait":
            return Pause(int(str(answer[1])), status=str(answer[2]), fields=fields)
    number, item, sequence, attempts, waited, status, again, first, shown_as, quotes = map(str, answer[1:])
    return Taken(
        number,
        Item.decoded(item),
        int(sequence or 0),
        attempts,
        int(waited),
        status,
        again == "1",
        first == "1",
        shown_as,
        quotes,
        fields,
    )


async def unsent(redis: AsyncRedis, hold: Hold, ticket: str) -> None:
    """What was taken for the user under this ticket was not sent after all."""
    await run(redis, "unsent", hold.id, hold.worker, hold.fence, ticket)


async def goes(redis: AsyncRedis, hold: Hold, number: str) -> str:
    """What was taken last for the user is sent only now; gives the platform's id of it, where that shows it already.

    Raises LostOwnership.
    """
    answer = await run(redis, "goes", hold.id, hold.worker, hold.fence, number)
    if answer[0] == "lost":
        raise LostOwnership(Lane.INTEGRATION)
    return str(answer[1]) if answer[0] == "shown" else ""


async def due(redis: AsyncRedis, worker: str, lane: Lane) -> list[str]:
    """The sweep: ids of this worker's lanes that should have been rung by now."""
    try:
        seconds, micros = await redis.time()
        now = seconds * 1000 + micros // 1000
        ids: list[str] = await redis.zrangebyscore(keys.key("due", lane, worker), "-inf", now)
    except RedisError as error:
        raise StoreAway(f"sweep: {type(error).__name__}") from error
    return ids


async def hang_up(redis: AsyncRedis, id: str, reason: str) -> tuple[str, str, str]:
    """Order the end: ("ordered", session id, channel to ring) | ("over", status, "") | ("leaving", "", "")."""
    return _ordered(await run(redis, "hang_up", id, reason, ticket(), end_item(reason)))


def end_item(reason: str) -> str:
    return Item(Kind.END, Origin.BRIDGE, reason).encoded()


def _ordered(answer: Answer) -> tuple[str, str, str]:
    word, first, second = [*(str(part) for part in answer), "", ""][:3]
    return word, first, second
