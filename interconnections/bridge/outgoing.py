"""Words into lane items: whole texts on one side, pieces that the target takes on the other."""

from collections.abc import Callable

from interconnections.blanks import is_blank
from interconnections.bot_events import AS_LONG_AS_IT_TAKES, LAST, BotEvent, EventType
from interconnections.directory import Bot
from interconnections.items import File, Item, Kind, Origin
from interconnections.lengths import utf_16_units
from interconnections.pieces import pieces
from interconnections.platforms import PLATFORMS, STATE_APIS

LONGEST_TEXT = 4000  # characters that every desk takes in one message


def _shown(text: str, limit: int, size: Callable[[str], int] = len) -> list[str]:
    """Nothing for what shows nothing: both sides refuse an empty message."""
    return [piece for piece in pieces(text, limit, size) if not is_blank(piece)]


def to_agent(text: str, origin: Origin, limit: int = LONGEST_TEXT) -> tuple[Item, ...]:
    return tuple(Item(Kind.TEXT, origin, piece) for piece in _shown(text, limit))


def user_limit(bot: Bot | None, provider: str = "") -> int:
    """Characters of a message to a user of `bot`; of one that is gone, what every platform of `provider` takes.

    Of a provider that nobody knows: what all of them take.
    """
    provider = provider or (bot.provider if bot else "")
    if bot and bot.platform in PLATFORMS:
        return PLATFORMS[bot.platform].text_limit(provider)
    limits = {(one, each.text_limit(one)) for each in PLATFORMS.values() for one in each.providers}
    return min((limit for one, limit in limits if one == provider), default=min(limit for _, limit in limits))


def to_user(text: str, origin: Origin, limit: int, name: str = "") -> tuple[Item, ...]:
    """No platform says in which unit it counts: UTF-16 is the one that is never the smaller number."""
    return tuple(Item(Kind.TEXT, origin, piece, name=name) for piece in _shown(text, limit, utf_16_units))


def file_to_user(bot: Bot | None, name: str, mime: str, url: str, agent: str, limit: int) -> tuple[Item, ...]:
    """As a file where the bot's platform takes files, else as its link."""
    words = f"{name}\n{url}"
    if bot is None or not PLATFORMS[bot.platform].takes_files:
        return to_user(words, Origin.AGENT, limit, agent)
    kind = mime.partition("/")[0]
    file = File(url, kind if kind in ("image", "audio", "video") else "document", mime, name)
    return (Item(Kind.FILE, Origin.AGENT, words, name=agent, file=file),)


def given_back(bot: Bot | None, name: str, *, delayed: bool) -> tuple[Item, ...]:
    """The chat is over: the talk with the user at the platform is let go, and the bot goes on at a named state."""
    word = PLATFORMS[bot.platform].controls(bot.settings)[1] if bot else ""
    let_go = (Item(Kind.CONTROL, Origin.BRIDGE, word),) if word else ()
    return let_go + state(bot, name, delayed=delayed)


def state(bot: Bot | None, name: str, *, delayed: bool) -> tuple[Item, ...]:
    """Giving the user back to the bot at a named state; nothing where the bot is not told, or by an event."""
    if bot is None or not bot.state_api or not name or tells_events(bot):
        return ()
    return (Item(Kind.STATE, Origin.BRIDGE, name, delay=_pause(bot, delayed)),)


def to_bot(
    bot: Bot | None, type: EventType, *, state: str = "", reason: str = "", delayed: bool = False
) -> tuple[BotEvent, ...]:
    """An event of a chat; nothing where the bot is not told of them.  The last one waits behind the goodbye."""
    if bot is None or not tells_events(bot):
        return ()
    patience = (bot.goodbye_limit * 1000 or AS_LONG_AS_IT_TAKES) if type in LAST else 0
    return (BotEvent(type, state, reason, _pause(bot, delayed), patience),)


def tells_events(bot: Bot) -> bool:
    return bot.state_api in STATE_APIS and STATE_APIS[bot.state_api].tells_events


def _pause(bot: Bot, delayed: bool) -> int:
    return int(bot.state_delay * 1000) if delayed else 0
