"""A bot that is told of its chats by webhook: by the receiver of docs/state-webhook.md, as it stands there."""

import base64
import os
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.processes import ROOT, Process, until
from simulator.stage import Stage
from tests.story.conversation import PATIENCE, Conversation, remember_ids

PAGE = (ROOT / "docs/state-webhook.md").read_text()
[PROGRAM] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


class Receiver:
    """The bot's server: it may be away, and comes back without a memory."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.runs = folder, 0
        self._place = socket.socket()  # its port is ours while it is away
        self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._place.bind(("127.0.0.1", 0))
        self.port = self._place.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/chats"
        self.process: Process | None = None

    def start(self) -> None:
        self._place.close()
        self.runs += 1
        program = self.folder / "receiver.py"
        program.write_text(PROGRAM)
        env = {"PATH": os.environ["PATH"], "SECRET": SECRET, "PORT": str(self.port)}
        self.process = Process(
            "receiver", [sys.executable, str(program)], env, self.folder / f"{self.runs}.log", cwd=self.folder
        )

    def stop(self) -> None:
        if self.process:
            self.process.kill()
        self.process = None

    def told(self, user: str) -> list[str]:
        """What it printed of this user, in order."""
        lines = [line for n in range(self.runs) for line in (self.folder / f"{n + 1}.log").read_text().splitlines()]
        found = [re.fullmatch(rf"(\w+\.\w+) {user} ?(\S*)", line) for line in lines]
        return [" ".join(part for part in match.groups() if part) for match in found if match]

    def until_told(self, user: str, *events: str) -> None:
        assert self.process
        until(f"{user}'s bot is told {events}", lambda: len(self.told(user)) >= len(events), [self.process])
        assert self.told(user) == list(events)


class Told(Stage):
    receiver: Receiver

    def fixture(self) -> list[dict[str, object]]:
        rows = super().fixture()
        fields = next(row["fields"] for row in rows if row["model"] == "interconnections.bot")
        assert isinstance(fields, dict)
        fields |= {"state_api": "webhook", "state_url": self.receiver.url, "state_token": SECRET}
        fields |= {"texts": {"goodbye": "¡Hasta luego!"}}
        return rows


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    stage = Told(workers=2)
    stage.receiver = Receiver(tmp_path_factory.mktemp("receiver"))
    with stage:
        yield stage
    stage.receiver.stop()


@pytest.fixture
def talk(told: Told, user: str) -> Iterator[Conversation]:
    told.receiver.stop()
    told.world.ask("PUT", "/rules", {"hold_seconds": 5})
    yield Conversation(told, told.bot, user)
    told.receiver.stop()


def both_talk(talk: Conversation, *words: str) -> None:
    for word in words:
        talk.say(f"u{word}")
        talk.answer(f"a{word}")
    assert talk.whole()


def test_a_bot_is_told_of_its_chat_from_the_queue_to_the_end(told: Told, talk: Conversation) -> None:
    told.receiver.start()
    talk.connect()
    talk.accept()
    both_talk(talk, "1", "2")
    told.world.act(talk.chat, "end")
    told.receiver.until_told(talk.user, "chat.waiting", "chat.accepted", "chat.ended from-sf-success")


def test_while_the_bot_is_away_people_talk_and_it_is_told_all_in_order_when_it_is_back(
    told: Told, talk: Conversation
) -> None:
    talk.connect()
    talk.accept()
    both_talk(talk, "1", "2", "3")
    told.world.act(talk.chat, "end")
    told.world.user(talk.user, until_received=5, timeout=PATIENCE)  # the goodbye, too, waits for no bot
    told.receiver.start()
    told.receiver.until_told(talk.user, "chat.waiting", "chat.accepted", "chat.ended from-sf-success")


def test_killed_workers_lose_no_event(told: Told, talk: Conversation) -> None:
    remember_ids(told)
    talk.connect()
    talk.accept()
    both_talk(talk, "1")
    for worker in told.workers:
        worker.kill()
    told.ensure_workers(2)
    both_talk(talk, "2")
    told.world.act(talk.chat, "end")
    told.receiver.start()
    told.receiver.until_told(talk.user, "chat.waiting", "chat.accepted", "chat.ended from-sf-success")


def test_a_chat_that_cannot_be_opened_is_told(told: Told, talk: Conversation) -> None:
    told.receiver.start()
    told.world.ask("POST", "/faults", {"on": "chasitor_init", "kind": "status", "status": 400, "times": 1})
    assert talk.bot.connect(talk.user, "Ana").status_code == 500
    told.world.ask("DELETE", "/faults")
    told.receiver.until_told(talk.user, "chat.failed from-sf-timeout")


def test_an_agents_words_that_the_platform_refuses_are_told(told: Told, talk: Conversation) -> None:
    told.receiver.start()
    talk.connect()
    talk.accept()
    told.world.user(talk.user, until_received=1, timeout=PATIENCE)
    told.world.ask("POST", "/faults", {"on": "platform", "kind": "status", "status": 400, "times": 1})
    told.world.act(talk.chat, "say", text="veneno")
    told.receiver.until_told(talk.user, "chat.waiting", "chat.accepted", "message.undelivered")
