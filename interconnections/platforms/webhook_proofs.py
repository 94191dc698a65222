"""How a webhook's sender proves that it is the bot's platform, by the bot's `webhook_auth` (contract, rulings 9).

`bearer`: the secret itself, in the header or as ?token=; `signature`: X-Hub-Signature-256 over the bytes; `none`.
"""

import hashlib
import hmac
from collections.abc import Mapping

from interconnections.errors import Forbidden, Unauthenticated, Unavailable
from interconnections.secret import Secret
from interconnections.webhook_request import WebhookRequest

NOTHING_SHOWN = "this webhook must be authenticated: nothing was shown"
WRONG = "this webhook's secret or signature is wrong"
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
    expected = secret.reveal()
    if way == "signature":
        expected = "sha256=" + hmac.new(expected.encode(), request.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(proof.encode(), expected.encode())


def handshake(query: Mapping[str, str], agreed: Secret) -> str:
    """Meta's: the challenge comes back when the token is the one that was agreed on."""
    if agreed.unreadable:
        raise Unavailable("the verify token of this bot cannot be read here now; try again")
    token = query.get("hub.verify_token", "").encode()
    fits = hmac.compare_digest(token, agreed.reveal().encode())
    if query.get("hub.mode") != "subscribe" or not agreed or not fits:
        raise Forbidden("the handshake's verify token is wrong")
    return query.get("hub.challenge", "")
