"""Yalo Integrations as a platform: one way for bots on WhatsApp, another for those on Messenger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from interconnections.items import Item
from interconnections.platforms import webhook_proofs
from interconnections.platforms.messages import Told
from interconnections.platforms.page_kinds import KINDS
from interconnections.platforms.plain import Plain
from interconnections.platforms.platform import BotIds, Check, Recipient, Row
from interconnections.platforms.reachability import reachable
from interconnections.platforms.yalo.client import Channel, YaloIntegrations
from interconnections.platforms.yalo.facebook import entry_ids, read_facebook
from interconnections.platforms.yalo.reader import IGNORED, read_whatsapp
from interconnections.providers import WIRE_WORDS
from interconnections.secret import Secret
from interconnections.webhook_request import WebhookRequest
from interconnections.wire import Wire

LIMITS = {"whatsapp": 4096, "messenger": 2000}  # characters of one text
SEGMENTS = {"whatsapp": "outgoing_webhook", "messenger": "passthrough"}  # where the bot's row names none


@dataclass(frozen=True, slots=True)
class YaloSettings:
    slug: str
    provider: str
    channel: Channel
    phone: str
    webhook_auth: str
    webhook_secret: Secret
    verify_token: Secret
    ignored: tuple[str, ...]


class Yalo(Plain):
    label = "Yalo Integrations"
    providers = tuple(LIMITS)
    needs: tuple[str, ...] = ("api_url",)
    columns: tuple[str, ...] = ("channel", "phone", "ignored_types")
    repeats_for = 24 * 3600  # rulings 29
    kinds: Mapping[str, str] = KINDS

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.client = YaloIntegrations(wire)

    @staticmethod
    def text_limit(provider: str) -> int:
        return LIMITS[provider]

    @staticmethod
    def settings(row: Row) -> YaloSettings:
        segment = row.channel or SEGMENTS[row.provider]
        return YaloSettings(
            slug=row.slug,
            provider=row.provider,
            channel=Channel(row.api_url.rstrip("/"), segment, row.bot_id, row.api_token),
            phone=row.phone,
            webhook_auth=row.webhook_auth,
            webhook_secret=row.webhook_secret,
            verify_token=row.verify_token,
            ignored=tuple(row.ignored_types) or IGNORED,
        )

    @staticmethod
    def authenticate(request: WebhookRequest, settings: YaloSettings) -> None:
        webhook_proofs.check(request, settings.webhook_auth, settings.webhook_secret)

    @staticmethod
    def handshake(query: Mapping[str, str], settings: YaloSettings) -> str:
        """Meta's, which reaches us where Yalo passes a page's subscription on."""
        return webhook_proofs.handshake(query, settings.verify_token)

    @staticmethod
    def bot_ids(body: object) -> BotIds:
        """Rulings 11."""
        if not isinstance(body, dict):
            return BotIds()
        named = body.get("botId")
        numbers = {str(body.get(name) or "").lstrip("+") for name in ("from", "to")} | entry_ids(body)
        return BotIds(named if isinstance(named, str) else "", frozenset(numbers - {"", "None"}))

    @staticmethod
    def read(body: object, settings: YaloSettings) -> Sequence[Told]:
        if settings.provider == "whatsapp":
            return (read_whatsapp(body, settings.ignored),)
        return read_facebook(body)

    @staticmethod
    def webhook_path(settings: YaloSettings) -> str:
        path = f"/v1/integrations/{WIRE_WORDS[settings.provider]}/webhook?bot={quote(settings.slug)}"
        if settings.webhook_auth == "bearer":
            path += f"&token={quote(settings.webhook_secret.reveal(), safe='')}"
        return path

    async def send(self, settings: YaloSettings, to: Recipient, item: Item, id: str, quotes: str = "") -> str:
        """It names no ids of its own, no limits, and quotes nothing (section 3.1)."""
        if settings.provider == "messenger":
            await self.client.say_on_messenger(settings.channel, to.user, item.text)
        else:
            await self.client.say_on_whatsapp(settings.channel, to.user, item.text, id)
        return ""

    async def register(self, settings: YaloSettings, url: str) -> None:
        await self.client.register(settings.channel, settings.phone, url, WIRE_WORDS[settings.provider])

    async def remove(self, settings: YaloSettings, url: str) -> None:
        await self.client.remove(settings.channel, settings.phone, WIRE_WORDS[settings.provider])

    async def check(self, settings: YaloSettings) -> list[Check]:
        then = _("what agents say is kept and retried")
        return await reachable(self.wire, settings.channel.url, _("the platform's API"), then)
