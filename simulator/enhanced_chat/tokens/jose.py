"""The parts of a JSON Web Token, and an octet of base64url more or less."""

from __future__ import annotations

import base64
import binascii
import json

from ...protocol_options import Json


class BadToken(ValueError):
    """Not a token, or not a true one; the message says what is wrong."""


def written(part: Json) -> str:
    """A part of a token."""
    return encoded(json.dumps(part, separators=(",", ":")).encode())


def read(part: str) -> Json:
    """The object in a part."""
    try:
        found: object = json.loads(decoded(part))
    except ValueError as bad:
        raise BadToken("a part is not JSON") from bad
    if not isinstance(found, dict):
        raise BadToken("a part is not an object")
    return found


def split(token: str) -> tuple[str, str, str]:
    """Header, claims, signature."""
    parts = token.split(".")
    if len(parts) != 3:
        raise BadToken("a token has three parts")
    return parts[0], parts[1], parts[2]


def encoded(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(part: str) -> bytes:
    """The bytes of base64url without padding."""
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as bad:
        raise BadToken("a part is not base64url") from bad
