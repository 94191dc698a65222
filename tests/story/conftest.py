"""The stage of the stories: real processes, a real server, the simulated world over HTTP."""

import itertools
import random
from collections.abc import Iterator

import pytest
import redis

from simulator.stage import BotCaller, Stage

people = itertools.count(random.randrange(10**6) * 100)


@pytest.fixture(scope="session")
def everything() -> Iterator[Stage]:
    with Stage(workers=2, debug=True) as stage:
        yield stage
        assert stage.redis
        with redis.Redis.from_url(stage.redis.url) as server:
            assert server.acl_log() == []  # the rights that docs/operations.md names are enough


@pytest.fixture
def stage(everything: Stage) -> Iterator[Stage]:
    """The stage with two live workers, no faults, and the simulator's rules as they were."""
    everything.world.ask("DELETE", "/faults")
    everything.world.ask("PUT", "/agent", {"auto": False})
    everything.world.ask("PUT", "/platform", {"dedupe": False})
    before = everything.world.ask("GET", "/rules")
    everything.world.ask("PUT", "/rules", {"hold_seconds": 5})
    yield everything
    everything.world.ask("DELETE", "/faults")
    everything.world.ask("PUT", "/rules", before)
    everything.ensure_workers(2)


@pytest.fixture
def bot(stage: Stage) -> BotCaller:
    return stage.bot


@pytest.fixture
def user() -> str:
    return f"5215{next(people):09}"
