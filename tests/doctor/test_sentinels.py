"""The Sentinels: what each of them tells, and what a doctor makes of it."""

import ssl
from dataclasses import replace

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from interconnections.doctor.findings import Level
from interconnections.doctor.sentinels import sentinel_findings
from interconnections.store.address import Sentinels
from interconnections.store.sentinel_info import REFUSED, Told
from interconnections.store.trouble import told_by
from tests.doctor.conftest import levels

WELL = Told("a:26379", "", ("bridge",), "10.0.0.5:6379", False, 3)
AWAY, GUARDED = Told("b:26379", "ConnectionError"), Told("b:26379", REFUSED)
OTHER = Told("b:26379", "", ("mymaster", "theirs"))
ELSEWHERE = replace(WELL, address="c:26379", master="10.0.0.6:6379")


def test_three_that_agree():
    [finding] = sentinel_findings([WELL, WELL, WELL], 1)
    assert (finding.level, finding.what) == (Level.OK, "3 Sentinels name 10.0.0.5:6379 as the master")


@pytest.mark.parametrize(
    ("told", "replicas", "level", "words"),
    [
        ([WELL, AWAY, WELL], 1, Level.WARNING, "the Sentinel at b:26379 does not answer (ConnectionError)"),
        ([replace(AWAY, sentinels=3)], None, Level.ERROR, "does not answer"),
        ([WELL, GUARDED, WELL], 1, Level.WARNING, "b:26379 refuses our password or user"),
        ([GUARDED], None, Level.ERROR, "refuses our password or user"),
        ([WELL, OTHER, WELL], 1, Level.WARNING, "b:26379 watches no such service"),
        ([OTHER], None, Level.ERROR, "watches no such service"),
        ([WELL, ELSEWHERE, WELL], 1, Level.WARNING, "disagree on the master: 10.0.0.5:6379, 10.0.0.6:6379"),
        ([WELL, replace(WELL, down=True), WELL], None, Level.WARNING, "find that the master 10.0.0.5:6379 is down"),
        ([WELL], 1, Level.WARNING, "there are 3 Sentinels, and REDIS_SENTINELS names 1"),
        ([WELL, WELL, WELL], 0, Level.WARNING, "no server could take over"),
    ],
)
def test_a_trouble_and_its_finding(told, replicas, level, words):
    findings = [found for found in sentinel_findings(told, replicas) if words in found.what]
    assert [found.level for found in findings] == [level]
    assert all(found.mend for found in findings)
    assert Level.OK not in {found.level for found in sentinel_findings(told, replicas)}


def test_the_services_that_are_there_are_named():
    assert "mymaster, theirs" in sentinel_findings([OTHER], None)[0].mend


def test_what_stood_in_the_way_is_told_without_an_address():
    def wrapped(cause: Exception) -> RedisConnectionError:
        error = RedisConnectionError("connecting to 10.0.0.5:6379")
        error.__cause__ = cause
        return error

    expired = ssl.SSLCertVerificationError("…")
    expired.verify_message = "certificate has expired"
    assert told_by(wrapped(expired)) == "its certificate is not believed: certificate has expired"
    assert told_by(wrapped(ssl.SSLError("wrong version number"))) == "it speaks no TLS with us"
    assert told_by(wrapped(FileNotFoundError("/etc/ca.pem"))) == "a file that REDIS_URL names is not there"
    assert told_by(wrapped(ConnectionRefusedError())) == "ConnectionError"


def test_the_doctor_asks_them(doctor, settings):
    settings.REDIS_URL, settings.REDIS_SENTINELS = "redis://sentinels/0", Sentinels([("127.0.0.1", 1)], "bridge")
    code, found, _ = doctor("--json")
    assert code == 1
    assert "the Sentinel at 127.0.0.1:1 does not answer (ConnectionError)" in levels(found, "error")
    assert "no Sentinel names a master: webhooks are answered 503, nothing is carried" in levels(found, "error")
