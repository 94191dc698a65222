"""What the org's rules hide is masked before it is sent, whichever worker sends it."""

import pytest

from simulator.stage import BotCaller, Stage
from tests.story.conversation import Conversation

CARDS = {
    "id": "0GO000000000001",
    "name": "cards",
    "pattern": "[0-9]{16}",
    "replacement": "####",
    "actionType": "Replace",
}


@pytest.fixture
def talk(stage: Stage, bot: BotCaller, user: str) -> Conversation:
    talk = Conversation(stage, bot, user)
    talk.connect()
    stage.world.act(talk.chat, "event", type="SensitiveDataRules", message={"sensitiveDataRules": [CARDS]})
    talk.accept()
    return talk


def test_a_card_number_never_reaches_the_agent(stage: Stage, talk: Conversation) -> None:
    talk.say("mi tarjeta: 4111111111111111")
    assert talk.heard() == ["mi tarjeta: ####"]
    for worker in stage.living():
        stage.start_worker()
        assert worker.stop() == 0
    talk.say("¿la anotó? 4111111111111111")
    assert talk.heard() == ["mi tarjeta: ####", "¿la anotó? ####"]


def test_a_new_server_is_not_taken_to_miss_what_was_masked(stage: Stage, talk: Conversation) -> None:
    talk.say("mi tarjeta: 4111111111111111")
    talk.answer("gracias")
    assert talk.received() == ["gracias"]
    assert talk.heard() == ["mi tarjeta: ####"]
    stage.world.ask("POST", "/handover", {"chat": talk.chat})
    talk.say("¿sigue?")
    talk.answer("sí")
    assert talk.received() == ["gracias", "sí"]
    assert talk.heard() == ["mi tarjeta: ####", "¿sigue?"]
