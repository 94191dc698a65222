"""What a message's sender is told when it was given up: in the bot's words, with the beginning of what they said."""

from functools import cache

from interconnections import texts
from interconnections.bot_events import BotEvent, EventType
from interconnections.bridge.outgoing import to_agent, to_bot, to_user, user_limit
from interconnections.bridge.reopening import offer
from interconnections.directory import Bot
from interconnections.errors import PlatformRefused, WindowClosed
from interconnections.items import Item, Kind, Lane, Origin
from interconnections.languages import spoken, translated
from interconnections.pieces import pieces
from interconnections.platforms import PLATFORMS

HELD_ELSEWHERE = "held elsewhere"  # a code of ours
SHOWN = 80  # characters of the message


def notice_of(item: Item, lane: Lane, bot: Bot | None, why: str = "") -> tuple[Item, ...]:
    """For the other lane; nothing for what no person said, or where the bot has no words for it.

    `why`: sentences for the agent, behind the notice.
    """
    if bot is None or item.kind not in (Kind.TEXT, Kind.FILE) or item.origin is Origin.BRIDGE:
        return ()
    template = bot.texts["notDelivered" if lane is Lane.SALESFORCE else "notDeliveredToUser"]
    if not template:
        return ()
    words = f"{texts.filled(template, beginning(item.text))} {why}".strip()
    return (
        to_user(words, Origin.BRIDGE, user_limit(bot)) if lane is Lane.SALESFORCE else to_agent(words, Origin.BRIDGE)
    )


def event_of(item: Item, lane: Lane, bot: Bot | None, why: str) -> tuple[BotEvent, ...]:
    """For the bot: its user did not get what an agent said."""
    if lane is not Lane.INTEGRATION or item.origin is not Origin.AGENT:
        return ()
    return to_bot(bot, EventType.UNDELIVERED, reason=why)


def lost_notice(bot: Bot | None) -> tuple[Item, ...]:
    """For a user whose chat ended before the agent got their last words."""
    words = bot.texts["lastWordsLost"] if bot else ""
    return to_user(words, Origin.BRIDGE, user_limit(bot)) if bot and words else ()


def refused(item: Item, bot: Bot, refusal: PlatformRefused) -> tuple[Item, ...]:
    """For the agent: their words did not get to the user, and why not, where the platform said so."""
    if isinstance(refusal, WindowClosed):
        why = f"{bot.texts['windowClosed']} {offer(bot)}"
    else:
        why = bot.texts["takenElsewhere"] if refusal.code == HELD_ELSEWHERE else reason_of(refusal.code, bot)
    return notice_of(item, Lane.INTEGRATION, bot, why.strip())


def failed_later(item: Item, code: str, bot: Bot) -> tuple[Item, ...]:
    """The same of what the platform took and could not bring to the user."""
    return notice_of(item, Lane.INTEGRATION, bot, reason_of(code, bot))


def undelivered(code: str) -> str:
    """Why, for a bot: it reads the platform's codes."""
    return f"the platform could not deliver it: {code}" if code else "the platform could not deliver it"


def reason_of(code: str, bot: Bot) -> str:
    """What the platform's code means, in the bot's language; "" for one that says nothing to an agent."""
    reasons = _reasons(bot.platform, spoken(bot.language))
    return reasons.get(code) or reasons.get(code.partition("/")[0], "")


@cache
def _reasons(platform: str, language: str) -> dict[str, str]:
    return translated(dict(PLATFORMS[platform].failures), language)


def beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else pieces(line, SHOWN)[0].rstrip() + "…"
