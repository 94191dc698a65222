"""Files of agents on their way to phones at Meta, between real processes: uploaded where no address serves."""

import base64
import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from simulator.configuration import CLOUD_BOT, PAGE_BOT
from simulator.processes import until
from simulator.sample_media import photo
from tests.story.meta import EnhancedMetaStage, Talk

people = itertools.count(random.randrange(10**6) * 100)


@pytest.fixture(scope="module")
def stage() -> Iterator[EnhancedMetaStage]:
    with EnhancedMetaStage() as stage:
        yield stage


@pytest.fixture
def rules(stage: EnhancedMetaStage) -> Iterator[Callable[..., None]]:
    before = stage.world.ask("GET", "/rules")
    yield lambda **wanted: stage.world.ask("PUT", "/rules", wanted)
    stage.world.ask("PUT", "/rules", before)
    stage.world.ask("DELETE", "/faults")


@pytest.fixture(params=[CLOUD_BOT, PAGE_BOT])
def talk(stage: EnhancedMetaStage, request: pytest.FixtureRequest) -> Iterator[Talk]:
    prefix = "5219" if request.param == CLOUD_BOT else "8819"
    talk = Talk(stage, stage.bot, request.param, f"{prefix}{next(people):09}")
    talk.say("antes")
    talk.connect()
    talk.say("hola")
    talk.heard(1)
    talk.accept()
    yield talk
    stage.world.act(talk.chat, "end")


def send(talk: Talk) -> None:
    """A picture of the agent's."""
    shown = base64.b64encode(photo()).decode()
    talk.stage.world.act(talk.chat, "file", name="plano.png", content=shown, type="image/png")


def pictures(talk: Talk) -> list[Any]:
    """What the phone shows that is no text, without what failed."""
    return [line for line in talk.thread()["lines"] if line.get("media") and line["tick"] != "failed"]


def fails(talk: Talk, call: str, kind: str, **more: object) -> None:
    on = f"{'cloud' if talk.slug == CLOUD_BOT else 'page'}_{call}"
    talk.stage.world.ask("POST", "/faults", {"on": on, "kind": kind, "times": 1, **more})


def has_fired(talk: Talk) -> bool:
    return any(fault["fired"] for fault in talk.stage.world.ask("GET", "/faults")["faults"])


def test_a_file_that_meta_cannot_fetch_is_uploaded_and_shown_once(talk: Talk, rules: Callable[..., None]) -> None:
    """Whether it says so at once, or later in a status."""
    rules(cloud_links="none")
    send(talk)
    until("the phone shows the picture", lambda: len(pictures(talk)) == 1, [])
    talk.answer("¿lo ve?")
    until("and the words", lambda: "¿lo ve?" in talk.read(), [])
    assert [picture["media"]["mimeType"] for picture in pictures(talk)] == ["image/png"]
    assert talk.thread()["twice"] == []
    assert not [line for line in talk.heard(2) if "plano.png" in line]  # nobody was told that it failed


def test_of_an_upload_whose_send_lost_its_answer_the_phone_shows_one(talk: Talk, rules: Callable[..., None]) -> None:
    rules(cloud_links="none", cloud_media_told="answer")
    fails(talk, "upload", "slow", seconds=3)
    send(talk)
    until("the upload is under way", lambda: has_fired(talk), [])
    fails(talk, "send", "drop_after")
    talk.answer("¿lo ve?")
    until("the phone shows what follows", lambda: "¿lo ve?" in talk.read(), [])
    assert len(pictures(talk)) == 1
    assert talk.thread()["twice"] == []


def test_what_meta_does_not_take_in_any_way_is_a_link(talk: Talk, rules: Callable[..., None]) -> None:
    rules(cloud_links="none", cloud_media_told="answer")
    fails(talk, "upload", "status", code="131053" if talk.slug == CLOUD_BOT else "100/2018109")
    send(talk)
    until("the phone shows the link", lambda: any("plano.png" in words for words in talk.read()), [])
    assert pictures(talk) == []
