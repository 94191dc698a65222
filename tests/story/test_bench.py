"""`make bench` runs whole, bridge and floor, whatever the bridge has learnt since its figures were last taken."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import RUNS
from benchmarks.console import PAGES, WATCHERS
from simulator.processes import ROOT

TINY = ["--sessions", "5", "--rate", "20", "--seconds", "0.5", "--rounds", "1"]


@pytest.mark.parametrize("desk", RUNS)
def test_it_plays_every_phase_and_loses_nothing(desk: str, tmp_path: Path) -> None:
    told = tmp_path / "bench.json"
    command = [sys.executable, "-m", "benchmarks", *TINY, "--desk", desk, "--json", str(told)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "lost 0, out of order 0, repeated 0, wrong on the wire 0" in done.stdout
    phases = json.loads(told.read_text())["desks"][desk]["phases"]
    assert {(phase["name"], phase["who"]) for phase in phases} == {
        (name, who) for name in ("agent to user", "user to agent", "flood", "idle") for who in ("bridge", "floor")
    }


def test_alone_the_bridge_is_measured_without_a_floor(tmp_path: Path) -> None:
    told = tmp_path / "bench.json"
    command = [sys.executable, "-m", "benchmarks", *TINY, "--alone", "--desk", "live_agent", "--json", str(told)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads(told.read_text())["desks"]["live_agent"]["figures"]
    assert {row["floor"] for row in figures} == {None}
    assert all(row["bridge"] is not None for row in figures if row["phase"] == "agent to user")


def test_the_console_is_measured_page_by_page() -> None:
    command = [sys.executable, "-m", "benchmarks.console", "--conversations", "60", "--seconds", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    for page in (*PAGES, "list, nothing new", "conversation, nothing new"):
        [commands] = re.findall(rf"^{page} +[\d.]+ +[\d.]+ +(\d+)$", done.stdout, re.MULTILINE)
        assert int(commands) <= 60, page
    [frames] = re.findall(r"changes a second +[\d.]+ +[\d.]+ +(\d+)$", done.stdout, re.MULTILINE)
    assert int(frames) >= WATCHERS
