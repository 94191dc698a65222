"""How fast the items of one lane may go: the bot's own limits, or its platform's, or its org's."""

from interconnections.bridge.conversation import Conversation
from interconnections.directory import Bot
from interconnections.items import Lane
from interconnections.platforms import PLATFORMS
from interconnections.store.lanes import Bucket

SECOND = 1000  # ms


def limits(lane: Lane, conversation: Conversation, bot: Bot | None) -> tuple[Bucket, ...]:
    """The buckets that an item of this lane takes a token from, the narrowest first; mostly none."""
    if bot is None or lane is Lane.BOT:
        return ()
    if lane is Lane.SALESFORCE:
        return _of_the_desk(conversation, bot)
    platform = PLATFORMS[bot.platform].pace
    found = []
    if seconds := bot.pair_seconds or platform.seconds:
        burst = max(1, bot.pair_burst or platform.burst)
        found.append(Bucket(f"pair:{bot.slug}:{conversation.user_id}", "pair", burst, seconds * SECOND))
    if a_second := bot.sends_per_second or platform.a_second:
        found.append(_steady(f"bot:{bot.slug}", "bot", a_second))
    return tuple(found)


def shows_within(lane: Lane, bot: Bot | None) -> int:
    """Ms within which what this lane delivers to is sure to show what it took; 0 where it never does."""
    return int(PLATFORMS[bot.platform].shows_within * SECOND) if bot and lane is Lane.INTEGRATION else 0


def _of_the_desk(conversation: Conversation, bot: Bot) -> tuple[Bucket, ...]:
    found, org = [], bot.org_of(conversation.org_name)
    if pace := conversation.pace:
        found.append(Bucket(f"chat:{conversation.session_id}", "chat", pace.burst, pace.seconds * SECOND))
    if org and org.sends_per_second:
        found.append(_steady(f"org:{org.name}", "org", org.sends_per_second))
    return tuple(found)


def _steady(name: str, scope: str, a_second: float) -> Bucket:
    """A second's worth at once."""
    return Bucket(name, scope, max(1, int(a_second)), SECOND / a_second)
