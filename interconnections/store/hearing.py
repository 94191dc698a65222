"""What a webhook brought, stored once however often it comes: in a lane, or kept for the user's next chat."""

from dataclasses import dataclass, field
from enum import StrEnum

from interconnections.fast_json import dumps
from interconnections.items import Item, Origin
from interconnections.store.changes import stored_items
from interconnections.store.connection import AsyncRedis
from interconnections.store.lanes import end_item
from interconnections.store.scripts import run, ticket

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
        return dumps({"also": self.also, "fields": self.fields})


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
    `intake`: bytes an hour that are stored of what this bot brings, by connects too, 0 for any number.
    """
    if not message:
        message, dedupe = ticket(), REPEATED_WITHIN
    answer = await run(
        redis, "hear", bot, user, message, dedupe,
        dumps(stored_items(items)), entry, context[0], context[1], origin,
        leaves, end_item(leaves) if leaves else "", intake,
        person.encoded() if person else "", int(recorded),
    )  # fmt: skip
    words = [str(word) for word in answer]
    heard = Heard(words[0])
    if heard is Heard.FULL:
        return Receipt(heard, wait=int(words[1]))
    session_id, channel, kept, number = [*words[1:], "", "", "", ""][:4]
    return Receipt(heard, session_id, channel, kept=kept, number=int(number or 0))
