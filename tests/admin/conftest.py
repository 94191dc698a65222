"""A Redis of the admin's own: one database holds 10,000 interconnections, the other is empty for each test."""

import asyncio

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from redis import Redis

from interconnections.store.connection import connect
from simulator.redis_server import RedisServer
from tests.admin import seed_history

SIZE = 10_000
QUIET = {"config", "hello", "client", "select", "ping", "script"}
MARK = "the-block-is-over"


@pytest.fixture(scope="session")
def server():
    server = RedisServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def many_rows(server):
    """10,000 interconnections, newest first, in database 0."""
    with Redis.from_url(f"unix://{server.socket}?db=0") as redis:
        return seed_history.many(redis, SIZE)


@pytest.fixture(autouse=True)
def addresses(monkeypatch):
    """Past Django's signal, at which it forgets all addresses and reads them anew, for this test and after it."""
    monkeypatch.setattr(settings, "ROOT_URLCONF", "tests.admin.urls")


def look_at(settings, url):
    settings.REDIS_URL = url
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": url}}


@pytest.fixture
def full(settings, server, many_rows):
    """Pages look at the 10,000."""
    look_at(settings, f"unix://{server.socket}?db=0")
    return many_rows


@pytest.fixture
def small(settings, server):
    """Pages look at an empty store."""
    url = f"unix://{server.socket}?db=1"
    with Redis.from_url(url) as redis:
        redis.flushdb()
        look_at(settings, url)
        yield redis


@pytest.fixture
def away(settings, tmp_path):
    look_at(settings, f"unix://{tmp_path}/nobody.sock?db=0")


@pytest.fixture
def tell(small):
    """Write one conversation into the small store; returns its session id."""

    def story(**told):
        async def write():
            redis = connect()
            try:
                return await seed_history.conversation(redis, **told)
            finally:
                await redis.aclose()

        return asyncio.run(write())

    return story


@pytest.fixture
def commands(server):
    """What Redis was asked while the block ran: a list of words for each command; `inside`: those of scripts."""

    class Commands(list):
        def __enter__(self):
            self.monitor = redis.monitor()
            self.monitor.__enter__()

        def __exit__(self, *error):
            asker.execute_command("ECHO", MARK)
            told = list(iter(lambda: heard(self.monitor), None))
            self.monitor.__exit__(*error)
            self[:] = [words for words, lua in told if not lua]
            self.inside = [words for words, lua in told if lua]

        @property
        def names(self):
            return {command[0].casefold() for command in (*self, *self.inside)}

    def heard(monitor):
        """None at the mark."""
        while True:
            told = monitor.next_command()
            words = told["command"].split(" ")
            if MARK in words:
                return None
            if words[0].casefold() not in QUIET:
                return words, told["client_type"] == "lua"

    with (
        Redis.from_url(f"unix://{server.socket}?db=0") as redis,
        Redis.from_url(f"unix://{server.socket}?db=0") as asker,
    ):
        yield Commands()


def person(name, *permissions, **more):
    user = User.objects.create_user(name, password="long enough", is_staff=True, **more)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def viewer(client, db):
    """A browser of someone who may view interconnections, and nothing else."""
    client.force_login(person("viewer", "view_interconnection"))
    return client


@pytest.fixture
def knower(client, db):
    """May see who the people are, where they ask to; searches by who they are."""
    client.force_login(person("nora", "view_interconnection", "unmask_interconnection"))
    return client


@pytest.fixture
def stranger(client, db):
    """Staff without any permission."""
    client.force_login(person("stranger"))
    return client


@pytest.fixture
def chief(client, db):
    client.force_login(person("chief", is_superuser=True))
    return client


@pytest.fixture
def closer(client, db):
    """A supervisor: may look, and end conversations."""
    client.force_login(person("ada", "view_interconnection", "close_interconnection"))
    return client
