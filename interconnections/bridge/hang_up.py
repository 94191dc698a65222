"""The verbs that end a chat from our side: ordered through the lane, after what the user said."""

import asyncio
from collections.abc import Iterable, Iterator

import structlog
from asgiref.sync import async_to_sync

from interconnections.bells import ring_lane, ring_workers
from interconnections.bridge.outgoing import to_user, user_limit
from interconnections.bridge.services import Bridge
from interconnections.errors import Conflict, Unknown
from interconnections.items import Origin
from interconnections.lifecycle import Reason
from interconnections.store import by_hand, lanes, lookups
from interconnections.store.connection import for_pages

NOT_FOUND = "could not finish chat in salesforce : error not found interconnection: not found interconnection"
NOT_OPEN = "could not finish chat in salesforce : this contact does not have an interconnection"
BELLS = 200  # rung for one order; the sweep finds the others within a second
BELLS_WITHIN = 2.0  # seconds that a page waits for them

log = structlog.get_logger("bridge.hang_up")


async def finish(bridge: Bridge, user: str, bots: list[str]) -> str:
    """End the one open chat of this user with one of `bots`; gives its session id.

    Raises Unknown when there is none, Conflict when several bots have one: the caller must say which.
    """
    places = await lookups.places(bridge.redis, user, bots)
    opened = [place for place in places if place.open_id]
    if len(opened) > 1:
        names = ", ".join(place.bot for place in opened)
        raise Conflict(f"this user has chats with several bots ({names}): say which with ?bot=")
    if not opened:
        raise Unknown(NOT_OPEN if any(place.last_id for place in places) else NOT_FOUND)
    session_id = await order(bridge, opened[0].open_id, Reason.BOT_FINISHED)
    if not session_id:  # it ended, or was ended, between the two looks
        raise Unknown(NOT_OPEN)
    return session_id


async def order(bridge: Bridge, id: str, reason: Reason) -> str:
    """Order the end and ring whoever carries it out; gives the session id, "" when it is over or ending already."""
    word, session_id, channel = await lanes.hang_up(bridge.redis, id, reason)
    if word != "ordered":
        return ""
    await ring([(channel, session_id)])
    return session_id


def end_from_page(whom: Iterable[tuple[str, str]], goodbye: str = "") -> Iterator[tuple[str, str]]:
    """A supervisor ends these, from a synchronous page: (id, what became of it), one after the other.

    `whom`: (id, provider) of each; `goodbye`: for their users, before they are back at the bot.

    "ordered", "leaving" (its end was on its way before), "over" or "no such".  Raises StoreAway; what was given
    before that is ordered.
    """
    redis = for_pages()
    bells: list[tuple[str, str]] = []
    try:
        for id, provider in whom:
            said = to_user(goodbye, Origin.BRIDGE, user_limit(None, provider)) if goodbye else ()
            word, session_id, channel = by_hand.end(redis, id, Reason.SUPERVISOR, goodbye=said)
            if word == "ordered":
                log.info("ended by a supervisor", session=session_id)
                bells.append((channel, session_id))
            yield id, word
    finally:
        if bells:
            async_to_sync(ring_soon)(bells[:BELLS])


async def ring_soon(bells: list[tuple[str, str]]) -> None:
    """For a page, which does not wait long."""
    try:
        await asyncio.wait_for(ring(bells), BELLS_WITHIN)
    except TimeoutError:
        log.warning("bells lost", bells=len(bells))


async def ring(bells: list[tuple[str, str]]) -> None:
    """(channel, session id): the owner of each, and all workers, once, for those that nobody owns."""
    for channel, session_id in bells:
        await ring_lane(channel, session_id)
    if not all(channel for channel, _ in bells):
        await ring_workers()
