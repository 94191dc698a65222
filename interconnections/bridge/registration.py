"""Telling a bot's platform where our webhook is, and that it is no more; and asking it how it is."""

import asyncio
from collections.abc import Awaitable

from django.conf import settings
from django.utils.translation import gettext as _

from interconnections.bridge.services import Bridge
from interconnections.desks import DESKS
from interconnections.directory import Bot, Org
from interconnections.errors import PlatformError, StartFailed
from interconnections.platforms import PLATFORMS, STATE_APIS
from interconnections.platforms.platform import Check
from interconnections.wire import Wire


def webhook_of(bot: Bot) -> str:
    """Where the platform is to send: with the bot's name, and its secret where that is how it proves itself."""
    return f"{settings.PUBLIC_URL}{PLATFORMS[bot.platform].webhook_path(bot.settings)}"


async def register(bridge: Bridge, bot: Bot) -> None:
    """Raises StartFailed with the old service's words when the platform does not take it."""
    failure = "error register webhook"
    if not settings.PUBLIC_URL:
        raise StartFailed(f"{failure}: PUBLIC_URL is not set, so the platform could not find us")
    _raise_if_unreadable(bot, failure)
    await _taken(bridge.platforms[bot.platform].register(bot.settings, webhook_of(bot)), failure)


async def remove(bridge: Bridge, bot: Bot) -> None:
    """Raises StartFailed with the old service's words when the platform does not take it."""
    failure = "error remove webhook"
    _raise_if_unreadable(bot, failure)
    await _taken(bridge.platforms[bot.platform].remove(bot.settings, webhook_of(bot)), failure)


async def checks(bot: Bot, wire: Wire) -> list[Check]:
    """What its platform and its state API say of themselves, and what is wrong between them; never raises."""
    asked = [PLATFORMS[bot.platform](wire).check(bot.settings)]
    if api := STATE_APIS.get(bot.state_api):
        asked.append(api(wire).check(bot.state_settings))
    return [*(each for answer in await asyncio.gather(*asked) for each in answer), *_unseen_files(bot)]


def _unseen_files(bot: Bot) -> list[Check]:
    """Is there an org where what users send as files reaches no agent?"""
    if not PLATFORMS[bot.platform].hides_files:
        return []
    orgs = [route.org or bot.org for routes in bot.routes.values() for route in routes]
    names = {org.name for org in orgs if org and not org.records and _takes_none_unasked(org)}
    mend = _("Give the org a login (docs/salesforce.md): users' files go onto the case then.")
    return [
        Check("warning", _("agents of %s never see users' files: they open with the bot's token alone") % name, mend)
        for name in sorted(names)
    ]


def _takes_none_unasked(org: Org) -> bool:
    return org.chat_api in DESKS and DESKS[org.chat_api].files_when_asked


async def _taken(told: Awaitable[None], failure: str) -> None:
    try:
        await told
    except PlatformError as error:
        raise StartFailed(f"{failure}: the platform did not take it ({error})") from None


def _raise_if_unreadable(bot: Bot, failure: str) -> None:
    """With a secret that no key opens the platform would be told an address that nobody can show."""
    for name, secret in (("API token", bot.api_token), ("webhook secret", bot.webhook_secret)):
        if secret.unreadable:
            raise StartFailed(f"{failure}: no key of ENCRYPTION_KEYS opens the {name} of this bot")
