"""Telling a bot's platform where our webhook is, and that it is no more."""

from urllib.parse import quote

from django.conf import settings

from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.errors import PlatformError, StartFailed
from interconnections.platforms.yalo.client import Channel

WIRE_WORDS = {"whatsapp": "whatsapp", "messenger": "facebook"}


def webhook_of(bot: Bot) -> str:
    """Where the platform is to send: with the bot's name, and its secret where that is how it proves itself."""
    address = f"{settings.PUBLIC_URL}/v1/integrations/{WIRE_WORDS[bot.provider]}/webhook?bot={quote(bot.slug)}"
    if bot.webhook_auth == "bearer":
        address += f"&token={quote(bot.webhook_secret.reveal(), safe='')}"
    return address


async def register(bridge: Bridge, bot: Bot) -> None:
    """Raises StartFailed with the old service's words when the platform does not take it."""
    if not settings.PUBLIC_URL:
        raise StartFailed("error register webhook: PUBLIC_URL is not set, so the platform could not find us")
    _raise_if_unreadable(bot, "error register webhook")
    try:
        await bridge.yalo.register(channel_of(bot), bot.phone, webhook_of(bot), WIRE_WORDS[bot.provider])
    except PlatformError as error:
        raise StartFailed(f"error register webhook: the platform did not take it ({error})") from None


async def remove(bridge: Bridge, bot: Bot) -> None:
    """Raises StartFailed with the old service's words when the platform does not take it."""
    _raise_if_unreadable(bot, "error remove webhook")
    try:
        await bridge.yalo.remove(channel_of(bot), bot.phone, WIRE_WORDS[bot.provider])
    except PlatformError as error:
        raise StartFailed(f"error remove webhook: the platform did not take it ({error})") from None


def _raise_if_unreadable(bot: Bot, failure: str) -> None:
    """With a secret that no key opens the platform would be told an address that nobody can show."""
    for name, secret in (("API token", bot.api_token), ("webhook secret", bot.webhook_secret)):
        if secret.unreadable:
            raise StartFailed(f"{failure}: no key of ENCRYPTION_KEYS opens the {name} of this bot")


def channel_of(bot: Bot) -> Channel:
    return Channel(bot.api_url, bot.channel, bot.bot_id, bot.api_token)
