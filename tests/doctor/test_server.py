"""What the facts of a Redis server mean: versions, memory, replicas and clocks that no test machine has."""

from dataclasses import replace

import pytest

from interconnections.doctor.findings import Level
from interconnections.doctor.server import away, server_findings
from interconnections.store.server_info import Server

GOOD = Server(
    version="7.2.4", valkey=False, role="master", appendonly=True, appended=True, appendfsync="everysec",
    policy="noeviction", used=100, limit=1000, machine=10_000, replica_lags=(0, 1), latency=0.2, clock=0.01,
    scripts=True, functions=True,
)  # fmt: skip


def test_a_good_server():
    assert {finding.level for finding in server_findings(GOOD)} == {Level.OK}


@pytest.mark.parametrize(
    ("facts", "level", "words"),
    [
        ({"version": "6.2.14"}, Level.ERROR, "too old"),
        ({"version": "nonsense"}, Level.ERROR, "too old"),
        ({"scripts": False}, Level.ERROR, "refuses our scripts"),
        ({"functions": False}, Level.WARNING, "no functions"),
        ({"role": "slave"}, Level.ERROR, "takes no writes"),
        ({"replica_lags": (0, 60)}, Level.WARNING, "60 s behind"),
        ({"appendonly": False}, Level.ERROR, "appendonly is off"),
        ({"appended": False}, Level.ERROR, "last write"),
        ({"appendfsync": "no"}, Level.WARNING, "appendfsync is no"),
        ({"appendfsync": None}, Level.WARNING, "does not tell"),
        ({"policy": "volatile-lru"}, Level.ERROR, "throws conversations away"),
        ({"policy": "volatile-lru", "limit": 0}, Level.WARNING, "throws conversations away"),
        ({"used": 850}, Level.WARNING, "85% of maxmemory"),
        ({"used": 960}, Level.ERROR, "refused soon"),
        ({"used": 9_000, "limit": 0}, Level.WARNING, "90% of the machine's memory"),
        ({"latency": 12.0}, Level.WARNING, "12.0 ms"),
        ({"clock": -61.0}, Level.WARNING, "61 s apart"),
    ],
)
def test_a_fact_and_its_finding(facts, level, words):
    [finding] = [found for found in server_findings(replace(GOOD, **facts)) if found.level is not Level.OK]
    assert finding.level is level
    assert words in finding.what
    assert finding.mend


@pytest.mark.parametrize("version", ["8.1.8", "9.1.2"])
def test_any_valkey_will_do(version):
    assert server_findings(replace(GOOD, valkey=True, version=version))[0].what == f"Valkey {version}"


def test_a_refused_password_is_told_apart():
    assert "refuses our password" in away("AuthenticationError").what
    assert "does not answer" in away("ConnectionError").what
