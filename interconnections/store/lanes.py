"""The lanes: what is to be delivered, in order, each item settled before the next is taken."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from interconnections.bot_events import BotEvent
from interconnections.errors import LostOwnership, StoreAway
from interconnections.items import Change, Item, Kind, Lane, Origin
from interconnections.store import keys
from interconnections.store.changes import as_script_reads, stored_events, stored_items
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.leases import Hold
from interconnections.store.scripts import Answer, run, ticket

REPEATED_WITHIN = 60  # seconds within which redis-py sends a script again


class Heard(StrEnum):
    """What became of a webhook's message."""

    REPEAT = "repeat"  # stored before
    LANE = "lane"  # on its way to the agent
    HELD = "held"  # kept until an agent comes
    CONTEXT = "context"  # no chat: kept for the next one
    LEFT = "left"  # it ended the chat: the user goes back to the bot
    FULL = "full"  # not kept: its bot's webhooks brought too much within the hour


@dataclass(frozen=True, slots=True)
class Receipt:
    heard: Heard
    session_id: str = ""
    channel: str = ""  # to ring where it LEFT, rung already where it is in a LANE; "" when nobody owns it yet
    wait: int = 0  # seconds until it is taken, where it is FULL
    kept: str = ""  # of a REPEAT or CONTEXT: what it was kept as, "chat …", "context" or "passed on"
    number: int = 0  # in its lane, of the first of its items; 0 where there are none


@dataclass(frozen=True, slots=True)
class Doing:
    """What a webhook showed of a person.  `also`: their other ids; `fields`: of their hash (people.py), by name."""

    also: tuple[str, ...] = ()
    fields: dict[str, str | int] = field(default_factory=dict)

    def encoded(self) -> str:
        return json.dumps({"also": self.also, "fields": self.fields})


async def hear(
    redis: AsyncRedis,
    bot: str,
    user: str,
    *,
    message: str,
    dedupe: int,
    items: tuple[Item, ...],
    entry: str,
    context: tuple[int, int],
    origin: Origin | str,
    leaves: str = "",
    intake: int = 0,
    person: Doing | None = None,
    recorded: bool = False,
) -> Receipt:
    """Store what a webhook brought.  `dedupe`: seconds; `context`: (seconds, entries) that are kept.

    `message`: the platform's id, "" where it gave none: then only our own repeat is known again.

    `leaves`: the reason for which this message ends an open chat; "" for any other message.
    `person`: who it was, where their platform gives people several ids or lets us write for a time only;
    `recorded`: kept for the next chat even where one is open, as nobody brings it to an agent.
    `intake`: bytes an hour that are stored of this bot's webhooks, 0 for any number.
    """
    if not message:
        message, dedupe = ticket(), REPEATED_WITHIN
    answer = await run(
        redis, "hear", bot, user, message, dedupe,
        json.dumps(stored_items(items), ensure_ascii=False), entry, context[0], context[1], origin,
        leaves, _end(leaves) if leaves else "", intake,
        person.encoded() if person else "", int(recorded),
    )  # fmt: skip
    words = [str(word) for word in answer]
    heard = Heard(words[0])
    if heard is Heard.FULL:
        return Receipt(heard, wait=int(words[1]))
    session_id, channel, kept, number = [*words[1:], "", "", "", ""][:4]
    return Receipt(heard, session_id, channel, kept=kept, number=int(number or 0))


class Cause(StrEnum):
    """What made an attempt vain; each is counted for itself."""

    TROUBLE = "trouble"  # the other side's, or the network's
    ASKED = "asked"  # it asked for a pause
    GONE = "gone"  # the session is gone, says this door; the poll will say how it ended
    REBOUND = "rebound"  # its number was another's: it goes again under the next one
    UNNUMBERED = "unnumbered"  # out of sequence, and nothing says which number would be right
    OURS = "ours"  # an exception that nobody expected


@dataclass(frozen=True, slots=True)
class Taken:
    """The head of a lane.  `sequence` is bound to it (Salesforce only); `waited`: ms since it was due.

    `attempts`: how often it was tried in vain, by cause, as the script keeps it (JSON, or "").
    `again`: it may have been sent under this very sequence before, by us or by an owner who died; `first`: nothing
    was sent to the desk before it (where nothing waits for an agent); `shown_as`: the platform's id of it, where that
    told of it though its answer never came; `quotes`: the platform's id of the message that it answers.
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

    def rebind(self, sequence: int) -> "Settled":
        """Again at once, under this number."""
        return Settled(self.number, "rebind", str(sequence), cause=Cause.REBOUND, attempts=self.attempts)


class Whose(StrEnum):
    """Whose trouble a failed delivery is."""

    MESSAGE = "message"  # only this one's
    SHORE = "shore"  # the other side is unwell, for all of this bot
    ASKED = "asked"  # the other side asked for this pause


@dataclass(frozen=True, slots=True)
class Settled:
    """How a delivery went.  `argument`: ms for retry, why for dead and replaced, a sequence for rebind.

    `change`: applied when the item leaves the lane, whichever way.

    `attempts`: the taken item's; `cause`: of a retry or rebind; `why`: of a retry, in words without anybody's data;
    `sent_as`: the platform's id of what it took, `took`: ms that the last exchange about it lasted; `silent`, of a
    retry: it may have been taken all the same; `named`: the desk's name of what it took;
    `quotable`: its agent may quote what the platform took.
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
        if self.change:
            row["change"] = as_script_reads(self.change)
        return json.dumps(row | {"told": stored_items(self.told)}, ensure_ascii=False)


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
class Pause:
    """Nothing to take now: for `wait` ms, or until the lane is rung (None).  `retired`: nor ever again."""

    wait: int | None
    retired: bool = False
    status: str = field(default="", compare=False)


Next: TypeAlias = Taken | Pause


async def take(
    redis: AsyncRedis,
    hold: Hold,
    lane: Lane,
    settled: Settled | None = None,
    limits: Sequence[Bucket] = (),
    goodbye_limit: int = 0,
    asked: str = "",
    shows_within: int = 0,
) -> Next:
    """Settle the last delivery and take the next; raises LostOwnership under an old fence.

    `goodbye_limit`: ms (the bot's field), 0 for none; `asked`: a ticket, the same whenever this call is repeated;
    `shows_within`: ms, the platform's, 0 where it never shows what it took.
    """
    buckets = [[limit.name, limit.scope, limit.burst, 1 / limit.every] for limit in limits]
    answer = await run(
        redis, "take", hold.id, hold.worker, hold.fence, lane, settled.encoded() if settled else "",
        json.dumps(buckets) if buckets else "", goodbye_limit, asked or ticket(),
        shows_within,
    )  # fmt: skip
    match answer[0]:
        case "lost":
            raise LostOwnership(lane)
        case "empty":
            return Pause(None, answer[1] == 1, str(answer[2]))
        case "wait":
            return Pause(int(str(answer[1])), status=str(answer[2]))
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
    )


async def unsent(redis: AsyncRedis, hold: Hold) -> None:
    """What was taken last for the user was not sent after all."""
    await run(redis, "unsent", hold.id, hold.worker, hold.fence)


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
    return _ordered(await run(redis, "hang_up", id, reason, ticket(), _end(reason)))


def _end(reason: str) -> str:
    return Item(Kind.END, Origin.BRIDGE, reason).encoded()


def _ordered(answer: Answer) -> tuple[str, str, str]:
    word, first, second = [*(str(part) for part in answer), "", ""][:3]
    return word, first, second
