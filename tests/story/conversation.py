"""A conversation as the stories tell it: who said what, and what arrived where."""

import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from simulator.stage import BotCaller, Stage

PATIENCE = 60  # seconds that anything may take to arrive
WELCOME = "Hola soy Ana y necesito ayuda"
names = itertools.count(1)


def remember_ids(stage: Stage) -> None:
    """The platform shows a repeat once: of the text that a worker died with before it had stored the answer."""
    stage.world.ask("PUT", "/platform", {"dedupe": True})


def _differs(told: list[str], read: list[str]) -> str:
    if sorted(told) == sorted(read):
        return "read everything" if told == read else f"read it out of order: {read}"
    lost, more = Counter(told) - Counter(read), Counter(read) - Counter(told)
    return f"did not read {list(lost.elements())}, and read {list(more.elements())} without cause or again"


@dataclass(repr=False)
class Conversation:
    stage: Stage
    bot: BotCaller
    user: str
    said: list[str] = field(default_factory=list)  # by the user, since the chat was opened
    answered: list[str] = field(default_factory=list)  # by the agent
    chat: str = ""
    read: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))  # by agent and user, as last seen

    def connect(self, **more: object) -> Any:
        answer = self.bot.connect(self.user, "Ana", **more)
        assert answer.status_code == 200, answer.text
        chats = self.stage.world.ask("GET", "/chats")["chats"]
        self.chat = chats[-1]["id"]
        return answer

    def accept(self) -> None:
        self.stage.world.act(self.chat, "accept")
        self.stage.world.chat(self.chat, until_heard=1, timeout=PATIENCE)

    def say(self, text: str, **more: object) -> Any:
        self.said.append(text)
        return self.stage.world.say(self.user, text, **more)

    def answer(self, text: str) -> None:
        self.answered.append(text)
        self.stage.world.act(self.chat, "say", text=text)

    def heard(self) -> list[str]:
        """What the agent read of the user's words, once all of them are there."""
        wanted = len(self.said) + 1
        return self.stage.world.chat(self.chat, until_heard=wanted, timeout=PATIENCE)["heard"][1:]

    def received(self) -> list[str]:
        """What the user read of the agent's words, once all of them are there."""
        wanted = len(self.answered) + 1
        return self.stage.world.user(self.user, until_received=wanted, timeout=PATIENCE)["texts"][1:]

    def whole(self) -> bool:
        """Everything arrived at both ends, once and in order."""
        self.read = (self.heard(), self.received())
        return self.read == (self.said, self.answered)

    def __repr__(self) -> str:
        """What a failing test shows: how what was read differs from what was said."""
        sides = zip(("agent", "user"), (self.said, self.answered), self.read, strict=True)
        return f"<{self.user}: {'; '.join(f'the {side} {_differs(told, read)}' for side, told, read in sides)}>"

    def states(self) -> list[str]:
        found = self.stage.world.user(self.user, until_states=1, timeout=PATIENCE)["states"]
        return [state["state"] for state in found]

    def polls(self) -> Any:
        return self.stage.world.chat(self.chat)["polls"]
