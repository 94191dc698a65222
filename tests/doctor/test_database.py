"""A database that is not to be had: what it said is told by its kind, and not quoted."""

from collections.abc import Iterator

import environ
import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from interconnections.doctor import database
from simulator.postgres_server import PostgresServer
from tests.postgres import postgres_or_skip


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    with postgres_or_skip() as server:
        yield server


def what(monkeypatch: pytest.MonkeyPatch, url: str) -> str:
    """The only finding, of a database that cannot be read."""
    row = environ.Env.db_url_config(url)
    row["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 2, "timeout": 60}, **row.get("OPTIONS", {})}
    connection = ConnectionHandler({"default": row})["default"]
    monkeypatch.setattr(database, "connection", connection)
    [finding], readable = database.database_findings()
    connection.close()
    assert (readable, bool(finding.mend)) == (False, True)
    return finding.what


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgres://bridge@/postgres?host={here}", "not migrated: "),
        ("postgres://bridge@/hunter2?host={here}", "the database does not know the database, or our user"),
        ("postgres://hunter2@/postgres?host={here}", "the database does not know the database, or our user"),
        ("postgres://bridge:hunter2@127.0.0.1:1/x", "the database does not answer: nobody listens there"),
        ("postgres://bridge@hunter2.invalid/x", "the database does not answer: there is no host of that name"),
        (
            "postgres://bridge@/postgres?host={here}&sslmode=hunter2",
            "the database does not answer (OperationalError)",
        ),
    ],
)
def test_what_stands_in_the_way_is_told(
    url: str, words: str, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = what(monkeypatch, url.format(here=postgres.directory))
    assert words in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('FATAL:  password authentication failed for user "bridge"', "refuses our password or user"),
        ('root certificate file "/etc/ca.pem" does not exist', "no file of its authority"),
        ("SSL error: certificate verify failed", "has a certificate that is not believed"),
        ('server certificate for "db" does not match host name "10.0.0.5"', "has a certificate for another host"),
        ("FATAL:  sorry, too many clients already", "has no connection left for us"),
        ("FATAL:  the database system is starting up", "is starting up"),
    ],
)
def test_what_other_servers_say(said: str, words: str) -> None:
    told = database.away(OperationalError(f'connection failed: connection to server at "10.0.0.5" failed: {said}'))
    assert words in told.what
    assert "10.0.0.5" not in told.what
