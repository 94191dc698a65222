"""The key that an admin registers with an app, for JWT bearer: a certificate or a bare public key, in PEM."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key


class BadKey(ValueError):
    """Not a certificate or a public key of RSA."""


def public_key(pem: str) -> RSAPublicKey:
    """The RSA key in it."""
    raw = pem.encode()
    try:
        if b"CERTIFICATE" in raw:
            key: object = x509.load_pem_x509_certificate(raw).public_key()
        else:
            key = load_pem_public_key(raw)
    except ValueError as bad:
        raise BadKey("this is neither a certificate nor a public key in PEM") from bad
    if not isinstance(key, RSAPublicKey):
        raise BadKey("the key is not of RSA")
    return key
