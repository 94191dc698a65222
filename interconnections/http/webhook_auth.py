"""Is this webhook's sender the bot's platform?  (contract, rulings 9)

A slug that is no bot's is refused like a bot's whose secret was not shown: who guesses slugs learns none.
"""

import hashlib
import hmac
from typing import NoReturn

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from interconnections.directory import Bot
from interconnections.errors import Forbidden, Unauthenticated, Unavailable
from interconnections.secret import Secret

NOTHING_SHOWN = "this webhook must be authenticated: nothing was shown"
WRONG = "this webhook's secret or signature is wrong"


def check(request: HttpRequest, bot: Bot) -> None:
    """Raises Unauthenticated (401) when nothing was shown, Forbidden (403) when it is wrong.

    Unavailable (503) when we have no secret to compare with: that is our mistake, and the message must come again.
    """
    if bot.webhook_auth == "none":
        return
    shown = _shown(request, bot.webhook_auth)
    if not shown:
        raise Unauthenticated(NOTHING_SHOWN)
    if not bot.webhook_secret:
        raise Unavailable("the secret of this bot's webhooks cannot be read here now; send it again")
    if not _fits(request, bot.webhook_auth, shown, bot.webhook_secret):
        raise Forbidden(WRONG)


def check_unknown(request: HttpRequest, slug: str) -> NoReturn:
    """Raises as `check` would, were there such a bot: by one way for one slug, so that asking again tells nothing."""
    named = slug.encode("utf-8", "replace")  # JSON may hold half an emoji
    way = ("bearer", "signature")[salted_hmac("bridge.unknown bots", named).digest()[0] % 2]
    raise Forbidden(WRONG) if _shown(request, way) else Unauthenticated(NOTHING_SHOWN)


def opens(request: HttpRequest, bot: Bot) -> bool:
    """Would `check` let this through?"""
    try:
        check(request, bot)
    except (Unauthenticated, Forbidden, Unavailable):
        return False
    return True


def _shown(request: HttpRequest, way: str) -> str:
    if way == "signature":
        return str(request.headers.get("X-Hub-Signature-256", ""))
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else str(request.GET.get("token", ""))


def _fits(request: HttpRequest, way: str, shown: str, secret: Secret) -> bool:
    expected = secret.reveal()
    if way == "signature":
        expected = "sha256=" + hmac.new(expected.encode(), request.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(shown.encode(), expected.encode())
