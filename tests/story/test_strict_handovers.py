"""Hand-overs at a Salesforce as strict as its sheet allows: salesforce-live-agent.md section 6, edge cases."""

import threading

import pytest

from simulator.stage import BotCaller, Stage
from tests.story.conversation import Conversation

MANY = 60  # of each side


@pytest.fixture
def talk(stage: Stage, bot: BotCaller, user: str) -> Conversation:
    return Conversation(stage, bot, user)


@pytest.mark.parametrize("stored", ["stored", "either"])
def test_a_text_that_met_the_503_is_heard_once_whether_or_not_it_was_stored(talk: Conversation, stored: str) -> None:
    talk.stage.world.ask("PUT", "/rules", {"post_at_handover": stored})
    talk.connect()
    talk.accept()

    def answering() -> None:
        for n in range(MANY):
            talk.answer(f"a{n}")

    agent = threading.Thread(target=answering)
    agent.start()
    for n in range(MANY):
        talk.say(f"u{n}")
        if n % 5 == 0:
            talk.stage.world.ask("POST", "/handover", {"chat": talk.chat})
    agent.join()
    assert talk.heard() == talk.said
    assert talk.received() == talk.answered


def test_a_chat_whose_reconnect_is_answered_once_and_unheard_ends_as_lost_and_both_are_told(
    talk: Conversation,
) -> None:
    talk.stage.world.ask(
        "PUT", "/rules", {"reconnect_again": "405", "connection_timeout_ms": 12_000, "hold_seconds": 2}
    )
    talk.connect()
    talk.accept()
    talk.say("antes")
    assert talk.heard() == ["antes"]
    fault = {"on": "reconnect", "kind": "drop_after", "times": 1, "key": talk.chat}
    talk.stage.world.ask("POST", "/faults", fault)
    talk.stage.world.ask("POST", "/handover", {"chat": talk.chat})
    talk.say("después")
    [_] = talk.states()  # the bot has its user back
    assert "Tus últimos mensajes no llegaron al agente." in talk.stage.world.user(talk.user)["texts"]
    assert talk.stage.world.chat(talk.chat)["heard"][1:] == ["antes"]
