"""An agent who takes every chat and answers by himself, for demonstrations and load."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial

from ..protocol_options import Json
from .acts import NotNow
from .chat import DeskChat, Status

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

    def queued(self, chat: DeskChat) -> None:
        """A visitor waits."""
        if self.manner.auto and chat.status is Status.WAITING:
            self._do(self.manner.accept_after, partial(chat.acts.accept, self.manner.name))

    def heard(self, chat: DeskChat, texts: list[str]) -> None:
        """A visitor said these."""
        if not self.manner.auto:
            return
        for text in texts:
            if self.manner.answer == "echo":
                self._do(self.manner.delay, partial(chat.acts.say, f"You said: {text}"))
            elif self.manner.answer == "story":
                self._do(self.manner.delay, partial(_next_line, chat))

    def rest(self) -> None:
        """Back to an agent who does nothing."""
        for timer in self._later:
            timer.cancel()
        self._later.clear()
        self.manner = Manner()

    def _do(self, delay: float, act: Callable[[], None]) -> None:
        if delay <= 0:
            _try(act)
            return

        def now() -> None:
            self._later.discard(timer)
            _try(act)

        timer = asyncio.get_running_loop().call_later(delay, now)
        self._later.add(timer)


def _next_line(chat: DeskChat) -> None:
    told = len(chat.said)
    if told < len(STORY):
        chat.acts.say(STORY[told])
    if told + 1 >= len(STORY):
        chat.acts.end()


def _try(act: Callable[[], None]) -> None:
    try:
        act()
    except NotNow:
        return  # it ended or was transferred while we waited
