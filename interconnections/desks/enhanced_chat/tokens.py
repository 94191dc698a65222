"""Who the user is to Salesforce: the identity that we sign, and the tokens that come of it (section 3).  Pure."""

from dataclasses import dataclass, field

from interconnections.desks import jwt
from interconnections.desks.enhanced_chat.reader import VERIFY
from interconnections.desks.loosely import first_text, number, object_of, parsed, text, whole_characters
from interconnections.errors import DeskUnwell, VerificationFailed
from interconnections.secret import Secret

ASSERTED_FOR = 180  # seconds in which a signed identity can be exchanged for a token
BEFORE = 30  # seconds by which this machine's clock may be ahead of theirs
VERIFIED = "/AUTH/"


@dataclass(frozen=True, slots=True)
class Verification:
    """The org's User Verification: what it expects of a signed identity (section 3.2)."""

    issuer: str
    audience: str
    key_id: str
    private_key: Secret


def subject_of(provider: str, user_id: str) -> str:
    """Always the same for a user, so that their conversations are found again."""
    return f"{provider}:{user_id}"


def identity(own: Verification, subject: str, now: float) -> Secret:
    """`now`: seconds since 1970.  Raises VerificationFailed without a key to sign with."""
    claims = {
        "iss": own.issuer,
        "sub": subject,
        "aud": own.audience,
        "iat": int(now) - BEFORE,
        "exp": int(now) + ASSERTED_FOR,
    }
    try:
        return Secret(jwt.signed(claims, own.private_key, own.key_id))
    except jwt.UnreadableKey as error:
        raise VerificationFailed(f"the key of user verification cannot be read: {error}") from None


@dataclass(frozen=True, slots=True)
class Token:
    """`last_event_id`: where its stream begins, "" where not told; `expires`: seconds since 1970, None unknown.

    `deployment_type`: "api" for a Custom Client, "" where not told.
    """

    value: Secret
    last_event_id: str = ""
    expires: int | None = None
    subject: str = field(default="", repr=False)
    deployment_type: str = ""


def read_token(content: bytes, *, verified: bool = False) -> Token:
    """The answer of calls 1, 2 and 4.  `verified`: it must be of a verified user (call 2).

    Raises VerificationFailed where Salesforce made an anonymous one of them, as it does with 200 when it could not
    verify; DeskUnwell without a token.
    """
    body = object_of(parsed(content))
    value = text(body, "accessToken").strip()
    if not value:
        raise DeskUnwell("the token was answered without one")
    context = object_of(body.get("context"))
    subject = text(object_of(context.get("endUser")), "subject")
    if verified and VERIFIED not in subject:
        raise VerificationFailed(f"Salesforce did not verify the user, and made an anonymous one: {VERIFY}")
    deployment = object_of(object_of(context.get("configuration")).get("embeddedServiceConfig"))
    return Token(
        Secret(value),
        _event_id(body.get("lastEventId")),
        jwt.expiry(Secret(value)),
        subject,
        first_text(deployment, "deploymentType")[:80],
    )


def _event_id(value: object) -> str:
    """A numeric string; some servers write numbers."""
    if isinstance(value, str):
        return whole_characters(value).strip()[:100]
    found = number(value)
    return "" if found is None else str(found)
