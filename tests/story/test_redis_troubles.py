"""Redis is late, frozen, full, or another one: web and workers come back by themselves, nothing kept is lost."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest
import redis

from simulator.processes import until
from simulator.stage import Stage
from tests.story.conversation import Conversation
from tests.story.redis_sentinel import Sentinels


@pytest.fixture
def alone() -> Iterator[Stage]:
    with Stage(workers=2) as stage:
        yield stage


def talking(stage: Stage, user: str = "5215500000001") -> Conversation:
    talk = Conversation(stage, stage.bot, user)
    talk.connect()
    talk.accept()
    talk.say("antes")
    talk.answer("antes")
    assert talk.whole()
    return talk


def test_workers_that_start_before_redis_wait_for_it(alone: Stage) -> None:
    assert alone.redis is not None
    alone.redis.kill()
    for worker in alone.workers:
        worker.kill()
    early = alone.start_worker()
    until("the worker says that it waits", lambda: "Redis is away" in early.log.read_text(), [early])
    alone.redis.start()
    alone.until_ready()
    talking(alone)


def test_a_redis_that_freezes_for_longer_than_a_lease_loses_nothing(alone: Stage) -> None:
    talk = talking(alone)
    assert alone.redis is not None
    assert alone.redis.process is not None
    os.kill(alone.redis.process.pid, signal.SIGSTOP)
    wakes = threading.Timer(7, os.kill, (alone.redis.process.pid, signal.SIGCONT))
    wakes.start()
    talk.answer("mientras")
    talk.say("mientras", persist=40)
    wakes.join()
    talk.say("después", persist=40)
    talk.answer("después")
    assert talk.whole()


def test_a_redis_without_memory_refuses_whole_and_goes_on_when_there_is_some(alone: Stage) -> None:
    talk = talking(alone)
    assert alone.redis is not None
    with redis.Redis.from_url(alone.redis.url) as server:
        server.config_set("maxmemory", "1mb")
        assert alone.world.say(talk.user, "lleno")["answers"][0]["status"] == 503
        talk.answer("lleno")
        server.config_set("maxmemory", "0")
    talk.say("lleno", persist=30)
    talk.say("después", persist=30)
    talk.answer("después")
    assert talk.whole()


def test_sentinel_makes_another_server_the_master_and_the_conversation_goes_on() -> None:
    with Sentinels(users=True) as sentinels, Stage(workers=2, environment=sentinels.environment) as stage:
        talk = talking(stage)
        sentinels.fail()
        talk.answer("mientras")
        talk.say("mientras", persist=60)
        talk.say("después", persist=60)
        talk.answer("después")
        assert talk.whole()
        assert talk.polls()["double"] == 0

        def claimed_anew() -> bool:
            return any("failed over" in worker.log.read_text() for worker in stage.workers)

        until("workers claim under new fences", claimed_anew, stage.workers)
