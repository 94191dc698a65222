"""The configuration is read anew when somebody wrote, and only then."""

import sqlite3
import threading

import pytest
from django.db import connection
from structlog.testing import capture_logs

from interconnections import directory
from interconnections.directory import changes

sqlite_alone = pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite's files")


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A database that another connection writes; what is told of it."""
    name = str(tmp_path / "config.sqlite3")
    other = sqlite3.connect(name, isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("CREATE TABLE bot (slug TEXT)")
    monkeypatch.setitem(connection.settings_dict, "NAME", name)
    yield other
    other.close()


@sqlite_alone
def test_every_commit_changes_the_token_and_no_reading_does(written, monkeypatch):
    monkeypatch.setattr(changes, "JUST_NOW", 0)
    seen = [changes.token()]
    for number in range(20):
        written.execute("INSERT INTO bot VALUES (?)", (str(number),))
        assert changes.token() not in seen
        seen.append(changes.token())
        written.execute("SELECT * FROM bot").fetchall()
        assert changes.token() == seen[-1]


@sqlite_alone
def test_while_somebody_writes_nothing_is_told(written, monkeypatch):
    monkeypatch.setattr(changes, "JUST_NOW", 10**15)
    assert changes.token() is None


@sqlite_alone
def test_a_database_without_files_tells_nothing(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "NAME", "file:memory?mode=memory")
    assert changes.token() is None


class Reads:
    def __init__(self, monkeypatch):
        self.count, self.token, self.failing = 0, "one", False
        monkeypatch.setattr(directory, "token", lambda: self.token)
        monkeypatch.setattr(directory, "snapshot", self)
        monkeypatch.setattr(directory, "FRESH", 0.0)
        monkeypatch.setattr(directory, "STALE", 0.0)
        monkeypatch.setattr(directory, "WAITS", 60.0)  # a busy machine is no database that hangs
        self.thread = threading.current_thread()

    def __call__(self, before):
        assert threading.current_thread() is not self.thread
        self.count += 1
        if self.failing:
            raise OSError("away")
        return {"shop": self.count}


async def read(known):
    return (await known.bots())["shop"]


async def test_what_did_not_change_is_not_read_again(monkeypatch):
    reads, known = Reads(monkeypatch), directory.Directory()
    assert [await read(known) for _ in range(3)] == [1, 1, 1]
    reads.token = "another"
    assert [await read(known) for _ in range(3)] == [2, 2, 2]


async def test_where_nothing_is_told_all_is_read_each_time(monkeypatch):
    reads, known = Reads(monkeypatch), directory.Directory()
    reads.token = None
    assert [await read(known) for _ in range(3)] == [1, 2, 3]


async def test_all_is_read_after_a_while_whatever_is_told(monkeypatch):
    Reads(monkeypatch)
    known = directory.Directory()
    monkeypatch.setattr(directory, "WHOLE", 0.0)
    assert [await read(known) for _ in range(2)] == [1, 2]


async def test_what_could_not_be_read_is_read_again(monkeypatch):
    reads, known = Reads(monkeypatch), directory.Directory()
    assert await read(known) == 1
    reads.token, reads.failing = "another", True
    with capture_logs() as said:
        assert await read(known) == 1
        reads.failing = False
        await known._refresh()
        assert await read(known) == 3
    assert [line["event"] for line in said] == [
        "configuration not read, the last one serves on", "configuration read again",
    ]  # fmt: skip
