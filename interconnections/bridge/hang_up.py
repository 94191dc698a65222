"""The verb that ends a chat from our side: ordered through the lane, after what the user said."""

from interconnections.bells import ring_lane, ring_workers
from interconnections.bridge.bridge import Bridge
from interconnections.directory import Bot
from interconnections.errors import Conflict, Unknown
from interconnections.lifecycle import Reason
from interconnections.store import lanes, lookups

NOT_FOUND = "could not finish chat in salesforce : error not found interconnection: not found interconnection"
NOT_OPEN = "could not finish chat in salesforce : this contact does not have an interconnection"


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


async def leave(bridge: Bridge, bot: Bot, user: str) -> None:
    """The user's own wish, by a keyword; nothing happens where no chat is open."""
    for place in await lookups.places(bridge.redis, user, [bot.slug]):
        if place.open_id:
            await order(bridge, place.open_id, Reason.USER_LEFT)


async def order(bridge: Bridge, id: str, reason: Reason) -> str:
    """Order the end and ring whoever carries it out; gives the session id, "" when it is over or ending already."""
    word, session_id, channel = await lanes.hang_up(bridge.redis, id, reason)
    if word != "ordered":
        return ""
    if channel:
        await ring_lane(channel, session_id)
    else:
        await ring_workers()
    return session_id
