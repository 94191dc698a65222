"""Traces: their names, which every release must make alike, and that nobody pays for them while they are off."""

import re
import subprocess
import sys
from pathlib import Path

from interconnections.traces import marks
from interconnections.traces.message import Traced
from interconnections.wire import HttpWire

ROOT = Path(__file__).resolve().parents[2]
MESSAGE = Traced("5701a00000abcde", "salesforce", 12, "ventas")


def test_old_and_new_processes_name_a_trace_alike() -> None:
    assert [f"{id:x}" for id in MESSAGE.ids()] == ["a79dd2eea1b39edd1282dcca4e4e80ff", "bb236a04219271b7"]


def test_the_bot_is_no_part_of_the_name() -> None:
    assert Traced("5701a00000abcde", "salesforce", 12, "soporte").ids() == MESSAGE.ids()


def test_the_command_of_the_docs_finds_the_trace() -> None:
    page = (ROOT / "docs/operations.md").read_text()
    [program] = re.findall(r'^    python -c "(.*)" 5701a00000abcde/salesforce/12$', page, re.MULTILINE)
    told = subprocess.run(
        [sys.executable, "-c", program, "5701a00000abcde/salesforce/12"], capture_output=True, text=True, check=True
    )
    assert int(told.stdout, 16) == MESSAGE.ids()[0]


def test_while_they_are_off_wires_stay_as_they_are() -> None:
    wire = HttpWire.__new__(HttpWire)
    assert marks.traced_wire(wire, "yalo") is wire
    assert marks.asked() == 0


def test_while_they_are_off_nothing_of_theirs_is_imported() -> None:
    """redis-py imports what it finds of OpenTelemetry, and does nothing with it."""
    program = (
        "import django; django.setup(); import sys, bridgeproject.asgi, interconnections.worker.worker;"
        "from interconnections.traces.marks import open_traces; open_traces('worker');"
        "sys.exit(bool({'interconnections.traces.otlp', 'opentelemetry.exporter'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=60).returncode == 0
