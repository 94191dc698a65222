"""The doctor's calculator: what conversations take of Redis' memory, and how many more fit."""

from dataclasses import replace

import pytest
from redis import Redis

from interconnections.doctor.room import room_findings
from interconnections.lifecycle import OPEN
from interconnections.store.connection import connect
from interconnections.store.footprint import Footprint, footprint
from tests.admin import seed_history
from tests.doctor.conftest import levels
from tests.doctor.test_server import GOOD

KIB, GIB = 2**10, 2**30
SERVER = replace(GOOD, used=GIB // 2, limit=GIB)
TAKEN = Footprint(open=8 * KIB, closed=4 * KIB, measured=100, ended_a_day=1000.0)


@pytest.fixture
def seeded(redis, server):
    """Writes conversations, and nothing else is there; returns them."""

    def write(size):
        redis.flushall()
        with Redis.from_url(server.url) as raw:
            return seed_history.many(raw, size)

    return write


@pytest.fixture
def measured(redis, server, settings):
    """What the bridge's own user, of few rights, may find out."""

    async def ask():
        settings.REDIS_URL = server.least_url
        client = connect()
        try:
            return await footprint(client)
        finally:
            await client.aclose()

    return ask


async def test_what_is_measured_is_what_redis_needed(redis, seeded, measured):
    seeded(4)  # with the scripts that it takes
    before = redis.info("memory")["used_memory"]
    rows = seeded(2000)
    grown = redis.info("memory")["used_memory"] - before
    taken = await measured()
    open_ones = sum(row.status in OPEN for row in rows)
    told = open_ones * taken.open + (len(rows) - open_ones) * taken.closed
    assert told == pytest.approx(grown, rel=0.2)
    assert taken.measured == 100


async def test_an_empty_store_has_nothing_to_measure(measured):
    assert room_findings(SERVER, await measured()) == []


async def test_a_server_that_does_not_tell_is_asked_no_more(redis, seeded, measured):
    redis.execute_command("ACL", "SETUSER", "bridge", "-memory|usage")
    seeded(4)
    try:
        assert await measured() is None
    finally:
        redis.execute_command("ACL", "SETUSER", "bridge", "+memory|usage")
    assert room_findings(SERVER, None) == []


def test_how_many_fit_is_said_with_the_days_they_last():
    [finding] = room_findings(SERVER, TAKEN)
    assert "an open conversation takes 8.0 KiB, an ended conversation takes 4.0 KiB" in finding.what
    assert "117964 more fit into 95% of maxmemory, 118 days of last week's traffic" in finding.what


def test_a_full_server_has_room_for_none():
    assert "; 0 more fit" in room_findings(replace(SERVER, used=GIB), TAKEN)[0].what


def test_where_nothing_has_ended_yet_an_open_one_is_the_measure():
    [finding] = room_findings(SERVER, replace(TAKEN, closed=0, ended_a_day=0.0))
    assert "ended" not in finding.what
    assert "58982 more fit into 95% of maxmemory" in finding.what
    assert "traffic" not in finding.what


def test_the_doctor_says_it(doctor, seeded):
    seeded(8)
    _, found, _ = doctor("--json")
    assert [what for what in levels(found, "ok") if what.startswith("measured on 8: an open conversation takes ")]
