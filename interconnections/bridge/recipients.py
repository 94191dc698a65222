"""A user, as their platform needs to know them: looked up where it needs more than the id of their chat."""

import structlog

from interconnections import clock
from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.errors import StoreAway, StoreFault
from interconnections.platforms.platform import Recipient
from interconnections.store import people

# ms without a word of the user, after which no app has their talk (messenger-platform.md section 5)
IDLE = 86_400_000

log = structlog.get_logger("bridge.recipients")


async def recipient_of(bridge: Bridge, bot: Bot, user: str) -> Recipient:
    """Raises StoreAway."""
    if not bridge.platforms[bot.platform].wants_recipient:
        return Recipient(user)
    person = await people.known(bridge.redis, bot.slug, user)
    return Recipient(
        user,
        tuple(id for id in person.ids if id != user),
        last=person.last,
        said_at=person.said_at,
        window_until=person.window_until,
        held_by=person.held_by if person.held_at + IDLE > clock.now() else "",
    )


async def remember(bridge: Bridge, bot: Bot, to: Recipient) -> None:
    """They may answer under the name that the platform gave them.  Never raises: what was sent is sent."""
    try:
        await people.same(bridge.redis, bot.slug, (to.user, *to.named))
    except (StoreAway, StoreFault):
        log.warning("another name of a user was not kept", bot=bot.slug)
