"""Redis dies and comes back: nothing that was acknowledged is lost, and nobody has to be restarted."""

import time
from collections.abc import Iterator

import pytest
import requests

from simulator.stage import BotCaller, Stage
from tests.story.conversation import Conversation


@pytest.fixture
def alone() -> Iterator[Stage]:
    """A stage of its own: what happens to its Redis concerns nobody else."""
    with Stage(workers=2) as stage:
        yield stage


def test_redis_killed_and_restarted_while_people_talk(alone: Stage) -> None:
    stage, redis = alone, alone.redis
    assert redis is not None
    talk = Conversation(stage, BotCaller(stage.url), "5215500000001")
    talk.connect()
    talk.accept()
    talk.say("antes")
    talk.answer("antes")
    assert talk.whole()

    redis.kill()
    refused = stage.world.say(talk.user, "mientras")["answers"][0]
    assert refused["status"] == 503
    assert "bridge_redis_up 0.0" in requests.get(f"{stage.url}/metrics", timeout=30).text
    talk.answer("mientras")  # Salesforce keeps it until a poll that stored it acknowledges it
    redis.start()
    talk.say("mientras", persist=30)  # the platform sends again what was not kept
    talk.say("después", persist=30)
    talk.answer("después")
    assert talk.whole()
    assert talk.polls()["double"] == 0

    stage.until_ready(2)
    times = []
    for n in range(10):  # bells ring again: a message takes far less than a sweep
        began = time.monotonic()
        talk.say(f"u{n}")
        talk.heard()
        times.append(time.monotonic() - began)
    assert sorted(times)[5] < 0.25
