"""A desk is one folder and one line: a toy carries conversations through real processes, and through a death."""

import itertools
from collections.abc import Iterator

import pytest

from simulator.configuration import BOT, Row, org, route, whatsapp_bot
from simulator.stage import Stage
from tests.contract.toy_desk import LIMIT
from tests.contract.toy_desk.server import ORG, Chat, DeskServer

PATIENCE = 30  # seconds that anything may take to arrive
users = itertools.count(1)


class ToyDeskStage(Stage):
    """Its bot's org speaks the toy's wire; its users are the simulator's."""

    def __init__(self, toy: DeskServer) -> None:
        super().__init__(workers=1, environment={"DJANGO_SETTINGS_MODULE": "tests.contract.settings"})
        self.toy = toy

    def fixture(self) -> list[Row]:
        agents = org(self.toy.url, chat_api="toy_desk", organization_id=ORG, deployment_id="")
        return [agents, whatsapp_bot(1, BOT, self.world.url, self.webhook_secret), route(1, 1)]


@pytest.fixture(scope="module")
def toy() -> Iterator[DeskServer]:
    with DeskServer() as toy:
        yield toy


@pytest.fixture(scope="module")
def stage(toy: DeskServer) -> Iterator[ToyDeskStage]:
    with ToyDeskStage(toy) as stage:
        yield stage


class Talk:
    """One user and their agent."""

    def __init__(self, stage: ToyDeskStage) -> None:
        self.world, self.toy, self.bot = stage.world, stage.toy, stage.bot
        self.user = f"52155200{next(users):05}"
        assert self.bot.connect(self.user, "Ana").status_code == 200
        self.id = list(self.toy.chats)[-1]

    @property
    def chat(self) -> Chat:
        return self.toy.chats[self.id]

    def accepted(self) -> "Talk":
        self.toy.accept(self.id)
        self.toy.until(lambda: self.chat.heard)
        return self

    def heard(self, *texts: str) -> None:
        """The agent read these after the welcome, once and in order."""
        wanted = " ".join(texts)
        self.toy.until(lambda: " ".join(self.chat.heard).endswith(wanted))
        assert self.chat.heard[-len(texts) :] == list(texts)
        assert all(len(text) <= LIMIT for text in self.chat.heard)

    def received(self, count: int) -> list[str]:
        return list(self.world.user(self.user, until_received=count, timeout=PATIENCE)["texts"])

    def states(self) -> list[str]:
        found = self.world.user(self.user, until_states=1, timeout=PATIENCE)["states"]
        return [state["state"] for state in found]


def test_a_chat_goes_both_ways_and_its_agent_ends_it(stage: ToyDeskStage) -> None:
    talk = Talk(stage).accepted()
    assert talk.chat.queued == 1
    stage.world.say(talk.user, "hola")
    stage.world.say(talk.user, "¿está?")
    talk.heard("hola", "¿está?")
    for words in ("Claro.", "¿Azul?"):
        stage.toy.say(talk.id, words)
    assert talk.received(2) == ["Claro.", "¿Azul?"]
    stage.toy.end(talk.id)
    assert talk.states() == ["from-sf-success"]


def test_what_was_said_while_waiting_comes_after_the_welcome(stage: ToyDeskStage) -> None:
    talk = Talk(stage)
    stage.world.say(talk.user, "uno")
    stage.world.say(talk.user, "dos")
    assert talk.chat.heard == []
    stage.toy.accept(talk.id)
    talk.heard("uno", "dos")
    assert len(talk.chat.heard) > 2


def test_its_bot_ends_it(stage: ToyDeskStage) -> None:
    talk = Talk(stage).accepted()
    assert talk.bot.finish(talk.user).status_code == 200
    stage.toy.until(lambda: talk.chat.over)


def test_a_message_whose_answer_was_lost_is_heard_once(stage: ToyDeskStage) -> None:
    talk = Talk(stage).accepted()
    stage.toy.lose = 1
    stage.world.say(talk.user, "una vez")
    stage.world.say(talk.user, "después")
    talk.heard("una vez", "después")
    assert talk.chat.heard.count("una vez") == 1
    assert talk.chat.repeats


def test_what_it_tells_and_nobody_knows_is_passed_over(stage: ToyDeskStage) -> None:
    talk = Talk(stage).accepted()
    stage.toy.tell(talk.id, "confetti", "?")
    stage.toy.say(talk.id, "¡Listo!")
    assert talk.received(1) == ["¡Listo!"]


def test_another_worker_goes_on_where_a_killed_one_stopped(stage: ToyDeskStage) -> None:
    talk = Talk(stage).accepted()
    stage.toy.lose = 1
    stage.world.say(talk.user, "antes")
    stage.toy.say(talk.id, "de antes")
    stage.toy.until(lambda: "antes" in talk.chat.heard)
    stage.workers[-1].kill()
    stage.world.say(talk.user, "mientras")
    stage.toy.say(talk.id, "de mientras")
    stage.start_worker()
    talk.heard("antes", "mientras")
    assert talk.chat.heard.count("antes") == 1
    assert talk.received(2) == ["de antes", "de mientras"]
