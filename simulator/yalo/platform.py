"""The platform's memory: its users, what they said and received, which states their bots were sent to."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import asdict, dataclass, field

from .. import ids
from ..bell import Bell
from ..protocol_options import Json, Rules


@dataclass
class Settings:
    """Addresses and identities; a reset of the world leaves them alone."""

    webhook: str | Json | None = None  # one URL, or one for each provider and each bot; else what was registered
    headers: dict[str, str] = field(default_factory=dict)
    signature_secret: str | None = None  # Yalo §10: the real algorithm is unknown; here HMAC-SHA256, hex
    dedupe: bool = False
    bots: dict[str, str] = field(default_factory=dict)  # bot id -> its token; none at all: any bot, any token
    channels: dict[str, str] = field(
        default_factory=lambda: {"outgoing_webhook": "whatsapp", "passthrough": "facebook"}
    )
    botrunner_token: str | None = None
    studio_token: str | None = None
    whatsapp_number: str = "525500009999"
    page_id: str = "100200300"
    facebook_bot_id: str = "tienda-fb"


@dataclass
class User:
    """A person with a telephone."""

    received: list[Json] = field(default_factory=list)
    states: list[Json] = field(default_factory=list)
    said: list[Json] = field(default_factory=list)
    repeated_ids: int = 0
    refusals: deque[Json] = field(default_factory=lambda: deque(maxlen=500))
    bell: Bell = field(default_factory=Bell)

    @property
    def texts(self) -> list[str]:
        """What the user reads, in order."""
        return [one["text"] for one in self.received if one["text"] is not None]

    def shown(self) -> Json:
        """The user as the control API shows one."""
        return {
            "received": self.received,
            "texts": self.texts,
            "states": self.states,
            "said": self.said,
            "repeated_ids": self.repeated_ids,
            "refusals": list(self.refusals),
        }


class Platform:
    """Yalo."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.settings = Settings()
        self.registered: dict[str, Json] = {}  # provider -> body of the registration
        self.users: dict[str, User] = {}
        self.refusals: deque[Json] = deque(maxlen=1000)  # of requests that name no user
        self._answers: dict[tuple[str, str], str] = {}  # (user, message id) -> the id that we answered
        self._numbers = itertools.count(1)

    def user(self, user_id: str) -> User:
        """The user of this id; everybody exists."""
        return self.users.setdefault(user_id, User())

    def take(self, user_id: str, message: Json) -> str:
        """Show a message to its user; returns our id for it.  `message` has id, type, text, channel, bot."""
        user, seen = self.user(user_id), (user_id, message["id"] or "")
        repeated = message["id"] is not None and seen in self._answers
        if repeated:
            user.repeated_ids += 1
            if self.settings.dedupe:
                return self._answers[seen]
        answer = self._answers[seen] if repeated else f"out-{next(self._numbers)}"
        self._answers[seen] = answer
        user.received.append(message | {"id": message["id"] or answer, "at": ids.now_ms()})
        user.bell.ring()
        return answer

    def move(self, user_id: str, state: str, via: str, bot: str | None = None) -> None:
        """Send the user's bot to a state."""
        user = self.user(user_id)
        user.states.append({"state": state, "at": ids.now_ms(), "via": via, "bot": bot})
        user.bell.ring()

    def webhook(self, provider: str, bot: str | None = None) -> str | None:
        """Where this provider's webhooks go; those of a bot that has an address of its own go there."""
        wanted = self.settings.webhook
        if isinstance(wanted, dict):
            wanted = wanted.get(bot or "") or wanted.get(provider)
        if wanted is None and provider in self.registered:
            wanted = self.registered[provider]["webhook"]
        return wanted

    def shown(self) -> Json:
        """Settings and registrations as the control API shows them."""
        return asdict(self.settings) | {"registered": self.registered}

    def clear(self) -> None:
        """Forget users; whoever waits for one looks again."""
        users, self.users = self.users, {}
        self._answers.clear()
        self.refusals.clear()
        for user in users.values():
            user.bell.ring()
