"""The public keys that an admin registers for User Verification: a JWK set, or each as PEM."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from ...protocol_options import Json
from .jose import decoded


@dataclass(frozen=True)
class KeySet:
    """Keys by their `kid`, and who signs with them for whom."""

    name: str
    issuer: str
    audience: str
    keys: tuple[Json, ...] = ()  # {"kid", "pem"}, or a JWK {"kty": "RSA", "kid", "n", "e"}

    def key(self, kid: object) -> RSAPublicKey | None:
        """The key of this id."""
        return next((public_key(one) for one in self.keys if one["kid"] == kid), None)


def public_key(wish: Json) -> RSAPublicKey:
    """The key that a JWK or a PEM describes; ValueError with what is wrong."""
    if not isinstance(wish.get("kid"), str) or not wish["kid"]:
        raise ValueError("a key has a kid")
    if "pem" in wish:
        key = load_pem_public_key(str(wish["pem"]).encode())
        if not isinstance(key, RSAPublicKey):
            raise ValueError("the key is not of RSA")
        return key
    if wish.get("kty") != "RSA" or wish.get("alg", "RS256") != "RS256" or wish.get("use", "sig") != "sig":
        raise ValueError("a JWK is of kty RSA, alg RS256, use sig")
    if {"d", "p", "q"} & wish.keys():
        raise ValueError("this is a private key: only its public part is registered")
    exponent, modulus = (int.from_bytes(decoded(str(wish[name]))) for name in ("e", "n"))
    return RSAPublicNumbers(exponent, modulus).public_key()
