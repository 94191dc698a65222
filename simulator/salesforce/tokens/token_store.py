"""The tokens that were given out, and how long each lives: for some time after its last use (data sheet §1.3)."""

from __future__ import annotations

import base64
import secrets
import time
from collections import Counter
from dataclasses import dataclass

from ...protocol_options import Rules

ORGANIZATION = "00D000000000001"


@dataclass
class Token:
    """A session of a user."""

    text: str
    user_id: str
    used_at: float  # monotonic


class Purse:
    """All tokens."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.issued: Counter[str] = Counter()  # by flow
        self._tokens: dict[str, Token] = {}

    def issue(self, user_id: str, flow: str) -> str:
        """A new token.  Opaque with a `!`, or a long JWT as newer apps give."""
        text = f"{ORGANIZATION}!{secrets.token_urlsafe(72)}"
        if self.rules.token_as == "jwt":
            head, body = (base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg":"RS256"}', b"{}"))
            text = f"{head}.{body}{secrets.token_urlsafe(1200)}.{secrets.token_urlsafe(256)}"
        self._tokens[text] = Token(text, user_id, time.monotonic())
        self.issued[flow] += 1
        return text

    def user_of(self, text: str) -> str | None:
        """Whose token this is, if it lives; using it prolongs its life."""
        token, now = self._tokens.get(text), time.monotonic()
        if token is None:
            return None
        if now - token.used_at >= self.rules.token_seconds:
            del self._tokens[text]
            return None
        token.used_at = now
        return token.user_id

    def revoke(self, text: str) -> None:
        """This one ends."""
        self._tokens.pop(text, None)

    def expire(self) -> int:
        """All tokens end now; how many there were."""
        ended = len(self._tokens)
        self._tokens.clear()
        return ended

    def clear(self) -> None:
        """Forget it all."""
        self._tokens.clear()
        self.issued.clear()
