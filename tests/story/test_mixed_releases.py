"""Half of an installation is of the release before, half of this one, and it goes back: nobody notices.

Both desks, a platform in between and Meta itself; the web process first, and the workers first.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulator.configuration import (
    BOT,
    CLOUD_BOT,
    VERIFY_TOKEN,
    Row,
    cloud_bot,
    enhanced_org,
    org,
    route,
    whatsapp_bot,
)
from simulator.graph.accounts import NUMBER
from simulator.processes import ROOT, manage, until
from simulator.stage import BotCaller, Stage
from tests.story.enhanced_chat_stage import EnhancedChatStage
from tests.story.meta import Talk
from tests.story.releases import faults, unpacked
from tests.story.talking import everybody_talking
from tests.story.test_enhanced_chat import Messages

# Before a chat's retention became its bot's: it knows both desks and Meta, and columns came since.
BEFORE = "c8387e9"


Move = Callable[[Stage, Path], None]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(BEFORE, tmp_path_factory)


class BothDesks(EnhancedChatStage):
    """Yalo's users talk over Enhanced Chat, Meta's over Live Agent."""

    def fixture(self) -> list[Row]:
        url = self.world.url
        return [
            org(url),
            enhanced_org(url, 2, **self.verification.fields()),
            whatsapp_bot(1, BOT, url, self.webhook_secret, org=2),
            cloud_bot(2, url, org=1),
            route(1, 1, ""),
            route(2, 2),
        ]

    def introduce(self) -> None:
        super().introduce()
        self.subscribe(CLOUD_BOT, NUMBER, VERIFY_TOKEN)
        self.world.ask("PUT", "/rules", {"hold_seconds": 5, "conversation_starts": 1000})


class OverEnhancedChat(Messages):
    def answer(self, text: str) -> None:
        """To what was read: Salesforce takes 22 messages a minute, Meta not many more."""
        self.heard()
        super().answer(text)
        self.received()


class AtMeta(Talk):
    def say(self, text: str = "", **more: object) -> None:
        """Meta repeats by itself, for as long as it takes."""
        super().say(text)

    def answer(self, text: str) -> None:
        self.words()
        super().answer(text)
        self.received()

    def words(self) -> list[str]:
        """The user's own, as the agent read them, once all are there."""

        def read() -> list[str]:
            return [line for line in self.heard(0) if line.startswith("u")]

        until("the agent reads everything", lambda: len(read()) >= len(self.said), [])
        return read()

    def whole(self) -> bool:
        return (self.words(), self.received()) == (self.said, self.answered) and self.thread()["twice"] == []


@contextmanager
def staged(release: Path) -> Iterator[Stage]:
    stage = BothDesks(workers=2)
    stage.release = release
    with stage:
        yield stage


def move_web(stage: Stage, release: Path) -> None:
    old, stage.release = stage.web, release
    stage.start_web()
    stage.until_ready()
    old.stop()


def move_workers(stage: Stage, release: Path) -> None:
    old, stage.release = stage.living(), release
    for _ in old:
        stage.start_worker()
    stage.until_ready()
    assert [worker.stop() for worker in old] == [0] * len(old)


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("first", "second"), [(move_web, move_workers), (move_workers, move_web)], ids=["web first", "workers first"]
)
def test_half_of_it_moves_and_goes_back_and_all_of_it_moves(
    first: Move, second: Move, before: Path, user: str
) -> None:
    with staged(before) as stage:
        manage(stage.env, ["migrate", "--verbosity", "0"])
        caller = BotCaller(stage.url)
        messages = [OverEnhancedChat(stage, caller, f"{user}{n}") for n in range(2)]
        at_meta = [AtMeta(stage, caller, CLOUD_BOT, f"52155877{n:05}") for n in range(2)]
        everybody: list[OverEnhancedChat | AtMeta] = [*messages, *at_meta]
        for talk in everybody:
            talk.connect()
            talk.accept()
        with everybody_talking(messages) as first_half, everybody_talking(at_meta) as second_half:
            for move, release in ((first, ROOT), (first, before), (first, ROOT), (second, ROOT)):
                first_half.go_on(1)
                second_half.go_on(3)
                move(stage, release)
            first_half.go_on(1)
            second_half.go_on(3)
        assert [talk for talk in everybody if not talk.whole()] == []
        assert sum(stage.world.chat(talk.chat)["duplicates"] for talk in everybody) == 0
        assert faults(*(process for process in stage.processes if process.name != "simulator")) == []
