"""The verb of the lanes: one item to its shore, and what to do with it after; each lane has a module of its own.

Every answer of a shore is delivered, retry, dead, rebind or replaced.  Raised are HandedOver, as nothing may be sent
until the hand-over is done, and LostOwnership, as nothing was sent and another owner may do it.
"""

import time
from dataclasses import replace

import structlog

from interconnections.backoff import backoff
from interconnections.bridge.bot_delivery import to_bot
from interconnections.bridge.conversation import Conversation
from interconnections.bridge.desk_delivery import ended, to_desk
from interconnections.bridge.failure_notices import event_of, notice_of
from interconnections.bridge.quotes import named
from interconnections.bridge.services import Bridge
from interconnections.bridge.user_delivery import to_integration
from interconnections.errors import HandedOver, LostOwnership, StoreAway
from interconnections.items import Kind, Lane, Origin
from interconnections.store.days import today
from interconnections.store.lanes import Cause, Settled, Taken

PATIENT_WITH_US = 8  # attempts that ended in an exception which nobody expected
SECOND = 1000  # ms
TO_USER, TO_AGENT = "to user", "to agent"

log = structlog.get_logger("bridge.deliver")


async def deliver(bridge: Bridge, conversation: Conversation, lane: Lane, taken: Taken) -> Settled:
    bot = (await bridge.directory.bots()).get(conversation.bot_slug)
    begun = time.monotonic()
    try:
        settled = await SHORES[lane](bridge, conversation, bot, taken)
    except (HandedOver, LostOwnership):
        raise
    except StoreAway:  # nobody's fault of this message's, however often; before the send or after it
        settled = replace(taken.retry(1.0, "Redis was away", Cause.TROUBLE), silent=True)
    except Exception as bug:  # ours: it must neither stop the lane for ever nor be tried each second
        settled = _stumbled(bridge, conversation, lane, taken, bug)
    if settled.outcome == "delivered":
        _relayed(bridge, conversation.bot_slug, taken, time.monotonic() - begun)
        return named(conversation.chat, bot, lane, settled)
    if settled.outcome == "dead":
        log.warning("given up", session=conversation.session_id, lane=lane, why=settled.argument)
    elif settled.outcome == "retry":
        log.info("retry", session=conversation.session_id, lane=lane, why=settled.why, tried=taken.tried())
    elif settled.outcome == "replaced":
        bridge.tally.count("files:link")
    elif settled.outcome == "rebind":
        bridge.tally.count("tolerated:out of sequence")
    if taken.item.kind is Kind.END:  # should it be given up, the chat is over for us all the same
        settled = replace(settled, change=ended(taken, bot))
    return replace(
        settled,
        told=settled.told or notice_of(taken.item, lane, bot),
        to_bot=event_of(taken.item, lane, bot, settled.argument if settled.outcome == "dead" else settled.why),
        delivery_limit=bot.delivery_limit * SECOND if bot else 0,
        goodbye_limit=bot.goodbye_limit * SECOND if bot else 0,
    )


def _stumbled(bridge: Bridge, conversation: Conversation, lane: Lane, taken: Taken, bug: Exception) -> Settled:
    log.exception("delivery stumbled", session=conversation.session_id, lane=lane, tried=taken.tried(Cause.OURS))
    bridge.tally.count("deliveries stumbled")
    why = f"an unexpected {type(bug).__name__}"
    if taken.tried(Cause.OURS) >= PATIENT_WITH_US:
        return Settled(taken.number, "dead", why)
    return taken.retry(backoff(taken.tried(Cause.OURS), base=0.5, cap=30), why, Cause.OURS)


def _relayed(bridge: Bridge, bot: str, taken: Taken, seconds: float) -> None:
    if taken.item.origin is not Origin.BRIDGE:
        direction = TO_AGENT if taken.item.origin is Origin.USER else TO_USER
        bridge.tally.relayed(direction, taken.waited / SECOND + seconds, today(), bot)


SHORES = {Lane.SALESFORCE: to_desk, Lane.INTEGRATION: to_integration, Lane.BOT: to_bot}
