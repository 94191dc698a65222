"""The processes that share out the tests tell each other of everything."""

import subprocess
import sys
from pathlib import Path

from simulator.processes import ROOT

FAILING = """
def test_half_an_emoji():
    assert "\\ud83d" == ""

def test_nothing():
    pass
"""


def test_a_failure_that_shows_half_an_emoji_ends_no_run(tmp_path: Path) -> None:
    file = tmp_path / "test_failing.py"
    file.write_text(FAILING)
    words = [
        "-n",
        "1",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        "--confcutdir",
        str(tmp_path),
        str(file),
    ]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", *words],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "1 failed, 1 passed" in run.stdout, run.stdout
    assert "\\ud83d" in run.stdout
