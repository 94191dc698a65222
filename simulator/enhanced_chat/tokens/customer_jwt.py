"""The customer's token (EC §3.2): RS256 under a registered key, exactly our `iss` and `aud`, in its time."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from .jose import BadToken, decoded, read, split
from .key_sets import KeySet

ROUNDING = 1  # s that a client may have rounded up


def verified(token: str, keys: KeySet, now: float) -> str:
    """Its `sub`; raises BadToken with what is wrong."""
    raw_header, raw_claims, signature = split(token)
    header, claims = read(raw_header), read(raw_claims)
    if header.get("alg") != "RS256":
        raise BadToken("alg is not RS256")
    if (key := keys.key(header.get("kid"))) is None:
        raise BadToken("kid is not that of a registered key")
    try:
        key.verify(decoded(signature), f"{raw_header}.{raw_claims}".encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        raise BadToken("the signature is not that of the key") from None
    if claims.get("iss") != keys.issuer:
        raise BadToken("iss is not the issuer of the key set")
    audience = claims.get("aud")
    if keys.audience not in (audience if isinstance(audience, list) else [audience]):
        raise BadToken("aud is not the audience of the key set")
    if _second(claims.get("exp"), "exp") <= now:
        raise BadToken("exp is past")
    if _second(claims.get("iat"), "iat") > now + ROUNDING:
        raise BadToken("iat is in the future")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise BadToken("sub is required and is a string")
    return subject


def _second(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadToken(f"{name} is required and is a number of seconds")
    return float(value)
