"""Many conversations at once, in which both sides keep talking while something happens to the bridge."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from simulator.stage import BotCaller, Stage
from tests.story.conversation import Conversation

TALKS = 8
PATIENCE = 180  # seconds that a busy machine may take for some rounds


def conversations(stage: Stage, bot: BotCaller, user: str, count: int = TALKS) -> list[Conversation]:
    talks = [Conversation(stage, bot, f"{user}{n}") for n in range(count)]
    for talk in talks:
        talk.connect()
        talk.accept()
    return talks


class Speaker(Protocol):
    def say(self, text: str, **more: object) -> Any: ...

    def answer(self, text: str) -> None: ...


class Talking:
    """Rounds in which each side of each conversation says one thing, in a thread of their own."""

    def __init__(self, talks: Sequence[Speaker]) -> None:
        self.rounds = 0
        self.trouble: BaseException | None = None
        self._talks, self._enough = talks, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._enough.set()
        self._thread.join()

    def go_on(self, rounds: int) -> None:
        """Until so many more are on their way, so that something is in flight."""
        wanted, deadline = self.rounds + rounds, time.monotonic() + PATIENCE
        while self.rounds < wanted and self._thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.005)
        assert self.rounds >= wanted, f"{self.rounds} of {wanted} rounds were said: {self.trouble!r}"

    def _run(self) -> None:
        try:
            while not self._enough.is_set():
                for talk in self._talks:
                    talk.say(f"u{self.rounds}", persist=20)
                    talk.answer(f"a{self.rounds}")
                self.rounds += 1
        except BaseException as trouble:  # the test's own thread tells of it
            self.trouble = trouble


@contextmanager
def everybody_talking(talks: Sequence[Speaker]) -> Iterator[Talking]:
    """Both sides of every conversation keep talking until the block ends."""
    talking = Talking(talks)
    talking.start()
    try:
        yield talking
    finally:
        talking.end()
    assert talking.trouble is None, repr(talking.trouble)
