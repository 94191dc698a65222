"""Other releases of the bridge, taken from git, and what their logs tell of faults."""

import re
import subprocess
from pathlib import Path

import pytest

from simulator.processes import ROOT, Process


def unpacked(commit: str, factory: pytest.TempPathFactory) -> Path:
    """Its code, in a folder of its own."""
    git = ["git", "-C", str(ROOT)]
    if subprocess.run([*git, "cat-file", "-e", f"{commit}^{{commit}}"], capture_output=True).returncode:
        pytest.skip(f"the release {commit} is not in this clone: git fetch --unshallow")
    folder = factory.mktemp(commit)
    archive = subprocess.run([*git, "archive", commit], capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder


def faults(*processes: Process) -> list[str]:
    """Lines of their logs that tell of a fault of ours."""
    lines = [line for each in processes for line in each.log.read_text(errors="replace").splitlines()]
    return [line for line in lines if re.search(r"Traceback|\[error|\[critical|cannot be|stumbled", line)]
