"""What the systemd units start, with the environment that they give it and no more, carries a conversation."""

import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest

from simulator.processes import ROOT, Process
from simulator.stage import BotCaller, Stage
from tests.story.conversation import Conversation

UNITS = ROOT / "deploy/systemd"
PROGRAMS = {"uvicorn": ["-m", "uvicorn"], "python": []}  # of the units' .venv, as arguments of this one's Python
FILE = """\
# as docs/operations.md has it
PUBLIC_URL=https://bridge.example.net
ALLOWED_HOSTS=bridge.example.net,127.0.0.1
TRUSTED_PROXIES=127.0.0.1
"""


class Unit:
    """A .service file, read as systemd reads it."""

    def __init__(self, name: str, etc: Path) -> None:
        self._text, self._etc = (UNITS / name).read_text(), etc

    def lines(self, word: str) -> list[str]:
        return re.findall(rf"^{word}=(.*)$", self._text, re.MULTILINE)

    def environment(self) -> dict[str, str]:
        """Beside what systemd itself gives to everything that it starts."""
        [file] = self.lines("EnvironmentFile")
        pairs = [line for line in self._here(file).read_text().splitlines() if "=" in line]
        pairs += [
            pair.replace("%d", str(self._credentials)) for line in self.lines("Environment") for pair in line.split()
        ]
        return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | dict(pair.split("=", 1) for pair in pairs)

    def command(self) -> list[str]:
        [line] = self.lines("ExecStart")
        program, *arguments = shlex.split(line)
        return [*PROGRAMS[Path(program).name], *arguments]

    @cached_property
    def _credentials(self) -> Path:
        """A folder with a copy of each secret, that only the unit reads."""
        folder = Path(tempfile.mkdtemp(dir=self._etc))
        for name, source in (line.split(":") for line in self.lines("LoadCredential")):
            (folder / name).write_bytes(self._here(source).read_bytes())
        return folder

    def _here(self, path: str) -> Path:
        return self._etc / Path(path).relative_to("/etc/bridge")


class UnitStage(Stage):
    def __init__(self, etc: Path) -> None:
        super().__init__(workers=2)
        self.etc = etc

    def _prepare(self) -> None:
        super()._prepare()
        (self.etc / "secrets").mkdir()
        (self.etc / "bridge.env").write_text(FILE)
        for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "REDIS_URL", "DATABASE_URL"):
            secret = self.etc / "secrets" / name.lower().replace("_", "-")
            secret.write_text(f"{self.env[name]}\n")

    def _start(self, name: str, unit: str, *instead: tuple[str, str]) -> Process:
        read = Unit(unit, self.etc)
        words = dict(instead)
        return self._spawn(name, [words.get(word, word) for word in read.command()], env=read.environment())

    def start_web(self) -> Process:
        port = str(self._place.getsockname()[1])
        self._place.close()  # ours until now; the unit binds for itself
        self.web = self._start("web", "bridge-web.service", ("8000", port))
        return self.web

    def start_worker(self) -> Process:
        worker = self._start(f"worker-{len(self.workers)}", "bridge-worker@.service")
        self.workers.append(worker)
        return worker


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[UnitStage]:
    """Started, not forked, as systemd would."""
    monkeypatch.setattr(Process, "begin", subprocess.Popen)
    with UnitStage(tmp_path) as stage:
        yield stage


def test_the_units_carry_a_conversation_and_end_when_told(stage: UnitStage, user: str) -> None:
    talk = Conversation(stage, BotCaller(stage.url), user)
    talk.connect()
    talk.accept()
    talk.say("hola")
    talk.answer("buenas")
    assert talk.whole()
    stage.world.act(talk.chat, "end")
    assert talk.states() == ["from-sf-success"]
    assert [worker.stop() for worker in stage.workers] == [0, 0]
    assert stage.web.stop() in (0, -15)
    assert [each.name for each in (stage.web, *stage.workers) if "Traceback" in each.log.read_text()] == []
