"""What a user is told of queue, agents and silence, by a bot that has words for all of it."""

from collections.abc import Iterator

import pytest

from simulator.stage import BotCaller, Stage
from tests.story.conversation import PATIENCE, Conversation

TEXTS = {
    "waitAgent": "Espera",
    "queuePosition": "Lugar %s",
    "agentJoined": "Te atiende %s",
    "idleWarning": "¿Sigues ahí? El chat termina en %s",
    "userSilent": "Seguimos cuando quieras",
}


class Talkative(Stage):
    def fixture(self) -> list[dict[str, object]]:
        rows = super().fixture()
        fields = next(row["fields"] for row in rows if row["model"] == "interconnections.bot")
        assert isinstance(fields, dict)
        fields |= {"texts": TEXTS}
        return rows


@pytest.fixture
def talkative() -> Iterator[Stage]:
    with Talkative(workers=1) as stage:
        stage.world.ask("PUT", "/rules", {"idle_enabled": True, "idle_warning": 1, "idle_timeout": 3})
        yield stage


def test_a_user_is_told_their_place_and_is_warned_before_a_silence_ends_the_chat(talkative: Stage) -> None:
    talk = Conversation(talkative, BotCaller(talkative.url), "5215512345678")
    talk.connect()
    talk.stage.world.user(talk.user, until_received=2, timeout=PATIENCE)
    talk.stage.world.act(talk.chat, "accept", name="Luz")
    assert talk.states() == ["from-sf-success"]
    assert talk.stage.world.user(talk.user)["texts"] == [
        "Espera",
        "Lugar 1",
        "Te atiende Luz",
        "¿Sigues ahí? El chat termina en 2 s",
        "Seguimos cuando quieras",
    ]
