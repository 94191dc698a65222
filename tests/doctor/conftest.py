"""An installation in good health: the simulated world, a Redis of its own, one org, one bot, one live worker."""

import contextlib
import json
from io import StringIO

import pytest
from django.core.management import call_command
from redis import Redis

from interconnections.models import Bot, Route, SalesforceOrg
from interconnections.secret import Secret
from interconnections.store.keys import key
from interconnections.store.schema import SCHEMA
from interconnections.store.upgrade import REPORTED
from simulator.redis_server import RedisServer
from simulator.stage import Stage


@pytest.fixture(scope="session")
def everything():
    with Stage(workers=1) as stage:
        yield stage


@pytest.fixture
def stage(everything):
    everything.world.ask("DELETE", "/faults")
    yield everything
    everything.world.ask("DELETE", "/faults")


@pytest.fixture(scope="session")
def server():
    server = RedisServer()
    server.start()
    yield server
    server.stop()


HEALTHY = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "maxmemory": "0"}


@pytest.fixture
def redis(server, settings):
    """Looked at by the doctor, empty but for a worker that lives."""
    settings.REDIS_URL = server.url
    with Redis.from_url(server.url, decode_responses=True) as redis:
        redis.replicaof("NO", "ONE")
        for name, value in HEALTHY.items():
            redis.config_set(name, value)
        redis.flushall()
        redis.zadd(key("workers"), {"w1": now(redis) + 600_000})
        redis.hset(key("report", "w1"), REPORTED, SCHEMA)
        redis.hset(key("bot", "tienda"), "heardAt", now(redis) - 600_000)
        yield redis


def levels(found, level):
    return [finding["what"] for finding in found if finding["level"] == level]


def now(redis):
    return redis.time()[0] * 1000


@pytest.fixture
def org(db, stage):
    return SalesforceOrg.objects.create(
        name="Acme", chat_url=stage.world.url, organization_id="00D000000000001", deployment_id="572000000000001"
    )


@pytest.fixture
def bot(org):
    bot = Bot.objects.create(
        slug="tienda", org=org, api_url=org.chat_url, api_token=Secret("the-platform-token"),
        webhook_secret=Secret("the-webhook-secret"), state_api="botrunner", state_url=org.chat_url,
        state_token=Secret("the-state-token"),
    )  # fmt: skip
    Route.objects.create(bot=bot, button_id="573000000000001")
    return bot


@pytest.fixture
def doctor(redis, bot, settings):
    """Runs it: (exit code, findings, everything it printed)."""
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://bridge.example.org", ["bridge.example.org"]
    settings.TRUSTED_PROXIES = ["10.0.0.5"]

    def run(*arguments):
        out, code = StringIO(), 0
        try:
            call_command("doctor", *arguments, stdout=out)
        except SystemExit as left:
            code = left.code
        found = []
        with contextlib.suppress(ValueError):
            found = json.loads(out.getvalue())["findings"]
        return code, found, out.getvalue()

    return run
