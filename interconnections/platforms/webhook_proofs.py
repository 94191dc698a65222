"""How a webhook's sender proves that it is the bot's platform, by the bot's `webhook_auth` (contract, rulings 9).

`bearer`: the secret itself, in the header or as ?token=; `signature`: X-Hub-Signature-256 over the bytes; `none`.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping

from interconnections.errors import Forbidden, Unauthenticated, Unavailable
from interconnections.secret import Secret
from interconnections.webhook_request import WebhookRequest

NOTHING_SHOWN = "this webhook must be authenticated: nothing was shown"
WRONG = "this webhook's secret or signature is wrong"
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
WAYS = ("bearer", "signature")


def check(request: WebhookRequest, way: str, secret: Secret) -> None:
    """Raises Unauthenticated (401) when nothing was shown, Forbidden (403) when it is wrong.

    Unavailable (503) when we have no secret to compare with: that is our mistake, and the message must come again.
    """
    if way == "none":
        return
    proof = shown(request, way)
    if not proof:
        raise Unauthenticated(NOTHING_SHOWN)
    if not secret:
        raise Unavailable("the secret of this bot's webhooks cannot be read here now; send it again")
    if not _fits(request, way, proof, secret):
        raise Forbidden(WRONG)


def shown(request: WebhookRequest, way: str) -> str:
    if way == "signature":
        return request.headers.get("X-Hub-Signature-256", "")
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else request.query.get("token", "")


def _fits(request: WebhookRequest, way: str, proof: str, secret: Secret) -> bool:
    if way != "signature":
        return hmac.compare_digest(proof.encode(), secret.reveal().encode())
    return any(_signs(proof, body, secret) for body in _as_signed(request.body))


def _signs(proof: str, body: bytes, secret: Secret) -> bool:
    expected = "sha256=" + hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(proof.encode(), expected.encode())


def _as_signed(body: bytes) -> Iterator[bytes]:
    """The bytes that came; then those that Meta signs, where a proxy between us wrote their escapes out.

    Meta signs its JSON in ASCII, in some of its services with `/` as `\\/` (messenger-platform.md section 2.2).
    """
    yield body
    try:
        escaped = BEYOND_ASCII.sub(_escape, body.decode()).encode()
    except UnicodeDecodeError:
        return
    if escaped != body:
        yield escaped
    if (slashed := escaped.replace(b"\\/", b"/").replace(b"/", b"\\/")) != escaped:
        yield slashed


def _escape(letters: re.Match[str]) -> str:
    units = letters[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def handshake(query: Mapping[str, str], agreed: Secret) -> str:
    """Meta's: the challenge comes back when the token is the one that was agreed on."""
    if agreed.unreadable:
        raise Unavailable("the verify token of this bot cannot be read here now; try again")
    token = query.get("hub.verify_token", "").encode()
    fits = hmac.compare_digest(token, agreed.reveal().encode())
    if query.get("hub.mode") != "subscribe" or not agreed or not fits:
        raise Forbidden("the handshake's verify token is wrong")
    return query.get("hub.challenge", "")
