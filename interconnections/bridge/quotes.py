"""Messages that an agent may quote are kept under the desk's names of them, where the phone shows quotes."""

from dataclasses import replace

from interconnections.desks.desk import Chat
from interconnections.directory import Bot
from interconnections.platforms import PLATFORMS
from interconnections.store.lanes import Settled


def shows_quotes(bot: Bot | None) -> bool:
    return bot is not None and bot.platform in PLATFORMS and PLATFORMS[bot.platform].shows_quotes


def named(chat: Chat, bot: Bot | None, settled: Settled) -> Settled:
    """What the desk took."""
    return replace(settled, named=chat.named(settled.number)) if shows_quotes(bot) else settled
