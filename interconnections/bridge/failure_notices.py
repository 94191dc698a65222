"""What a message's sender is told when it was given up: in the bot's words, with the beginning of what they said."""

from interconnections import texts
from interconnections.bridge.outgoing import to_agent, to_user, user_limit
from interconnections.directory import Bot
from interconnections.items import Item, Kind, Lane, Origin
from interconnections.pieces import pieces

SHOWN = 80  # characters of the message


def notice_of(item: Item, lane: Lane, bot: Bot | None) -> tuple[Item, ...]:
    """For the other lane; nothing for what no person said, or where the bot has no words for it."""
    if bot is None or item.kind not in (Kind.TEXT, Kind.FILE) or item.origin is Origin.BRIDGE:
        return ()
    template = bot.texts["notDelivered" if lane is Lane.SALESFORCE else "notDeliveredToUser"]
    if not template:
        return ()
    words = texts.filled(template, _beginning(item.text))
    return (
        to_user(words, Origin.BRIDGE, user_limit(bot)) if lane is Lane.SALESFORCE else to_agent(words, Origin.BRIDGE)
    )


def lost_notice(bot: Bot | None) -> tuple[Item, ...]:
    """For a user whose chat ended before the agent got their last words."""
    words = bot.texts["lastWordsLost"] if bot else ""
    return to_user(words, Origin.BRIDGE, user_limit(bot)) if bot and words else ()


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else pieces(line, SHOWN)[0].rstrip() + "…"
