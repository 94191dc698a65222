"""The assertion of JWT bearer (data sheet §1.2): RS256, `iss`, `sub`, `aud`, `exp` at most three minutes ahead."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from ..setup import Setup
from .keys import public_key
from .refusal import NoToken, unknown_app

AHEAD = 180  # s
ROUNDING = 1  # s that a client may have rounded up


@dataclass(frozen=True)
class Claims:
    """What an assertion says, its signature proven."""

    consumer_key: str
    username: str


def read(assertion: str, setup: Setup, audiences: list[str], now: float) -> Claims:
    """The claims, or NoToken with what is wrong with them."""
    parts = assertion.split(".")
    if len(parts) != 3:
        raise _invalid()
    header, claims = _json(parts[0]), _json(parts[1])
    app = setup.app(str(claims.get("iss")))
    if app is None:
        raise unknown_app()
    if header.get("alg") != "RS256" or app.certificate is None:
        raise _invalid()
    try:
        signed = f"{parts[0]}.{parts[1]}".encode()
        public_key(app.certificate).verify(_bytes(parts[2]), signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        raise _invalid() from None
    if claims.get("aud") not in audiences:
        raise NoToken("invalid_grant", "audience is invalid")
    expires = claims.get("exp")
    if isinstance(expires, bool) or not isinstance(expires, (int, float)) or expires > now + AHEAD + ROUNDING:
        raise _invalid()
    if expires <= now:
        raise NoToken("invalid_grant", "expired assertion")
    return Claims(app.key, str(claims.get("sub")))


def _json(part: str) -> dict[str, object]:
    try:
        read = json.loads(_bytes(part))
    except ValueError:
        raise _invalid() from None
    if not isinstance(read, dict):
        raise _invalid()
    return read


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _invalid() from None


def _invalid() -> NoToken:
    return NoToken("invalid_grant", "invalid assertion")
