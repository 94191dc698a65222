"""Is this webhook's sender the bot's platform?  (contract, rulings 9)"""

import hashlib
import hmac

from django.http import HttpRequest

from interconnections.directory import Bot
from interconnections.errors import Forbidden, Unauthenticated


def check(request: HttpRequest, bot: Bot) -> None:
    """Raises Unauthenticated (401) when nothing was shown, Forbidden (403) when it is wrong."""
    if bot.webhook_auth == "none":
        return
    if bot.webhook_auth == "signature":
        shown = request.headers.get("X-Hub-Signature-256", "")
        expected = (
            "sha256=" + hmac.new(bot.webhook_secret.reveal().encode(), request.body, hashlib.sha256).hexdigest()
        )
    else:
        header = request.headers.get("Authorization", "")
        scheme, _, value = header.partition(" ")
        shown = value.strip() if scheme.lower() == "bearer" else request.GET.get("token", "")
        expected = bot.webhook_secret.reveal()
    if not shown:
        raise Unauthenticated("this webhook must be authenticated: nothing was shown")
    if not bot.webhook_secret or not hmac.compare_digest(shown.encode(), expected.encode()):
        raise Forbidden("this webhook's secret or signature is wrong")
