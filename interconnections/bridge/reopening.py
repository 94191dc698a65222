"""Writing to a user to whom the platform lets nobody write freely any more: an approved template, if the bot has one.

The agent asks for it by a word of the bot's texts (`reopen`), which is never shown to the user.
"""

from interconnections import texts
from interconnections.directory import Bot
from interconnections.items import Item, Kind, Origin
from interconnections.platforms import PLATFORMS


def asks_to_reopen(item: Item, bot: Bot) -> bool:
    word = bot.texts["reopen"].strip().casefold()
    asked = item.kind is Kind.TEXT and item.origin is Origin.AGENT and item.text.strip().casefold() == word
    return asked and bool(word) and PLATFORMS[bot.platform].reopens(bot.settings)


def offer(bot: Bot) -> str:
    """What the agent may do about a closed window; "" where nothing but waiting helps."""
    word = bot.texts["reopen"].strip()
    if not word or not bot.texts["reopenOffer"] or not PLATFORMS[bot.platform].reopens(bot.settings):
        return ""
    return texts.filled(bot.texts["reopenOffer"], word)
