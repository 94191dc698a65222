"""What a bot asks for when it calls connect; it rests in Redis while the chat is being opened."""

import json
from dataclasses import asdict, dataclass, field
from typing import Self

from interconnections.blanks import is_blank


@dataclass(frozen=True, slots=True)
class ConnectRequest:
    """The fields of /v1/chats/connect."""

    user_id: str
    name: str
    provider: str
    bot_slug: str
    bot_id: str
    email: str
    phone_number: str = ""
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def called(self) -> str:
        """The name as people and Salesforce see it: one that shows nothing is none."""
        return "?" if is_blank(self.name) else self.name

    def encoded(self) -> str:
        """The same text for the same wish."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def decoded(cls, stored: str) -> Self | None:
        """As any release wrote it: what we do not know is left away.  None where something is missing."""
        told = json.loads(stored)
        try:
            return cls(**{name: told[name] for name in cls.__slots__ if name in told})
        except TypeError:
            return None
