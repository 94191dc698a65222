"""Messages that an agent may quote are kept under the desk's names of them, where the phone shows quotes."""

from dataclasses import replace

from interconnections.desks.desk import Chat
from interconnections.directory import Bot
from interconnections.items import Lane
from interconnections.platforms import PLATFORMS
from interconnections.store.lanes import Settled


def shows_quotes(bot: Bot | None) -> bool:
    return bot is not None and bot.platform in PLATFORMS and PLATFORMS[bot.platform].shows_quotes


def named(chat: Chat, bot: Bot | None, lane: Lane, settled: Settled) -> Settled:
    """What the desk took, or a platform where the desk's messages have names."""
    if lane is Lane.BOT or not shows_quotes(bot):
        return settled
    name = chat.named(settled.number)
    return replace(settled, named=name) if lane is Lane.SALESFORCE else replace(settled, quotable=bool(name))
