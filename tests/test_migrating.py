"""Pods of one roll-out migrate at the same time: on a real PostgreSQL, one after the other."""

import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from interconnections.management.commands.migrate import LOCK
from simulator.postgres_server import PostgresServer
from simulator.processes import ROOT, until
from simulator.stage import Stage
from tests.postgres import postgres_or_skip

AT_ONCE = 3


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    with postgres_or_skip() as server:
        yield server


def managing(url: str, *arguments: str) -> subprocess.Popen[str]:
    env = Stage(redis_url="redis://127.0.0.1:1").environment() | {"DATABASE_URL": url}
    return subprocess.Popen(
        [sys.executable, "-u", "manage.py", *arguments],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def migrating(url: str) -> subprocess.Popen[str]:
    return managing(url, "migrate", "--verbosity", "0")


def test_several_that_begin_together_make_the_tables_once(postgres: PostgresServer) -> None:
    together = [migrating(postgres.url) for _ in range(AT_ONCE)]
    told = [process.communicate(timeout=120)[0] for process in together]
    assert [process.returncode for process in together] == [0] * AT_ONCE, told


def test_who_comes_second_says_that_it_waits_and_a_death_lets_it_in(postgres: PostgresServer) -> None:
    with psycopg.connect(postgres.url) as first:
        first.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        second = migrating(postgres.url)
        assert second.stdout
        assert second.stdout.readline() == "Another process migrates this database: waiting for it.\n"
        assert tables(postgres.url) == 0
        first.execute("SELECT 1")
    until("the other migrates", lambda: second.poll() is not None, [])
    assert second.returncode == 0
    assert tables(postgres.url) > 0


def test_who_waits_is_in_nobodys_way(postgres: PostgresServer) -> None:
    """An index that is made CONCURRENTLY waits for every snapshot that somebody holds."""
    with psycopg.connect(postgres.url) as first, psycopg.connect(postgres.url, autocommit=True) as beside:
        beside.execute("CREATE SCHEMA elsewhere")
        beside.execute("CREATE TABLE elsewhere.things (name text)")
        first.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        first.execute("SELECT 1")  # without parameters: it holds no snapshot
        second = migrating(postgres.url)
        assert second.stdout
        assert second.stdout.readline().startswith("Another process migrates")
        beside.execute("SET statement_timeout = '20s'")
        beside.execute("CREATE INDEX CONCURRENTLY ON elsewhere.things (name)")
    assert second.wait(timeout=120) == 0


INDEXING = """
from django.db import connection
from interconnections.management.commands.migrate import alone
with alone("default", print), connection.cursor() as cursor:
    cursor.execute("SET statement_timeout = '20s'")
    cursor.execute("CREATE TABLE things (name text)")
    cursor.execute("CREATE INDEX CONCURRENTLY ON things (name)")
"""


def test_who_migrates_does_not_wait_for_itself(postgres: PostgresServer) -> None:
    indexing = managing(postgres.url, "shell", "--no-imports", "--command", INDEXING)
    told = indexing.communicate(timeout=120)[0]
    assert (indexing.returncode, told) == (0, "")


def tables(url: str) -> int:
    with psycopg.connect(url) as server:
        found = server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert found
    return int(found[0])
