"""What people say to each other, marked for its trace: as it was kept, and as it is brought over.

What the bridge says itself, ends and events have no trace: nobody waits for their answer.
"""

from collections.abc import Sequence

from interconnections.bridge.conversation import Conversation
from interconnections.bridge.deliver import deliver
from interconnections.bridge.services import Bridge
from interconnections.items import Change, Item, Lane, Origin
from interconnections.store.hearing import Receipt
from interconnections.store.lanes import Settled, Taken
from interconnections.traces import marks
from interconnections.traces.message import Traced


def user_said(bot: str, items: Sequence[Item], receipt: Receipt, asked: int) -> None:
    if receipt.number:
        _kept("webhook", receipt.session_id, Lane.SALESFORCE, bot, items, receipt.number, asked)


def agent_said(conversation: Conversation, changes: Sequence[Change], firsts: Sequence[int], asked: int) -> None:
    """`firsts`: as the store numbered what each change says to the user; none of what it had before."""
    for change, first in zip(changes, firsts, strict=False):
        if first:
            session, bot = conversation.session_id, conversation.bot_slug
            _kept("poll", session, Lane.INTEGRATION, bot, change.to_user, first, asked)


def _kept(door: str, session: str, lane: Lane, bot: str, items: Sequence[Item], first: int, asked: int) -> None:
    for number, item in enumerate(items, first):
        if item.origin is not Origin.BRIDGE:
            marks.stored(door, Traced(session, lane, number, bot), asked)


async def delivered(bridge: Bridge, conversation: Conversation, lane: Lane, taken: Taken) -> Settled:
    """`deliver`, in the trace of what is delivered."""
    if not marks.wanted() or taken.item.origin is Origin.BRIDGE:
        return await deliver(bridge, conversation, lane, taken)
    message = Traced(conversation.session_id, lane, int(taken.number), conversation.bot_slug)
    facts: marks.Facts = {
        "bridge.kind": taken.item.kind.value,
        "bridge.tried": taken.tried(),
        "bridge.waited_ms": taken.waited,
    }
    return await marks.delivered(message, facts, deliver(bridge, conversation, lane, taken), _became)


def _became(settled: Settled) -> marks.Facts:
    return {"bridge.outcome": settled.outcome}
