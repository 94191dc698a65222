"""The doctor says how far a rolling upgrade has come, and its steps stand in a table."""

import re

import pytest
from redis import Redis

from interconnections.doctor.findings import Level
from interconnections.doctor.releases import release_findings
from interconnections.store.keys import key
from interconnections.store.schema import OLDEST, SCHEMA
from interconnections.store.upgrade import Upgrade
from simulator.stage import ROOT
from tests.doctor.conftest import levels, now


@pytest.mark.parametrize(
    ("stored", "workers", "level", "words"),
    [
        (SCHEMA, (SCHEMA, SCHEMA), Level.OK, "that step may be finished"),
        (SCHEMA, (SCHEMA, SCHEMA - 1), Level.WARNING, "1 of 2 workers are of an earlier release"),
        (SCHEMA + 1, (SCHEMA,), Level.WARNING, "the next release is at work"),
        (SCHEMA, (SCHEMA, SCHEMA + 1), Level.WARNING, "the next release is at work"),
    ],
)
def test_an_upgrade_and_its_finding(stored, workers, level, words):
    [finding] = release_findings(Upgrade(stored, workers))
    assert finding.level is level
    assert words in finding.what


@pytest.mark.parametrize(("stored", "workers"), [(None, ()), (SCHEMA, ()), (None, (SCHEMA,))])
def test_where_nobody_works_nothing_can_be_said(stored, workers):
    assert release_findings(Upgrade(stored, workers)) == []


def test_a_worker_that_does_not_say_is_of_an_earlier_release(doctor, redis):
    redis.set(key("schema"), SCHEMA)
    redis.zadd(key("workers"), {"old": now(redis) + 600_000, "gone": now(redis) - 1000})
    _, found, _ = doctor("--json")
    assert [what for what in levels(found, "warning") if what.startswith("1 of 2 workers are of an earlier release")]


def test_real_workers_say_in_what_they_write(stage):
    with Redis.from_url(stage.redis.url, decode_responses=True) as redis:
        [worker] = redis.zrange(key("workers"), 0, -1)
        assert redis.hget(key("report", worker), "schema") == str(SCHEMA)


def test_the_table_has_every_step_that_this_release_knows():
    page = (ROOT / "docs/operations.md").read_text().partition("**Steps of the store.**")[2]
    rows = [int(number) for number in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)]
    assert rows == list(range(OLDEST, SCHEMA + 1))
