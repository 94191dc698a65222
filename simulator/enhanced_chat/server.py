"""Everything that an Enhanced Chat server knows: users, conversations, tokens, and what is set up."""

from __future__ import annotations

import random
import time
import uuid
from collections import deque

from .. import ids
from ..desk.floor import Floor
from ..protocol_options import Json, Rules
from .acts import EnhancedChatActs
from .conversation import Attach, Conversation
from .end_user import EndUser
from .rates import Rates
from .setup import Deployment, Setup
from .tokens.access_tokens import AccessTokens, Grant


def no_records(attributes: dict[str, str]) -> list[Json]:
    """For conversations without an org behind them."""
    return []


class EnhancedChat:
    """The server.  Its conversations stand on the floor, beside the chats of other wires."""

    def __init__(self, rules: Rules, floor: Floor, attach: Attach = no_records) -> None:
        self.rules = rules
        self.floor = floor
        self.attach = attach
        self.setup = Setup()
        self.tokens = AccessTokens()
        self.rates = Rates()
        self.users: dict[str, EndUser] = {}  # by subject
        self.conversations: dict[str, Conversation] = {}  # by id
        self._active: set[str] = set()
        self.refusals: deque[Json] = deque(maxlen=1000)  # of requests that belong to no conversation

    def anonymous(self) -> EndUser:
        """A new user, whom only a token knows."""
        return self._user(f"v2/iamessage/ANON/uid:{uuid.uuid4()}", verified=False)

    def customer(self, key_set: str, sub: str) -> EndUser:
        """The user whom a customer vouches for: the same for the same `sub`."""
        return self._user(f"v2/iamessage/AUTH/{key_set}/uid:{sub}", verified=True)

    def _user(self, subject: str, *, verified: bool) -> EndUser:
        if subject not in self.users:
            self.users[subject] = EndUser(subject, self.rules, verified=verified)
        return self.users[subject]

    def grant(self, user: EndUser, org_id: str, deployment: Deployment) -> Grant:
        """A new token's worth (EC §3)."""
        now = time.time()
        grant = Grant(
            subject=user.subject,
            org_id=org_id[:15],
            deployment=deployment.name,
            verified=user.verified,
            issued=int(now),
            expires=now + self.rules.access_token_seconds,
        )
        if (counted := self.rules.event_ids_of_tokens) != "same":
            grant.event_offset = random.randrange(10**6, 10**7) * (1 if counted == "later" else -1)
        return grant

    def open(self, id: str, user: EndUser, deployment: Deployment, origin: str) -> Conversation:
        """A new conversation (EC §4.1)."""
        chat = Conversation(
            id=id,
            rules=self.rules,
            origin=origin,
            floor_bell=self.floor.bell,
            tally=self.floor.tally,
            user=user,
            deployment=deployment,
            attach=self.attach,
            active=self._active,
        )
        chat.acts = EnhancedChatActs(chat)
        self.conversations[id] = chat
        user.conversations.append(chat)
        self.floor.add(chat)
        return chat

    def active_sessions(self) -> int:
        """How many users wait or talk."""
        return len(self._active)

    def expire(self, subject: str | None = None) -> int:
        """End the tokens of a user, or all; streams notice at once.  Returns how many ended."""
        ended = self.tokens.of(subject)
        for grant in ended:
            grant.ended = True
        for user in self.users.values():
            user.bell.ring()
        return len(ended)

    def refused(self, path: str, status: int, why: str) -> None:
        """Write down a refusal that belongs to no conversation."""
        self.refusals.append({"status": status, "path": path, "why": why, "at": ids.now_ms()})

    def clear(self) -> None:
        """Forget users, conversations and tokens; what an admin set up stays."""
        for user in self.users.values():
            user.closing = True
            user.bell.ring()
        self.users.clear()
        self.conversations.clear()
        self._active.clear()
        self.tokens.clear()
        self.rates.clear()
        self.refusals.clear()
