"""What is forked behaves as what is started."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.processes import ROOT, Process, until

TELLING = """
import json, os, sys
print(json.dumps([sys.argv[1:], dict(os.environ), os.getcwd(), sys.path[0], os.getsid(0) == os.getpid()]))
os.write(int(sys.argv[1]), b"here")
sys.exit(3)
"""
WAITING = "import signal; print('up', flush=True); signal.pause()"
ways = pytest.mark.parametrize("begin", [Process.begin, subprocess.Popen], ids=["forked", "started"])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture(autouse=True)
def way(begin: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Process, "begin", begin)


@ways
def test_a_program_has_its_words_its_environment_and_its_descriptors_and_no_others(tmp_path: Path, log: Path) -> None:
    program = tmp_path / "telling.py"
    program.write_text(TELLING)
    heard, said = os.pipe()
    env = {"PATH": os.environ["PATH"], "ONLY": "this"}
    process = Process("telling", [sys.executable, str(program), str(said)], env, log, cwd=tmp_path, pass_fds=(said,))
    os.close(said)
    with open(heard, "rb") as pipe:
        assert pipe.read() == b"here"  # to its end: nobody else holds the other side
    assert process.popen.wait(60) == 3
    words, seen, cwd, path, leads = json.loads(log.read_text())
    assert (words, cwd, path, leads) == ([str(said)], str(tmp_path), str(tmp_path), True)
    assert {name: value for name, value in seen.items() if name != "LC_CTYPE"} == env


@ways
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_it_is_known_by_which_signal_it_ended(log: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    process = Process("waiting", [sys.executable, "-c", WAITING], {}, log)
    until("it is up", lambda: process.tail() == "up\n", [process])
    with pytest.raises(subprocess.TimeoutExpired):
        process.popen.wait(0.01)
    process.signal(number)
    assert process.popen.wait(60) == -number
    process.signal(number)  # to nobody
    with monkeypatch.context() as patch:
        patch.setattr(process.popen, "poll", lambda: None)
        process.signal(number)  # nor to one of whose end nobody was told yet
    assert not process.alive()


@ways
def test_what_it_fails_with_is_in_its_log(log: Path) -> None:
    assert Process("failing", [sys.executable, "-m", "nowhere"], {}, log, cwd=ROOT).popen.wait(60) == 1
    assert "nowhere" in log.read_text()
