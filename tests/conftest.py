"""What all tests share: an empty Redis of their own, and the ways to it."""

import os
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import hypothesis
import pytest
import redis
from django.apps import apps
from django.conf import settings
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker
from servestatic.middleware import ServeStaticMiddleware
from servestatic.responders import Redirect, StaticFile

from interconnections import threads
from interconnections.store.connection import AsyncRedis, connect
from simulator.processes import Process
from tests import forks
from tests.weaknesses import COVERED


def pytest_configure() -> None:
    """Whoever logs in within a test's own process is hashed in no time; the stage's processes hash as the product."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    hypothesis.settings.register_profile(
        "busy machine", deadline=None
    )  # else as its own, or its `ci` where CI is set
    hypothesis.settings.load_profile("busy machine")
    look_for_static_files_once()
    Process.begin = forks.begin


def look_for_static_files_once() -> None:
    """Each of Django's test clients builds the middleware anew, and this one looks at every file: 0.1 s a client."""
    really = ServeStaticMiddleware.add_files_from_finders
    found: dict[str, StaticFile | Redirect] = {}

    def add_files_from_finders(self: ServeStaticMiddleware) -> None:
        if not found:
            really(self)
            found.update(self.files)
        self.files.update(found)

    ServeStaticMiddleware.add_files_from_finders = add_files_from_finders


@pytest.fixture(scope="session")
def own_redis() -> Iterator[redis.Redis]:
    """The tests' own server (tests/environment.py); one connection, as each costs more than most tests do."""
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    yield client
    client.close()


@pytest.fixture(autouse=True)
def empty_redis(own_redis: redis.Redis) -> None:
    """Empty at each test's beginning."""
    own_redis.flushall()


@pytest.fixture(autouse=True)
def nobodys_language() -> Iterator[None]:
    """A page that was asked for in Spanish leaves its language behind, in this thread."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def own_threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test without a database meets no thread in which one before it left a connection open: that is refused."""
    if request.node.get_closest_marker("django_db"):
        yield
        return
    pools = {purpose: ThreadPoolExecutor(count, purpose) for purpose, count in threads.THREADS.items()}
    monkeypatch.setattr(threads, "_pools", pools)
    yield
    for pool in pools.values():
        pool.shutdown(wait=False)


@pytest.fixture(scope="module")
def roles_again(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For tests with transactions of their own: the last leaves empty tables, in which others look for the roles."""
    yield
    with django_db_blocker.unblock():
        for name, makes in (
            ("0002_roles", "add_roles"),
            ("0004_dead_letters", "add_rights"),
            ("0011_console_roles", "add_groups"),
        ):
            getattr(import_module(f"interconnections.migrations.{name}"), makes)(apps, None)


@pytest.fixture
async def store() -> AsyncIterator[AsyncRedis]:
    client = connect()
    yield client
    await client.aclose()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that the table of weaknesses names carries their numbers: `-m weakness`, `-k W14`."""
    for item in items:
        name = item.nodeid.removeprefix("tests/")
        for weakness, tests in COVERED.items():
            if name.startswith(tests):
                item.add_marker(pytest.mark.weakness(weakness))
                item.extra_keyword_matches.add(weakness)
