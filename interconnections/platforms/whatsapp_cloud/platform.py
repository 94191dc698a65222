"""The WhatsApp Cloud API as a platform: Meta's own webhooks in, its Graph API out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from interconnections import clock
from interconnections.errors import FileRefused, FileUnwell, PlatformRefused, PlatformUnwell, WindowClosed
from interconnections.items import File, Item
from interconnections.platforms import callback, meta_row, webhook_proofs
from interconnections.platforms.messages import Told
from interconnections.platforms.pace import Pace
from interconnections.platforms.plain import Plain
from interconnections.platforms.platform import BotIds, Check, PlatformFile, Recipient, Row, Standing, Upload
from interconnections.platforms.values import Json
from interconnections.platforms.whatsapp_cloud import number_checks, subscription
from interconnections.platforms.whatsapp_cloud.checks import checked
from interconnections.platforms.whatsapp_cloud.client import NOT_BY_THIS_NAME, CloudApi
from interconnections.platforms.whatsapp_cloud.failures import FAILURES
from interconnections.platforms.whatsapp_cloud.kinds import KINDS
from interconnections.platforms.whatsapp_cloud.media import messages, quoting, where_it_lies
from interconnections.platforms.whatsapp_cloud.reader import number_ids, read_cloud
from interconnections.platforms.whatsapp_cloud.settings import CloudSettings, path_of, settings_of
from interconnections.webhook_request import WebhookRequest
from interconnections.wire import Wire

DAY = 24 * 3600
WINDOW, FILE = "131047", "131053"  # codes: the user has been silent for too long; a file was not taken
CLICK = (
    "In the app's dashboard open WhatsApp > Configuration, give this bot's webhook address and verify token there, "
    "and subscribe to the field messages."
)


class WhatsAppCloud(Plain):
    label = "WhatsApp Cloud API"
    providers: tuple[str, ...] = ("whatsapp",)
    needs: tuple[str, ...] = ("bot_id", "api_token", "verify_token")
    columns: tuple[str, ...] = ("graph_version", "app_id", "reopen_template", "reopen_language")
    repeats_for = 8 * DAY  # section 2.2: it repeats for 7 days
    pace = Pace(a_second=80, burst=30, seconds=6)  # section 8; 45 at once, of which the bot needs some
    kinds: Mapping[str, str] = KINDS
    shows_typing = True
    tells_receipts = True
    shows_quotes = True
    wants_recipient = True
    takes_files = True
    unfetched: Collection[str] = frozenset({"131052", FILE})
    never_refuses = True
    tells_standing = True
    gives_secret = True
    hides_files = True
    live_for = 3600  # section 12, rule 4
    shows_within = 15.0
    failures: Mapping[str, str] = FAILURES

    def __init__(self, wire: Wire) -> None:
        self.api = CloudApi(wire)

    @staticmethod
    def text_limit(provider: str) -> int:
        return 4096

    @staticmethod
    def settings(row: Row) -> CloudSettings:
        return settings_of(row)

    @staticmethod
    def mistakes(row: Row) -> Mapping[str, str]:
        wrong = meta_row.mistakes(row)
        if row.bot_id and not row.bot_id.isdecimal():
            wrong["bot_id"] = _("This is the phone number id, digits alone; WhatsApp > API setup shows it.")
        if row.reopen_template and not row.reopen_language:
            wrong["reopen_language"] = _("The template needs its language, as in es_MX.")
        return wrong

    @staticmethod
    def reopens(settings: CloudSettings) -> bool:
        return bool(settings.template and settings.language)

    @staticmethod
    def authenticate(request: WebhookRequest, settings: CloudSettings) -> None:
        webhook_proofs.check(request, settings.webhook_auth, settings.webhook_secret)

    @staticmethod
    def handshake(query: Mapping[str, str], settings: CloudSettings) -> str:
        return webhook_proofs.handshake(query, settings.verify_token)

    @staticmethod
    def bot_ids(body: object) -> BotIds:
        found = number_ids(body)
        return BotIds(next(iter(found)) if len(found) == 1 else "", frozenset(found))

    @staticmethod
    def read(body: object, settings: CloudSettings) -> Sequence[Told]:
        return read_cloud(body, settings.number.id)

    @staticmethod
    def webhook_path(settings: CloudSettings) -> str:
        return path_of(settings.slug)

    async def send(self, settings: CloudSettings, to: Recipient, item: Item, id: str, quotes: str = "") -> str:
        if to.window_until is not None and to.window_until <= clock.now():
            raise WindowClosed("the user has not written for 24 hours", WINDOW)
        first, *others = messages(item)
        try:
            return await self._quoting(settings, to, first, id, quotes)
        except PlatformRefused as refusal:
            if refusal.code != FILE or not others:
                raise
        return await self._quoting(settings, to, others[0], id, quotes)

    async def upload(self, settings: CloudSettings, file: File, upload: Upload) -> File:
        return replace(file, id=await self.api.upload(settings.number, upload), mime=upload.mime)

    async def reopen(self, settings: CloudSettings, to: Recipient, id: str) -> str:
        template = {"name": settings.template, "language": {"code": settings.language}}
        return await self.api.send(settings.number, to, {"type": "template", "template": template}, id)

    async def typing(self, settings: CloudSettings, to: Recipient, on: bool) -> None:
        """It ends by itself, and is shown beside a message that is read (section 7)."""
        if on and to.last:
            await self.api.mark_read(settings.number, to.last, typing=True)

    async def seen(self, settings: CloudSettings, to: Recipient) -> None:
        if to.last:
            await self.api.mark_read(settings.number, to.last, typing=False)

    async def file(self, settings: CloudSettings, file_id: str) -> PlatformFile:
        """Its address is good for five minutes, its id for seven days."""
        try:
            answer = await self.api.media(settings.number, file_id)
        except PlatformUnwell as trouble:
            if trouble.code in ("33", "100/33"):
                raise FileRefused("WhatsApp does not have this file any more") from None
            raise FileUnwell(str(trouble), trouble.wait) from None
        except PlatformRefused as refusal:
            raise FileRefused(str(refusal)) from None
        return where_it_lies(answer, settings.number)

    async def register(self, settings: CloudSettings, url: str) -> None:
        """This number's own webhook, before those of its account and its app (section 2.3); it needs theirs, too."""
        if not settings.verify_token:
            raise PlatformRefused("the bot needs a verify token, with which Meta asks whether the address is ours")
        secret = settings.app_secret
        await subscription.subscribe(self.api, settings.number, settings.app, secret, url, settings.verify_token)
        await self._set_webhook(settings, url)

    async def remove(self, settings: CloudSettings, url: str) -> None:
        await self._set_webhook(settings, "")

    async def _set_webhook(self, settings: CloudSettings, url: str) -> None:
        try:
            await self.api.set_webhook(settings.number, url, settings.verify_token.reveal())
        except PlatformRefused as refusal:
            raise PlatformRefused(f"{callback.refused(refusal, url)}. {CLICK}", refusal.code) from None
        except PlatformUnwell as trouble:
            if not trouble.code:
                raise
            raise PlatformRefused(f"{callback.refused(trouble, url)}. {CLICK}", trouble.code) from None

    async def standing(self, settings: CloudSettings) -> Standing:
        stands = await number_checks.stands(self.api, settings.number)
        heard = await subscription.is_there(self.api, settings.number, settings.app, settings.app_secret)
        return replace(stands, subscribed=heard)

    async def check(self, settings: CloudSettings) -> list[Check]:
        return await checked(self.api, settings)

    async def _quoting(self, settings: CloudSettings, to: Recipient, message: Json, id: str, quotes: str) -> str:
        """A parameter that is refused may be the quote, of a message that is gone; the words count more than it."""
        try:
            return await self.api.send(settings.number, to, quoting(message, quotes), id)
        except PlatformRefused as refusal:
            if not quotes or refusal.code not in NOT_BY_THIS_NAME:
                raise
        return await self.api.send(settings.number, to, message, id)
