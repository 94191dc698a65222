"""The rights that deploy/redis/users.acl gives: enough for all that the bridge does, and not for more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis.exceptions import NoPermissionError

from interconnections.consumers import IntegrationMessageConsumer, SalesforceMessageConsumer
from interconnections.store.keys import key
from interconnections.store.script_table import SCRIPTS
from interconnections.store.script_text import library, library_name, source
from interconnections.worker.channel_listeners import WORKERS
from simulator.redis_server import USERS, RedisServer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    server = RedisServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def bridge(server: RedisServer) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(server.least_url) as client:
        yield client


def test_the_bridge_may_load_its_scripts_and_write_its_keys(bridge: redis.Redis) -> None:
    for name in SCRIPTS:
        bridge.script_load(source(name))
    assert bridge.function_load(library(), replace=True)
    assert bridge.function_delete(library_name())
    assert bridge.set(key("probe"), 1)
    assert bridge.info("server")
    assert bridge.time()
    assert list(bridge.scan_iter(match="{bridge}:*"))


def test_the_bridge_may_ring_its_bells(bridge: redis.Redis) -> None:
    for consumer in (SalesforceMessageConsumer, IntegrationMessageConsumer):
        bridge.publish(f"{consumer.lane}.worker-1", "ring")
    bridge.publish(WORKERS, "ring")


@pytest.mark.parametrize(
    "command",
    [
        ("SET", "another", "1"), ("GET", "another"), ("PUBLISH", "another", "1"), ("FLUSHALL",), ("FLUSHDB",),
        ("KEYS", "*"), ("CONFIG", "GET", "*"), ("CONFIG", "SET", "maxmemory", "1"), ("ACL", "LIST"), ("SHUTDOWN",),
        ("SCRIPT", "FLUSH"), ("CLIENT", "KILL", "TYPE", "normal"), ("REPLICAOF", "NO", "ONE"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_the_bridge_may_not_do_more(bridge: redis.Redis, command: tuple[str, ...]) -> None:
    with pytest.raises(NoPermissionError):
        bridge.execute_command(*command)


def test_the_docs_have_the_same_rights() -> None:
    [rights] = [line for line in USERS.read_text().splitlines() if line.startswith("user bridge")]
    assert rights in (ROOT / "docs/operations.md").read_text()
