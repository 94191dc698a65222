"""Access tokens (EC §3): HS256 under a key of this process's own, with `exp`, `orgId` and `sub`.

A client need not keep to `exp`: the director ends tokens before their time, and a revoked one is gone at once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
import uuid
from dataclasses import dataclass, field

from .jose import BadToken, decoded, encoded, read, split, written


class Expired(BadToken):
    """It was true once."""


@dataclass(eq=False)
class Grant:
    """What a token says, and who it speaks for."""

    subject: str
    org_id: str
    deployment: str
    verified: bool
    issued: int  # epoch s
    expires: float  # epoch s; `exp` is its whole seconds
    event_offset: int = 0  # what this token's stream adds to the ids of events
    client: str = field(default_factory=lambda: f"cl-{uuid.uuid4()}")
    id: str = field(default_factory=lambda: secrets.token_hex(12))
    ended: bool = False  # revoked, or ended by the director

    def over(self, now: float | None = None) -> bool:
        """Its time is up."""
        return self.ended or self.expires <= (time.time() if now is None else now)


class AccessTokens:
    """All tokens that were given."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._grants: dict[str, Grant] = {}
        self.issued = 0

    def issue(self, grant: Grant) -> str:
        """The token of a grant."""
        self._grants[grant.id] = grant
        self.issued += 1
        claims = {
            "jti": grant.id,
            "sub": grant.subject,
            "orgId": grant.org_id,
            "iss": "iamessage",
            "esDeveloperName": grant.deployment,
            "clientId": grant.client,
            "iat": grant.issued,
            "exp": int(grant.expires),
        }
        signed = f"{written({'alg': 'HS256', 'typ': 'JWT'})}.{written(claims)}"
        return f"{signed}.{encoded(self._signature(signed))}"

    def grant(self, token: str) -> Grant:
        """Whose token it is; raises BadToken, or Expired."""
        header, claims, signature = split(token)
        if not hmac.compare_digest(self._signature(f"{header}.{claims}"), decoded(signature)):
            raise BadToken("the signature is not ours")
        grant = self._grants.get(str(read(claims).get("jti")))
        if grant is None or grant.over():
            raise Expired("Jwt is expired")
        return grant

    def of(self, subject: str | None) -> list[Grant]:
        """All of a user that still live; of everybody without a subject."""
        return [
            one for one in self._grants.values() if (subject is None or one.subject == subject) and not one.over()
        ]

    def clear(self) -> None:
        """Forget all: none that was given is good any more."""
        self._grants.clear()
        self.issued = 0

    def _signature(self, signed: str) -> bytes:
        return hmac.digest(self._key, signed.encode(), hashlib.sha256)
