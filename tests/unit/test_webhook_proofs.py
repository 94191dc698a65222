"""A signature is over the bytes that Meta signed, also where a proxy wrote their escapes out on the way."""

import hashlib
import hmac
import json

import pytest

from interconnections.errors import Forbidden
from interconnections.platforms import webhook_proofs
from interconnections.secret import Secret
from interconnections.webhook_request import WebhookRequest

KEY = "bridge-app-secret"
BODY = {"text": "¡Hola niño 👋", "url": "https://example.org/ñ?a=1", "name": "Zoë \u2028"}


def known(body: bytes, signed: bytes, key: str = KEY) -> bool:
    digest = hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
    request = WebhookRequest({"X-Hub-Signature-256": f"sha256={digest}"}, {}, body)
    try:
        webhook_proofs.check(request, "signature", Secret(KEY))
    except Forbidden:
        return False
    return True


ESCAPED = json.dumps(BODY).encode()  # lower-case \uXXXX, surrogates in pairs
SLASHED = ESCAPED.replace(b"/", rb"\/")
WRITTEN_OUT = json.dumps(BODY, ensure_ascii=False).encode()


@pytest.mark.parametrize("body", [ESCAPED, SLASHED, WRITTEN_OUT, b"", b"\xff\xfe", b"{}"])
def test_what_comes_as_it_was_signed_is_known(body: bytes) -> None:
    assert known(body, body)
    assert not known(body, body, "guessed")
    assert not known(body, body + b" ")


@pytest.mark.parametrize("signed", [ESCAPED, SLASHED])
def test_what_a_proxy_wrote_out_is_known(signed: bytes) -> None:
    assert known(WRITTEN_OUT, signed)
    assert not known(WRITTEN_OUT, signed, "guessed")
    assert not known(WRITTEN_OUT.replace(b"Hola", b"Hole"), signed)


def test_nothing_else_is_made_of_a_body() -> None:
    assert not known(ESCAPED, WRITTEN_OUT)
    assert not known(WRITTEN_OUT, json.dumps(BODY, indent=1).encode())
