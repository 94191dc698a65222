"""Tokens that we sign, and the end that a token tells of itself."""

import base64
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from interconnections.desks.jwt import UnreadableKey, expiry, signed
from interconnections.secret import Secret

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key, encryption=None):
    return Secret(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            encryption or serialization.NoEncryption(),
        ).decode()
    )


def opened(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def token(claims):
    """As whoever signs it otherwise: only its middle is of interest."""
    return Secret(f"e30.{base64.urlsafe_b64encode(claims).rstrip(b'=').decode()}.sig")


def test_what_is_signed_can_be_verified_and_says_by_which_key():
    header, claims, signature = signed({"sub": "whatsapp:521", "ñ": "👩‍🔬"}, pem(KEY), "k-1").split(".")
    assert opened(header) == {"alg": "RS256", "typ": "JWT", "kid": "k-1"}
    assert opened(claims) == {"sub": "whatsapp:521", "ñ": "👩‍🔬"}
    mark = base64.urlsafe_b64decode(signature + "==")
    KEY.public_key().verify(mark, f"{header}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(InvalidSignature):
        KEY.public_key().verify(mark, f"{header}.{claims}x".encode(), padding.PKCS1v15(), hashes.SHA256())


def test_a_key_without_a_name_is_not_named():
    assert opened(signed({}, pem(KEY)).split(".")[0]) == {"alg": "RS256"}


@pytest.mark.parametrize(
    "key",
    [
        Secret(""),
        Secret("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
        Secret("ñ"),
        pem(ec.generate_private_key(ec.SECP256R1())),
        pem(KEY, serialization.BestAvailableEncryption(b"x")),
    ],
    ids=["none", "garbage", "no-pem", "no-rsa", "locked"],
)
def test_what_cannot_sign_says_what_is_needed(key):
    with pytest.raises(UnreadableKey, match="an RSA key in PEM, without a pass phrase, is needed"):
        signed({}, key)


def test_a_token_tells_its_end():
    assert expiry(Secret(signed({"exp": 1780021600}, pem(KEY)))) == 1780021600
    assert expiry(Secret("eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE3ODAwMjE2MDB9.sig")) == 1780021600


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        (b'{"exp": 1780021600.9}', 1780021600),
        (b'{"exp": "1780021600"}', 1780021600),
        (b'{"exp": -5}', None),
        (b'{"exp": 0}', None),
        (b'{"exp": true}', None),
        (b'{"exp": 1e400}', None),
        (b'{"exp": null}', None),
        (b"{}", None),
        (b"[]", None),
        (b"\xff", None),
        (b"[" * 100_000, None),
    ],
)
def test_an_end_that_cannot_be_read_is_none(claims, told):
    assert expiry(token(claims)) == told


@settings(deadline=None)
@given(st.text() | st.builds("{}.{}.{}".format, st.text(), st.text(), st.text()))
def test_no_token_stumbles(text):
    assert expiry(Secret(text)) is None
