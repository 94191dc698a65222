"""Quotes, delivery and read marks in both directions: bots at Meta whose agents sit at Enhanced Chat."""

import itertools
import random
from collections.abc import Iterator

import pytest

from simulator.configuration import CLOUD_BOT, PAGE_BOT
from simulator.processes import until
from tests.story.meta import EnhancedMetaStage, Talk

people = itertools.count(random.randrange(10**6) * 100)


@pytest.fixture(scope="module")
def stage() -> Iterator[EnhancedMetaStage]:
    with EnhancedMetaStage() as stage:
        yield stage


@pytest.fixture(params=[CLOUD_BOT, PAGE_BOT])
def talk(stage: EnhancedMetaStage, request: pytest.FixtureRequest) -> Iterator[Talk]:
    """A user who wrote, and an agent who took them."""
    prefix = "5218" if request.param == CLOUD_BOT else "8818"
    talk = Talk(stage, stage.bot, request.param, f"{prefix}{next(people):09}")
    talk.say("antes")
    talk.connect()
    talk.say("hola")
    talk.heard(1)  # an agent can be asked for from then on
    talk.accept()
    yield talk
    stage.world.act(talk.chat, "end")


def kinds_told(talk: Talk) -> set[str]:
    return {ack["kind"] for ack in talk.stage.world.chat(talk.chat)["acks"]}


def ticks(talk: Talk) -> list[str]:
    return [line.get("tick", "") for line in talk.thread()["lines"] if line["by"] == "user"]


def test_the_desk_is_told_when_the_user_has_read(talk: Talk) -> None:
    talk.answer("¿en qué ayudo?")
    assert talk.received() == ["¿en qué ayudo?"]
    talk.happens("read")
    until("the desk knows that it was read", lambda: "Read" in kinds_told(talk), [])


def test_what_the_agent_read_is_marked_on_the_phone(talk: Talk) -> None:
    talk.heard(2)
    talk.stage.world.act(talk.chat, "acknowledge", kind="Read")
    until("the phone shows it", lambda: ticks(talk)[-1] == "read", [])


def quoted(talk: Talk, words: str) -> object:
    """What the phone shows above these words of the business."""
    [line] = [line for line in talk.thread()["lines"] if line["text"] == words]
    return line["quotes"] and line["quotes"]["text"]


def test_the_phone_shows_what_the_agent_answers(talk: Talk) -> None:
    talk.say("¿el 77 o el 78?")
    talk.heard(4)  # the past and the greeting went before "hola"
    lines = talk.stage.world.chat(talk.chat)["transcript"]
    asked = next(line["id"] for line in lines if line["text"] == "¿el 77 o el 78?")
    talk.stage.world.act(talk.chat, "say", text="el 77", quotes=asked)
    talk.answered += ["el 77"]
    assert talk.received() == ["el 77"]
    assert quoted(talk, "el 77") == "¿el 77 o el 78?"
    lines = talk.stage.world.chat(talk.chat)["transcript"]
    own = next(line["id"] for line in lines if line["text"] == "el 77")
    talk.stage.world.act(talk.chat, "say", text="que va mañana", quotes=own)
    talk.answered += ["que va mañana"]
    assert talk.received() == ["el 77", "que va mañana"]
    assert quoted(talk, "que va mañana") == "el 77"
