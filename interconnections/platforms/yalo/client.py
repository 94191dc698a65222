"""Sending to users through Yalo Integrations (yalo-integrations.md section 3.1)."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from interconnections.platforms.outcome import post, raise_unless_taken
from interconnections.secret import Secret
from interconnections.wire import Wire

WHATSAPP_LIMIT = 4096  # characters of one text
MESSENGER_LIMIT = 2000


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

    async def _send(self, channel: Channel, body: dict[str, object]) -> None:
        url = f"{channel.url}/api/{quote(channel.segment, safe='')}/bots/{quote(channel.bot_id, safe='')}/messages"
        reply = await post(self.wire, url, json.dumps(body, ensure_ascii=False).encode(), channel.token)
        raise_unless_taken(reply)
