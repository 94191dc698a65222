"""Is this webhook's sender the bot's platform?

A slug that is no bot's is refused like a bot's whose secret was not shown: who guesses slugs learns none.
"""

from typing import NoReturn

from django.utils.crypto import salted_hmac

from interconnections.directory import Bot
from interconnections.errors import Forbidden, Unauthenticated, Unavailable
from interconnections.platforms import PLATFORMS
from interconnections.platforms.webhook_proofs import NOTHING_SHOWN, WAYS, WRONG, shown
from interconnections.platforms.webhook_proofs import handshake as any_handshake
from interconnections.secret import Secret
from interconnections.webhook_request import WebhookRequest


def check(request: WebhookRequest, bot: Bot) -> None:
    """Raises Unauthenticated, Forbidden or Unavailable, as `Platform.authenticate`."""
    PLATFORMS[bot.platform].authenticate(request, bot.settings)


def checked(request: WebhookRequest, found: Bot | None, slug: str) -> Bot:
    """The bot, whose platform it is; raises as `check` does, whether or not there is such a bot."""
    bot = found if found is not None else check_unknown(request, slug)
    check(request, bot)
    return bot


def check_unknown(request: WebhookRequest, slug: str) -> NoReturn:
    """Raises as `check` would, were there such a bot: by one way for one slug, so that asking again tells nothing."""
    named = slug.encode("utf-8", "replace")  # JSON may hold half an emoji
    way = WAYS[salted_hmac("bridge.unknown bots", named).digest()[0] % len(WAYS)]
    raise Forbidden(WRONG) if shown(request, way) else Unauthenticated(NOTHING_SHOWN)


def opens(request: WebhookRequest, bot: Bot) -> bool:
    """Would `check` let this through?"""
    try:
        check(request, bot)
    except (Unauthenticated, Forbidden, Unavailable):
        return False
    return True


def handshake(request: WebhookRequest, bot: Bot | None) -> str:
    """What a platform wants to read when it asks for the address; raises Forbidden or Unavailable."""
    if bot is None:
        return any_handshake(request.query, Secret(""))  # refused like a bot without a token
    return PLATFORMS[bot.platform].handshake(request.query, bot.settings)
