"""An agent who takes every chat and answers by himself, for demonstrations and load."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from ..protocol_options import Json
from . import desk
from .chat import Chat, Status

STORY = (
    "Hello, you are talking to a person now. How can I help?",
    "Thank you. Let me look that up for you.",
    "I found it: your order left the warehouse this morning and arrives tomorrow.",
    "You are welcome. Have a good day!",
)


@dataclass
class Manner:
    """How the automatic agent works."""

    auto: bool = False
    name: str = "Luz R."
    answer: str = "echo"  # or "story": the next line of STORY for each text, then the chat is ended; or "none"
    delay: float = 0.0  # s before each answer
    accept_after: float = 0.0  # s a visitor waits


class AutoAgent:
    """Accepts and answers; every act is left out quietly if the chat has moved on meanwhile."""

    def __init__(self) -> None:
        self.manner = Manner()
        self._later: set[asyncio.TimerHandle] = set()

    def shown(self) -> Json:
        """The manner as the control API shows it."""
        return asdict(self.manner)

    def queued(self, chat: Chat) -> None:
        """A visitor waits."""
        if self.manner.auto and chat.status is Status.WAITING:
            self._do(self.manner.accept_after, desk.accept, chat, self.manner.name)

    def heard(self, chat: Chat, texts: list[str]) -> None:
        """A visitor said these."""
        if not self.manner.auto:
            return
        for text in texts:
            if self.manner.answer == "echo":
                self._do(self.manner.delay, desk.say, chat, f"You said: {text}")
            elif self.manner.answer == "story":
                self._do(self.manner.delay, _next_line, chat)

    def rest(self) -> None:
        """Back to an agent who does nothing."""
        for timer in self._later:
            timer.cancel()
        self._later.clear()
        self.manner = Manner()

    def _do(self, delay: float, verb: Callable[..., None], *arguments: Any) -> None:
        if delay <= 0:
            _try(verb, *arguments)
            return

        def now() -> None:
            self._later.discard(timer)
            _try(verb, *arguments)

        timer = asyncio.get_running_loop().call_later(delay, now)
        self._later.add(timer)


def _next_line(chat: Chat) -> None:
    told = len(chat.said)
    if told < len(STORY):
        desk.say(chat, STORY[told])
    if told + 1 >= len(STORY):
        desk.end(chat)


def _try(verb: Callable[..., None], *arguments: Any) -> None:
    try:
        verb(*arguments)
    except desk.NotNow:
        return  # it ended or was transferred while we waited
