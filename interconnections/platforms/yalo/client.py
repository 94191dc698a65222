"""Sending to users through Yalo Integrations (yalo-integrations.md section 3.1)."""

from dataclasses import dataclass
from urllib.parse import quote

from interconnections.fast_json import dump_bytes
from interconnections.platforms.outcome import post, raise_unless_taken
from interconnections.secret import Secret
from interconnections.wire import Wire


@dataclass(frozen=True, slots=True)
class Channel:
    """One bot's way to its users.  `segment`: outgoing_webhook (WhatsApp) or passthrough (Messenger)."""

    url: str
    segment: str
    bot_id: str
    token: Secret


class YaloIntegrations:
    """Raises PlatformUnwell (repeat) and PlatformRefused (give up)."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    async def say_on_whatsapp(self, channel: Channel, user: str, text: str, id: str) -> None:
        """`id` is ours and the same at every repeat, so that the platform can see that it is one."""
        await self._send(channel, {"id": id, "type": "text", "userId": user, "text": {"body": text}})

    async def say_on_messenger(self, channel: Channel, user: str, text: str) -> None:
        """The Messenger body has no id: a repeat after a lost answer may show twice."""
        await self._send(
            channel,
            {
                "messaging_type": "RESPONSE",
                "recipient": {"id": user},
                "message": {"text": text},
                "metadata": "YALOSOURCE:FIREHOSE",
            },
        )

    async def register(self, channel: Channel, phone: str, webhook: str, provider: str) -> None:
        """Tell the platform where our webhook is.  `provider`: whatsapp | facebook; `phone`: +number or page id."""
        version = 3 if provider == "facebook" else 0
        body: dict[str, object] = {"phone": phone, "webhook": webhook, "provider": provider, "version": version}
        await self._post(channel, "healthcheck", body, (201,))

    async def remove(self, channel: Channel, phone: str, provider: str) -> None:
        await self._post(channel, "remove", {"phone": phone, "provider": provider}, (204,))

    async def _send(self, channel: Channel, body: dict[str, object]) -> None:
        await self._post(channel, "messages", body, (200, 201, 202, 204))

    async def _post(self, channel: Channel, verb: str, body: dict[str, object], taken: tuple[int, ...]) -> None:
        url = f"{channel.url}/api/{quote(channel.segment, safe='')}/bots/{quote(channel.bot_id, safe='')}/{verb}"
        reply = await post(self.wire, url, dump_bytes(body), channel.token)
        raise_unless_taken(reply, taken)
