"""The WhatsApp Cloud API keeps the contract of platforms."""

import hashlib
import hmac
from typing import Any

from interconnections.secret import Secret
from interconnections.webhook_request import WebhookRequest
from tests.contract.platforms import USER, PlatformContract

NUMBER = "700100200300"


class TestWhatsAppCloud(PlatformContract):
    name, provider, ways, carries_id = "whatsapp_cloud", "whatsapp", ("signature",), True
    more = {
        "bot_id": NUMBER, "api_url": "", "graph_version": "v25.0", "reopen_template": "", "reopen_language": "",
        "webhook_auth": "signature", "verify_token": Secret("agreed-on"),
    }  # fmt: skip

    def webhook(self, text: str, id: str) -> object:
        said = {"from": USER, "id": id, "timestamp": "1772000000", "type": "text", "text": {"body": text}}
        metadata = {"display_phone_number": "525500001111", "phone_number_id": NUMBER}
        contacts = [{"profile": {"name": "Ana"}, "wa_id": USER}]
        value = {"messaging_product": "whatsapp", "metadata": metadata, "contacts": contacts, "messages": [said]}
        change = {"field": "messages", "value": value}
        return {"object": "whatsapp_business_account", "entry": [{"id": "990011", "changes": [change]}]}

    def proof(self, body: bytes, way: str, secret: str) -> WebhookRequest:
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return WebhookRequest({"X-Hub-Signature-256": f"sha256={digest}"}, {}, body)

    def shown(self, asked: Any) -> str:
        return str(asked.body["text"]["body"])
