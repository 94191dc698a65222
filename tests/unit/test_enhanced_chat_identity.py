"""Who the user is to Enhanced Chat, and the ids that we make for it."""

import base64
import json
import re
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from interconnections.desks.enhanced_chat.ids import conversation_id, derived, message_id
from interconnections.desks.enhanced_chat.tokens import Verification, identity, subject_of
from interconnections.errors import VerificationFailed
from interconnections.secret import Secret

PEM = (
    rsa.generate_private_key(public_exponent=65537, key_size=2048)
    .private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    .decode()
)
V4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
words = st.text(st.characters(exclude_categories=["Cs"]))


def parts(token):
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.reveal().split(".")[:2]]


def test_an_identity_says_who_for_whom_and_for_how_long():
    own = Verification("https://bridge.example", "https://acme.my.salesforce.com", "key-1", Secret(PEM))
    header, claims = parts(identity(own, subject_of("whatsapp", "5215512345678"), 1780000000.9))
    assert header == {"alg": "RS256", "typ": "JWT", "kid": "key-1"}
    assert claims == {
        "iss": "https://bridge.example",
        "sub": "whatsapp:5215512345678",
        "aud": "https://acme.my.salesforce.com",
        "iat": 1779999970,
        "exp": 1780000180,
    }


def test_without_a_key_nobody_is_verified():
    with pytest.raises(VerificationFailed, match="the key of user verification cannot be read: an RSA key"):
        identity(Verification("i", "a", "k", Secret("nonsense")), "whatsapp:1", 0)


def test_a_key_and_a_subject_do_not_print():
    assert "PRIVATE" not in repr(Verification("i", "a", "k", Secret(PEM)))


@settings(deadline=None)
@given(words, words)
def test_a_messages_id_is_a_uuid_4_in_small_letters_and_stays(session, number):
    id = message_id(session, number)
    assert V4.fullmatch(id)
    assert UUID(id).version == 4
    assert message_id(session, number) == id


@settings(deadline=None)
@given(st.lists(st.tuples(words, words) | st.tuples(words, words, words), unique=True, max_size=20))
def test_other_parts_make_another_id(found):
    assert len({derived(*each) for each in found}) == len(found)


def test_parts_are_not_run_together():
    assert len({derived("a", "bc"), derived("ab", "c"), derived("a\0b", "c"), derived("a", "b", "c")}) == 4


def test_a_conversations_id_is_a_uuid_4_in_small_letters():
    ids = {conversation_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(V4.fullmatch(id) for id in ids)
