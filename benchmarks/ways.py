"""The ways to users that are measured: through Yalo, and WhatsApp's Cloud API without anything in between.

A way knows the bot's row, and a webhook as its platform posts it.
"""

import hashlib
import hmac
import time
from abc import ABC, abstractmethod

import orjson

from benchmarks.flow import marked
from simulator.configuration import BOT, Row, cloud_bot, whatsapp_bot
from simulator.graph.accounts import APP_SECRET, NUMBER

UNLIMITED = {"sends_per_second": 999_999, "pair_burst": 1_000_000, "pair_seconds": 0.000_001}


class Way(ABC):
    @abstractmethod
    def bot(self, url: str, secret: str) -> Row:
        """Without limits on how much one user may get."""

    @abstractmethod
    def address(self, secret: str) -> bytes:
        """Of the bot's webhook, behind the bridge's own address."""

    @abstractmethod
    def says(self, user: str, number: int) -> tuple[bytes, bytes]:
        """(what the webhook has of headers beside all others', its body): a text with this number."""

    def connects(self) -> dict[str, str]:
        """What connect names of the bot."""
        return {"provider": "whatsapp", "botSlug": BOT, "botId": "525500009999"}


class Yalo(Way):
    def bot(self, url: str, secret: str) -> Row:
        return whatsapp_bot(1, BOT, url, secret, **UNLIMITED)

    def address(self, secret: str) -> bytes:
        return f"/v1/integrations/whatsapp/webhook?bot={BOT}&token={secret}".encode()

    def says(self, user: str, number: int) -> tuple[bytes, bytes]:
        body = {
            "id": f"WA.{number}",
            "timestamp": str(int(time.time() * 1000)),
            "type": "text",
            "from": user,
            "text": {"body": marked(number)},
        }
        return b"", orjson.dumps(body)


class Cloud(Way):
    """Each webhook is signed over its bytes, and holds one message in Meta's envelope."""

    def bot(self, url: str, secret: str) -> Row:
        return cloud_bot(1, url, BOT, **UNLIMITED)

    def address(self, secret: str) -> bytes:
        return f"/v1/bots/{BOT}/webhook".encode()

    def says(self, user: str, number: int) -> tuple[bytes, bytes]:
        text = {"id": f"wamid.{number}", "from": user, "timestamp": str(int(time.time())), "type": "text"}
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "525500001111", "phone_number_id": NUMBER},
            "contacts": [{"profile": {"name": "Ana"}, "wa_id": user}],
            "messages": [text | {"text": {"body": marked(number)}}],
        }
        entry = {"id": "990011", "changes": [{"field": "messages", "value": value}]}
        raw = orjson.dumps({"object": "whatsapp_business_account", "entry": [entry]})
        return b"X-Hub-Signature-256: sha256=%b\r\n" % _signature(raw), raw

    def connects(self) -> dict[str, str]:
        return super().connects() | {"botId": NUMBER}


def _signature(raw: bytes) -> bytes:
    return hmac.new(APP_SECRET.encode(), raw, hashlib.sha256).hexdigest().encode()
