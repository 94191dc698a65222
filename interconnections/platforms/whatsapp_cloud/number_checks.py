"""What Meta tells of a number beside its name: its status, to how many users it may write first, the app's fields.

Asked apart, and silent where a version of the API or a token does not tell it.
"""

import re

from django.utils.translation import gettext as _

from interconnections.errors import PlatformError, PlatformRefused
from interconnections.platforms import token_checks
from interconnections.platforms.messages import ANY
from interconnections.platforms.platform import Check, Standing
from interconnections.platforms.values import text
from interconnections.platforms.whatsapp_cloud.account import reach_of
from interconnections.platforms.whatsapp_cloud.client import CloudApi, Number
from interconnections.platforms.whatsapp_cloud.subscription import as_app
from interconnections.platforms.whatsapp_cloud.subscription import checks as subscription
from interconnections.secret import Secret

NEEDED = {"whatsapp_business_messaging": "error", "whatsapp_business_management": "warning"}
QUALITY, LIMIT = "quality_rating", "messaging_limit_tier"
STANDING = ("status", LIMIT)
RATING = re.compile(r"[A-Z_]{1,20}")


async def standing(api: CloudApi, number: Number) -> list[Check]:
    try:
        told = await api.fields(number, *STANDING)
    except PlatformError:
        return []
    return [*_status(text(told, "status")), *_limit(text(told, LIMIT))]


async def stands(api: CloudApi, number: Number) -> Standing:
    """Raises PlatformError.  A version, or a token, that does not know the limit tells the quality all the same."""
    try:
        told = await api.fields(number, QUALITY, LIMIT)
    except PlatformRefused:
        told = await api.fields(number, QUALITY)
    rating = text(told, QUALITY)
    return Standing(rating if RATING.fullmatch(rating) else "", reach_of(text(told, LIMIT)))


async def token(api: CloudApi, number: Number, app_secret: Secret, app: str) -> list[Check]:
    """The token, and what its app is subscribed to; `app_secret`, `app`: empty where nobody knows them.

    Asked as the app where that can be: others may be told nothing.
    """
    asker = as_app(number, app, app_secret) if app and app_secret else number.access
    told = await token_checks.about(api.graph, asker, number.access.token)
    return [*token_checks.checks(told, NEEDED, app), *await subscription(api, number, told, app_secret)]


def _status(status: str) -> list[Check]:
    if status in ("", "CONNECTED"):
        return []
    mend = _("Look at the number in WhatsApp Manager: is it registered, restricted or banned?")
    return [Check("warning", _("the number's status at Meta is %s") % status[:40], mend)]


def _limit(tier: str) -> list[Check]:
    limit = reach_of(tier)
    if not limit:
        return []
    if limit == ANY:
        return [Check("ok", _("Meta lets the business write first to any number of users"))]
    return [Check("ok", _("Meta lets the business write first to %s users a day") % limit)]
