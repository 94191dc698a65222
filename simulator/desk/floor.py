"""All chats of the contact centre, of every kind, found by id, oldest first."""

from __future__ import annotations

from collections import Counter

from ..bell import Bell
from .auto_agent import AutoAgent
from .chat import DeskChat, Status


class Floor:
    """The floor of the contact centre."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.agent = AutoAgent()
        self.chats: dict[str, DeskChat] = {}  # by id, oldest first
        self.tally: Counter[Status] = Counter()

    def add(self, chat: DeskChat) -> None:
        """A wire opened a chat."""
        self.chats[chat.id] = chat
        self.bell.ring()

    def queued(self, chat: DeskChat) -> None:
        """A visitor may be waiting: the automatic agent looks."""
        self.agent.queued(chat)

    def clear(self) -> None:
        """Forget all chats; whoever still listens to one is told that it is gone."""
        self.agent.rest()
        for chat in self.chats.values():
            chat.forget("reset")
        self.chats.clear()
        self.tally.clear()
        self.bell.ring()
