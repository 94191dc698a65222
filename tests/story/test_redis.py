"""Redis dies and comes back: nothing that was acknowledged is lost, and nobody has to be restarted."""

import itertools
import time
from collections.abc import Iterator
from statistics import median

import pytest
import requests

from simulator.processes import until
from simulator.stage import BotCaller, Stage
from tests.story.conversation import Conversation, remember_ids

numbers = itertools.count()


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
    quick = typical(talk)

    remember_ids(stage)
    redis.kill()
    refused = stage.world.say(talk.user, "mientras")["answers"][0]
    assert refused["status"] == 503
    assert "bridge_redis_up 0.0" in requests.get(f"{stage.url}/metrics", timeout=30).text
    talk.answer("mientras")  # Salesforce keeps it until a poll that stored it acknowledges it
    until("the logs say that it is away", lambda: all_say(stage, "no heartbeat"), stage.processes)
    redis.start()
    talk.say("mientras", persist=30)  # the platform sends again what was not kept
    talk.say("después", persist=30)
    talk.answer("después")
    assert talk.whole()
    assert talk.polls()["double"] == 0

    stage.until_ready()
    until("the logs say that it is over", lambda: all_say(stage, "Redis answers again"), stage.processes)
    # Bells ring again: without them a message waits for the sweep, half a second on the average.
    until("messages are as quick as before", lambda: typical(talk) < quick + 0.2, stage.processes)


def all_say(stage: Stage, words: str) -> bool:
    return all(words in worker.log.read_text() for worker in stage.workers)


def typical(talk: Conversation) -> float:
    """Seconds that a message takes to be heard."""
    times = []
    for _ in range(10):
        began = time.monotonic()
        talk.say(f"u{next(numbers)}")
        talk.heard()
        times.append(time.monotonic() - began)
    return median(times)
