"""Signed requests to Salesforce, as JWTs (RFC 7519) with RS256; and when a token of theirs ends.

Signing is a millisecond of RSA and happens once a login, so it stays on the event loop; reading the key takes
longer, and is done once.
"""

import base64
import json
from collections.abc import Mapping
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from interconnections.desks.loosely import number, object_of, parsed
from interconnections.secret import Secret


class UnreadableKey(Exception):
    """There is nothing to sign with; says what is needed."""


def signed(claims: Mapping[str, object], private_key: Secret, key_id: str = "") -> str:
    """`private_key`: RSA in PEM; `key_id`: which of several keys it is.  Raises UnreadableKey."""
    header = {"alg": "RS256"} | ({"typ": "JWT", "kid": key_id} if key_id else {})
    body = f"{_part(header)}.{_part(claims)}"
    signature = _key(private_key).sign(body.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{body}.{_base64(signature)}"


def expiry(token: Secret) -> int | None:
    """Seconds since 1970 at which a token says that it ends; None where it does not say so.

    Nothing is verified: this is good for planning a renewal, and for nothing else.
    """
    parts = token.reveal().split(".")
    if len(parts) != 3:
        return None
    try:
        claims = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
    except ValueError:
        return None
    found = number(object_of(parsed(claims)).get("exp"))
    return found if found is not None and found > 0 else None


@lru_cache(maxsize=32)
def _key(pem: Secret) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem.reveal().encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise UnreadableKey("an RSA key in PEM, without a pass phrase, is needed")
    return key


def _part(claims: Mapping[str, object]) -> str:
    return _base64(json.dumps(claims, separators=(",", ":")).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
