"""What Meta may be asked of a number without changing anything, and what to do about its answers."""

import hashlib
import hmac
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from interconnections.errors import PlatformError, PlatformRefused
from interconnections.platforms.platform import Check
from interconnections.platforms.values import Json, an_object, text
from interconnections.platforms.whatsapp_cloud.client import CloudApi, Number
from interconnections.platforms.whatsapp_cloud.number_checks import standing, token
from interconnections.platforms.whatsapp_cloud.settings import CloudSettings, path_of
from interconnections.secret import Secret
from interconnections.wire import host_of

ABOUT = ("display_phone_number", "verified_name", "quality_rating")
WEBHOOK = "webhook_configuration"
WHOSE = ("phone_number", "whatsapp_business_account", "application")  # whose webhook counts first (section 2.3)
NOT_TAKEN = _("Meta does not take the token: it is wrong, expired or was withdrawn")
NOT_ALLOWED = _("the token lacks a permission")
TOKEN = _(
    "Make a token of a system user that the WhatsApp account is assigned to, with whatsapp_business_messaging and "
    "whatsapp_business_management, that never expires, and put it in as this bot's API token."
)
MANAGER = _("Look at the account's quality in WhatsApp Manager.")
# By code; what is not here is told by its number.
MENDS = {
    "190": (NOT_TAKEN, TOKEN),
    "0": (NOT_TAKEN, TOKEN),
    "3": (NOT_ALLOWED, TOKEN),
    "10": (NOT_ALLOWED, TOKEN),
    "33": (
        _("Meta knows no phone number id like this bot's"),
        _("Copy it from WhatsApp > API setup; it is no number."),
    ),
    "100/33": (
        _("Meta knows no phone number id like this bot's, or not with this token"),
        _("Copy the phone number id from WhatsApp > API setup; assign the account to the token's system user."),
    ),
    "100": (
        _("Meta does not understand the question"),
        _("Look at the phone number id and the version of the Graph API."),
    ),
    "368": (_("Meta has restricted the account"), MANAGER),
    "131031": (_("Meta has locked the account"), MANAGER),
    **{str(code): (NOT_ALLOWED, TOKEN) for code in range(200, 300)},
}


async def checked(api: CloudApi, settings: CloudSettings) -> list[Check]:
    """Never raises."""
    number, app_secret = settings.number, settings.app_secret
    if not number.id or not number.access.url.startswith(("http://", "https://")):
        return []  # clean() has said so
    try:
        about = await api.fields(number, *ABOUT)
    except PlatformError as trouble:
        return [_trouble(trouble, host_of(number.access.url))]
    return [
        _quality(about),
        *await _signature(api, number, app_secret),
        *await _webhook(api, settings),
        *await standing(api, number),
        *await token(api, number, app_secret, settings.app),
    ]


def _trouble(trouble: PlatformError, host: str) -> Check:
    code = getattr(trouble, "code", "")
    if code in MENDS:
        what, mend = MENDS[code]
        return Check("error", _("%(what)s (code %(code)s)") % {"what": what, "code": code}, str(mend))
    if not code:
        told = _("Meta at %(host)s gives no answer that we can read (%(why)s)") % {"host": host, "why": trouble}
        return Check("error", told, str(_("Look at the address, and at the network and firewall from here.")))
    return Check("warning", f"Meta {trouble}", str(_("Look the code up in docs/whatsapp-cloud.md.")))


def _quality(about: Json) -> Check:
    called = text(about, "display_phone_number") or text(about, "id")
    if name := text(about, "verified_name"):
        called = f"{called} ({name})"
    known = {"number": called, "rating": text(about, "quality_rating")}
    if known["rating"] in ("RED", "YELLOW"):
        mend = _("Write to users who asked for it only; see the number's quality in WhatsApp Manager.")
        return Check("warning", _("Meta rates the quality of %(number)s %(rating)s") % known, str(mend))
    if known["rating"]:
        return Check("ok", _("Meta serves %(number)s, quality %(rating)s") % known)
    return Check("ok", _("Meta serves %(number)s") % known)


async def _signature(api: CloudApi, number: Number, app_secret: Secret) -> list[Check]:
    """Would we know the webhooks for Meta's?  It compares a proof wherever one is shown (section 1)."""
    if not app_secret:
        return []  # clean() has said so, or nothing is looked at
    shown = number.access.token.reveal().encode()
    proof = hmac.new(app_secret.reveal().encode(), shown, hashlib.sha256).hexdigest()
    try:
        await api.fields(number, "id", proof=proof)
    except PlatformRefused as refused:
        if refused.code != "100":
            return []
        what = _("the webhook secret is not the App secret of the token's app: what that app sends is answered 403")
        mend = _("Copy the App secret from App settings > Basic into this bot's webhook secret.")
        return [Check("warning", str(what), str(mend))]  # they may be another app's
    except PlatformError:
        return []
    return [Check("ok", str(_("the webhook secret is the App secret")))]


async def _webhook(api: CloudApi, settings: CloudSettings) -> list[Check]:
    """Silent where Meta does not tell: an older version, or a token for messages alone."""
    try:
        about = an_object((await api.fields(settings.number, WEBHOOK)).get(WEBHOOK))
    except PlatformError:
        return []
    mend = _("Run `manage.py subscribe` for this bot, or give the app its callback address.")
    if url := text(about, *WHOSE):
        if urlsplit(url).path.endswith(path := path_of(settings.slug)):
            return [Check("ok", _("Meta sends this number's webhooks to %s") % host_of(url))]
        what = _("Meta sends this number's webhooks to %(host)s, and not to …%(path)s")
        return [Check("warning", what % {"host": host_of(url), "path": path}, str(mend))]
    if not about:
        return []
    return [Check("warning", str(_("Meta has no address for this number's webhooks")), str(mend))]
