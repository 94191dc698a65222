"""All chats of the server, found by session key or by id, oldest first."""

from __future__ import annotations

from collections import Counter, deque

from ..bell import Bell
from ..protocol_options import Json, Rules
from .auto_agent import AutoAgent
from .chat import Attach, Chat, Status, no_records
from .patience import Patience


class Floor:
    """The floor of the contact centre."""

    def __init__(self, rules: Rules, attach: Attach = no_records) -> None:
        self.rules = rules
        self.attach = attach
        self.bell = Bell()
        self.agent = AutoAgent()
        self.chats: dict[str, Chat] = {}  # by id, oldest first
        self.tally: Counter[Status] = Counter()
        self.refusals: deque[Json] = deque(maxlen=1000)  # of requests that belong to no chat
        self._by_key: dict[str, Chat] = {}
        self._patience = Patience()

    def open(self, origin: str, version: int) -> Chat:
        """A new session (§4.1)."""
        chat = Chat(self.rules, version, origin, self.bell, self.tally, self.attach)
        self.chats[chat.id] = chat
        self._by_key[chat.key] = chat
        self._patience.watch(chat)
        self.bell.ring()
        return chat

    def by_key(self, key: str | None) -> Chat | None:
        """The chat of this session key."""
        return self._by_key.get(key or "")

    def queued(self, chat: Chat) -> None:
        """A visitor may be waiting: the automatic agent looks."""
        self.agent.queued(chat)

    def rules_changed(self) -> None:
        """Time limits may be shorter now."""
        for chat in self.chats.values():
            self._patience.watch(chat)

    def clear(self) -> None:
        """Forget all chats; whoever still polls one is told that it is gone."""
        self._patience.stop()
        self.agent.rest()
        for chat in self.chats.values():
            chat.forget("reset")
        self.chats.clear()
        self._by_key.clear()
        self.tally.clear()
        self.refusals.clear()
        self.bell.ring()
