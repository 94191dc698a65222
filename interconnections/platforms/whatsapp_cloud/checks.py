"""What Meta may be asked of a number without changing anything, and what to do about its answers."""

import hashlib
import hmac

from interconnections.errors import PlatformError, PlatformRefused
from interconnections.platforms.platform import Check
from interconnections.platforms.values import Json, an_object, text
from interconnections.platforms.whatsapp_cloud.client import CloudApi, Number
from interconnections.secret import Secret
from interconnections.wire import host_of

ABOUT = ("display_phone_number", "verified_name", "quality_rating")
WEBHOOK = "webhook_configuration"
WHOSE = ("phone_number", "whatsapp_business_account", "application")  # whose webhook counts first (section 2.3)
TOKEN = (
    "Make a token of a system user that the WhatsApp account is assigned to, with whatsapp_business_messaging and "
    "whatsapp_business_management, that never expires, and put it in as this bot's API token."
)
# By code; what is not here is told by its number.
MENDS = {
    "190": ("Meta does not take the token: it is wrong, expired or was withdrawn", TOKEN),
    "0": ("Meta does not take the token: it is wrong, expired or was withdrawn", TOKEN),
    "3": ("the token lacks a permission", TOKEN),
    "10": ("the token lacks a permission", TOKEN),
    "33": ("Meta knows no phone number id like this bot's", "Copy it from WhatsApp > API setup; it is no number."),
    "100/33": (
        "Meta knows no phone number id like this bot's, or not with this token",
        "Copy the phone number id from WhatsApp > API setup; assign the account to the token's system user.",
    ),
    "100": ("Meta does not understand the question", "Look at the phone number id and the version of the Graph API."),
    "368": ("Meta has restricted the account", "Look at the account's quality in WhatsApp Manager."),
    "131031": ("Meta has locked the account", "Look at the account's quality in WhatsApp Manager."),
    **{str(code): ("the token lacks a permission", TOKEN) for code in range(200, 300)},
}
UNANSWERED = "Look at the address, and at the network and firewall from here."


async def checked(api: CloudApi, number: Number, app_secret: Secret) -> list[Check]:
    """`app_secret`: with which Meta signs the webhooks, empty where nobody looks at that.  Never raises."""
    if not number.id or not number.access.url.startswith(("http://", "https://")):
        return []  # clean() has said so
    try:
        about = await api.fields(number, *ABOUT)
    except PlatformError as trouble:
        return [_trouble(trouble, host_of(number.access.url))]
    return [_quality(about), *await _signature(api, number, app_secret), *await _webhook(api, number)]


def _trouble(trouble: PlatformError, host: str) -> Check:
    code = getattr(trouble, "code", "")
    if code in MENDS:
        what, mend = MENDS[code]
        return Check("error", f"{what} (code {code})", mend)
    if not code:
        return Check("error", f"Meta at {host} gives no answer that we can read ({trouble})", UNANSWERED)
    return Check("warning", f"Meta {trouble}", "Look the code up in docs/whatsapp-cloud.md.")


def _quality(about: Json) -> Check:
    called = text(about, "display_phone_number") or "the number"
    if name := text(about, "verified_name"):
        called = f"{called} ({name})"
    rating = text(about, "quality_rating")
    if rating in ("RED", "YELLOW"):
        mend = "Write to users who asked for it only; see the number's quality in WhatsApp Manager."
        return Check("warning", f"Meta rates the quality of {called} {rating}", mend)
    return Check("ok", f"Meta serves {called}" + (f", quality {rating}" if rating else ""))


async def _signature(api: CloudApi, number: Number, app_secret: Secret) -> list[Check]:
    """Would we know the webhooks for Meta's?  It compares a proof wherever one is shown (section 1)."""
    if not app_secret:
        return []  # clean() has said so, or nothing is looked at
    token = number.access.token.reveal().encode()
    proof = hmac.new(app_secret.reveal().encode(), token, hashlib.sha256).hexdigest()
    try:
        await api.fields(number, "id", proof=proof)
    except PlatformRefused as refused:
        if refused.code != "100":
            return []
        what = "the webhook secret is not the App secret of the token's app: what that app sends is answered 403"
        mend = "Copy the App secret from App settings > Basic into this bot's webhook secret."
        return [Check("warning", what, mend)]  # they may be another app's
    except PlatformError:
        return []
    return [Check("ok", "the webhook secret is the App secret")]


async def _webhook(api: CloudApi, number: Number) -> list[Check]:
    """Silent where Meta does not tell: an older version, or a token for messages alone."""
    try:
        about = an_object((await api.fields(number, WEBHOOK)).get(WEBHOOK))
    except PlatformError:
        return []
    if url := text(about, *WHOSE):
        return [Check("ok", f"Meta sends this number's webhooks to {host_of(url)}")]
    mend = "Run `manage.py subscribe` for this bot, or give the app its callback address."
    return [Check("warning", "Meta has no address for this number's webhooks", mend)] if about else []
