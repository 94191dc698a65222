"""Yalo Integrations keeps the contract of platforms, for bots on WhatsApp and on Messenger; its state APIs theirs."""

import hashlib
import hmac
from typing import Any

from interconnections.webhook_request import WebhookRequest
from tests.contract.platforms import USER, PlatformContract, StateApiContract


class YaloContract(PlatformContract):
    name, ways = "yalo", ("bearer", "signature")

    def proof(self, body: bytes, way: str, secret: str) -> WebhookRequest:
        if way == "bearer":
            return WebhookRequest({}, {"token": secret}, body)
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return WebhookRequest({"X-Hub-Signature-256": f"sha256={digest}"}, {}, body)


class TestOnWhatsApp(YaloContract):
    provider, carries_id = "whatsapp", True

    def webhook(self, text: str, id: str) -> object:
        return {"id": id, "timestamp": "1772000000123", "type": "text", "from": USER, "text": {"body": text}}

    def shown(self, asked: Any) -> str:
        return str(asked.body["text"]["body"])


class TestOnMessenger(YaloContract):
    provider, carries_id = "messenger", False

    def webhook(self, text: str, id: str) -> object:
        item = {"sender": {"id": USER}, "recipient": {"id": "page"}, "timestamp": 1772000000123,
                "message": {"mid": id, "text": text}}  # fmt: skip
        message = {"object": "page", "entry": [{"id": "page", "time": 1772000000500, "messaging": [item]}]}
        return {"authorRole": "user", "botId": "tienda-fb", "message": message}

    def shown(self, asked: Any) -> str:
        return str(asked.body["message"]["text"])


class TestBotrunner(StateApiContract):
    name = "botrunner"


class TestStudioNG(StateApiContract):
    name = "studio_ng"
