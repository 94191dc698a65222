"""What cannot be delivered is told to the one who said it; what may not go at once goes at its pace."""

import time
from collections.abc import Iterator

import pytest

from simulator.stage import Stage
from tests.story.conversation import PATIENCE, Conversation


class Tuned(Stage):
    """A bot with fields of its own."""

    fields: dict[str, object] = {}

    def fixture(self) -> list[dict[str, object]]:
        rows = super().fixture()
        fields = next(row["fields"] for row in rows if row["model"] == "interconnections.bot")
        assert isinstance(fields, dict)
        fields |= self.fields
        return rows


class Strict(Tuned):
    fields = {"delivery_limit": 1, "goodbye_limit": 1, "texts": {"goodbye": "¡Hasta luego!"}}


class Slow(Tuned):
    fields = {"pair_burst": 3, "pair_seconds": 0.3}


class Brief(Tuned):
    fields = {
        "agent_limit": 2,
        "texts": {"agentSilent": "El asesor no contesta", "userSilent": "¿Sigues ahí?"},
    }


@pytest.fixture(scope="module")
def strict() -> Iterator[Stage]:
    with Strict(workers=2) as stage:
        yield stage


def talking(stage: Stage, user: str) -> Conversation:
    talk = Conversation(stage, stage.bot, user)
    talk.connect()
    talk.accept()
    stage.world.user(user, until_received=1, timeout=PATIENCE)  # that they wait; a fault is for what comes after
    return talk


def heard(talk: Conversation, count: int) -> list[str]:
    found: list[str] = talk.stage.world.chat(talk.chat, until_heard=count, timeout=PATIENCE)["heard"][1:]
    return found


def received(talk: Conversation, count: int) -> list[str]:
    found: list[str] = talk.stage.world.user(talk.user, until_received=count, timeout=PATIENCE)["texts"][1:]
    return found


def fault(stage: Stage, **more: object) -> None:
    stage.world.ask("POST", "/faults", more)


def test_a_message_that_the_platform_refuses_is_told_to_the_agent(strict: Stage, user: str) -> None:
    talk = talking(strict, user)
    fault(strict, on="platform", kind="status", status=400, times=1)
    talk.answer("veneno")
    assert heard(talk, 2) == ["Este mensaje no llegó al usuario: “veneno”"]
    talk.answer("sano")
    assert received(talk, 2) == ["sano"]


def test_a_message_that_salesforce_never_takes_is_told_to_the_user(strict: Stage, user: str) -> None:
    talk = talking(strict, user)
    fault(strict, on="chat_message", kind="status", status=400, times=1)
    talk.say("veneno")
    assert received(talk, 2) == ["Este mensaje no llegó al agente: “veneno”"]
    talk.say("sano")
    assert heard(talk, 2) == ["sano"]


def test_a_user_whose_last_words_the_agent_never_got_is_told_and_then_given_back(strict: Stage, user: str) -> None:
    talk = talking(strict, user)
    fault(strict, on="chat_message", kind="status", status=500, times=50, key=talk.chat)
    talk.say("¿y mi pedido?")
    strict.world.act(talk.chat, "end")
    told = received(talk, 3)
    # Whether it was on the wire as the agent ended decides when that is known, and in which words.
    assert "¡Hasta luego!" in told
    assert {"Tus últimos mensajes no llegaron al agente.", "Este mensaje no llegó al agente: “¿y mi pedido?”"} & set(
        told
    )
    assert len(told) == 2
    assert talk.states() == ["from-sf-success"]
    strict.world.ask("DELETE", "/faults")


def test_a_goodbye_that_nobody_takes_does_not_keep_the_user_from_the_bot(strict: Stage, user: str) -> None:
    talk = talking(strict, user)
    fault(strict, on="platform", kind="status", status=503, key=talk.user)
    strict.world.act(talk.chat, "end")
    assert talk.states() == ["from-sf-success"]
    strict.world.ask("DELETE", "/faults")


def test_an_agent_who_writes_much_to_one_user_is_paced_and_nothing_is_lost(user: str) -> None:
    with Slow(workers=2) as stage:
        talk = talking(stage, user)
        began = time.monotonic()
        for n in range(8):
            talk.answer(f"a{n}")
        assert talk.whole()
        assert time.monotonic() - began > 4 * 0.3  # a burst of three, of which "waiting" was one; the rest in turn


def test_an_agent_who_does_not_answer_is_not_waited_for(user: str) -> None:
    with Brief(workers=1) as stage:
        stage.world.ask("PUT", "/rules", {"hold_seconds": 1})
        talk = talking(stage, user)
        talk.say("¿hola?")
        assert received(talk, 2) == ["El asesor no contesta"]
        assert talk.states() == ["from-sf-timeout"]
