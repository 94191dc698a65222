"""The Messenger Platform keeps the contract of platforms."""

import hashlib
import hmac
from typing import Any

import pytest

from interconnections.errors import Forbidden, Unauthenticated
from interconnections.secret import Secret
from interconnections.webhook_request import WebhookRequest
from tests.contract.platforms import SECRET, USER, PlatformContract

PAGE = "100200300"
RIGHT = "ee79d52828eed7237e27c8e8822964503cb8347871d7017374a3689d10d2acfa"
WRONG = "258f22b20af070fa900bfc15935be0e8cfc59f999128d9bf00b6d03cb9c76a6c"


class TestMessenger(PlatformContract):
    name, provider, ways, carries_id = "messenger", "messenger", ("signature",), True
    more: dict[str, Any] = {"bot_id": PAGE, "app_id": "555000111", "graph_version": "v25.0"}

    def webhook(self, text: str, id: str) -> object:
        event = {"sender": {"id": USER}, "recipient": {"id": PAGE}, "timestamp": 1772000000123,
                 "message": {"mid": id, "text": text}}  # fmt: skip
        return {"object": "page", "entry": [{"id": PAGE, "time": 1772000000500, "messaging": [event]}]}

    def proof(self, body: bytes, way: str, secret: str) -> WebhookRequest:
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return WebhookRequest({"X-Hub-Signature-256": f"sha256={digest}"}, {}, body)

    def shown(self, asked: Any) -> str:
        return str(asked.body["message"]["text"])

    def test_the_sheets_own_vector_is_signed_by_its_bytes(self):
        """Section 2.2: the escaped bytes are what is signed, never the text that they stand for."""
        body = (
            rb'{"object":"page","entry":[{"id":"110","time":1772000000000,"messaging":[{"sender":{"id":"24001"},'
            rb'"recipient":{"id":"110"},"timestamp":1772000000000,"message":{"mid":"m_1",'
            rb'"text":"\u00a1Hola ni\u00f1o \ud83d\udc4b"}}]}]}'
        )
        assert self.proof(body, "signature", "bridge-app-secret").headers["X-Hub-Signature-256"] == f"sha256={RIGHT}"
        bot = self.settings(webhook_auth="signature", webhook_secret=Secret("bridge-app-secret"))
        self.platform.authenticate(WebhookRequest({"X-Hub-Signature-256": f"sha256={RIGHT}"}, {}, body), bot)
        with pytest.raises(Forbidden):
            self.platform.authenticate(WebhookRequest({"X-Hub-Signature-256": f"sha256={WRONG}"}, {}, body), bot)

    def test_only_none_that_was_chosen_by_hand_is_open(self):
        self.platform.authenticate(WebhookRequest({}, {}, b"{}"), self.settings(webhook_auth="none"))
        with pytest.raises(Unauthenticated):
            shown = WebhookRequest({"Authorization": f"Bearer {SECRET}"}, {"token": SECRET}, b"{}")
            self.platform.authenticate(shown, self.settings(webhook_auth="bearer"))
