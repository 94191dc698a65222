"""Nobody waits for ever: limits of the bot, told to user and bot."""

from collections.abc import Iterator

import pytest

from simulator.stage import Stage
from tests.story.conversation import PATIENCE, Conversation


class Impatient(Stage):
    """A bot that gives agents one second."""

    def fixture(self) -> list[dict[str, object]]:
        rows = super().fixture()
        fields = next(row["fields"] for row in rows if row["model"] == "interconnections.bot")
        assert isinstance(fields, dict)
        texts = {"goodbye": "¡Hasta luego!", "noAgent": "No hay asesores", "agentDropped": "Un momento…"}
        fields |= {"waiting_limit": 1, "drop_limit": 1, "restart_keywords": ["reiniciar"], "texts": texts}
        return rows


@pytest.fixture(scope="module")
def impatient() -> Iterator[Stage]:
    with Impatient(workers=1) as stage:
        yield stage


@pytest.fixture
def talk(impatient: Stage, user: str) -> Conversation:
    return Conversation(impatient, impatient.bot, user)


def told(talk: Conversation, count: int) -> list[str]:
    found: list[str] = talk.stage.world.user(talk.user, until_received=count, timeout=PATIENCE)["texts"]
    return found


def test_who_waits_too_long_is_given_back_to_the_bot_and_gone_from_the_queue(talk: Conversation) -> None:
    talk.connect()
    assert talk.states() == ["from-sf-timeout"]
    assert told(talk, 2) == ["Esperando un agente", "No hay asesores"]
    assert talk.stage.world.chat(talk.chat)["status"] == "ended"
    talk.connect()  # and may try again


def test_when_the_agent_drops_and_nobody_comes_the_chat_ends(talk: Conversation) -> None:
    talk.connect()
    talk.accept()
    talk.stage.world.act(talk.chat, "disconnect")
    assert talk.states() == ["from-sf-timeout"]
    assert told(talk, 3)[1:] == ["Un momento…", "No hay asesores"]


def test_when_another_agent_takes_over_in_time_what_was_said_meanwhile_arrives(talk: Conversation) -> None:
    talk.connect()
    talk.accept()
    talk.stage.world.act(talk.chat, "disconnect")
    talk.say("¿hola?")
    talk.stage.world.act(talk.chat, "accept", name="Raúl")
    assert talk.heard() == ["¿hola?"]


def test_the_agents_end_is_told_before_the_bot_has_its_user_back(talk: Conversation) -> None:
    talk.connect()
    talk.accept()
    talk.stage.world.act(talk.chat, "end")
    assert talk.states() == ["from-sf-success"]
    assert told(talk, 2)[1:] == ["¡Hasta luego!"]


def test_a_keyword_takes_the_user_back_to_the_bot(talk: Conversation) -> None:
    talk.connect()
    talk.accept()
    talk.stage.world.say(talk.user, " REINICIAR ")
    assert talk.states() == ["from-sf-success"]
    ended = talk.stage.world.chat(talk.chat, until_status="ended", timeout=PATIENCE)
    assert "REINICIAR" not in "".join(ended["heard"])


def test_a_closed_button_opens_nothing_and_says_so(talk: Conversation) -> None:
    world = talk.stage.world
    world.ask("PUT", "/rules", {"closed_buttons": ["*"]})
    before = len(world.ask("GET", "/chats")["chats"])
    answer = talk.bot.connect(talk.user, "Ana")
    world.ask("PUT", "/rules", {"closed_buttons": []})
    assert answer.status_code == 500
    assert answer.json()["ErrorDescription"] == "could not create chat in salesforce : no agent is available"
    assert len(world.ask("GET", "/chats")["chats"]) == before
    assert talk.states() == ["from-sf-timeout"]
