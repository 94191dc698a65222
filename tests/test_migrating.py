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


def migrating(url: str) -> subprocess.Popen[str]:
    env = Stage(redis_url="redis://127.0.0.1:1").environment() | {"DATABASE_URL": url}
    return subprocess.Popen(
        [sys.executable, "-u", "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


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


def tables(url: str) -> int:
    with psycopg.connect(url) as server:
        found = server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert found
    return int(found[0])
