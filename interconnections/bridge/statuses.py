"""What became of a message after its platform took it: on its way, on the phone, read, or failed after all."""

import time

from interconnections.bells import ring_lane, ring_receipts
from interconnections.bot_events import BotEvent
from interconnections.bridge.agent_files import again_by_upload
from interconnections.bridge.failure_notices import event_of, failed_later, undelivered
from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.items import Item, Kind, Lane, Origin
from interconnections.platforms.messages import Status
from interconnections.store import sent

STATES = frozenset({"sent", "delivered", "read", "played", "failed"})


async def heard_of(bridge: Bridge, bot: Bot, status: Status) -> bool:
    """A checkpoint of that message; one that failed is told its agent, in words, but a file that
    can be sent in another way is.  False: it is nobody's of a chat.

    Raises StoreAway.
    """
    if status.state not in STATES:
        return False
    users = tuple(id for id in (status.user, *status.also) if id)
    session, _, number = status.handle.rpartition("/")
    if not number.isdecimal():
        session = number = ""
    notice: tuple[Item, ...] = ()
    events: tuple[BotEvent, ...] = ()
    again: tuple[Item, ...] = ()
    if status.state == "failed":
        item = await _message(bridge, bot, users, status.id, session, number) or Item(Kind.TEXT, Origin.AGENT, "…")
        again = again_by_upload(item, status.code, bot)
        notice = failed_later(item, status.code, bot)
        events = event_of(item, Lane.INTEGRATION, bot, undelivered(status.code))
    at = status.at or int(time.time() * 1000)
    fate = sent.Fate(status.id, status.state, at, session, number, status.until, status.code)
    noted = await sent.note(bridge.redis, bot.slug, users, fate, notice, events, again)
    if not noted.ours:
        bridge.tally.count("statuses of others")
    if noted.ring:
        _, channel, session_id = noted.ring
        await ring_lane(channel, session_id)
    if noted.receipts:
        await ring_receipts(*noted.receipts)
    return noted.ours


async def _message(
    bridge: Bridge, bot: Bot, users: tuple[str, ...], id: str, session: str, number: str
) -> Item | None:
    if session:
        return await sent.item_under(bridge.redis, session, number)
    return await sent.item_of(bridge.redis, bot.slug, users[0], id) if users and id else None
