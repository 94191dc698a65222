"""A migrated, empty SQLite file for a stage, made once for each state of a release's code.

Migrating takes two of the seconds that a stage needs to stand, and what comes of it depends on the code alone.  The
file lies under the release's var/; whoever comes first makes it, and others who come meanwhile wait for it.
"""

import fcntl
import hashlib
import os
import shutil
from pathlib import Path

from simulator.processes import manage

SQLITE = "sqlite:///"
CODE = ("interconnections", "bridgeproject")


def lay_out(release: Path, env: dict[str, str]) -> None:
    """Copy it to where `DATABASE_URL` (a SQLite file) points."""
    shelf = release / "var" / "migrated"
    shelf.mkdir(parents=True, exist_ok=True)
    made = shelf / f"{_state(release)}.sqlite3"
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for earlier in shelf.glob("*.sqlite3*"):
                earlier.unlink()
            _make(made, release, env)
        shutil.copy(made, env["DATABASE_URL"].removeprefix(SQLITE))


def _make(made: Path, release: Path, env: dict[str, str]) -> None:
    unfinished = made.with_suffix(".sqlite3.new")  # killed half-way, it is not taken for a whole one
    manage(env | {"DATABASE_URL": f"{SQLITE}{unfinished}"}, ["migrate", "--verbosity", "0"], cwd=release)
    os.replace(unfinished, made)


def _state(release: Path) -> str:
    """Of the code and of what it is installed with: permissions and roles come of it as well as tables."""
    digest = hashlib.sha256((release / "requirements.txt").read_bytes())
    for path in sorted(path for folder in CODE for path in (release / folder).rglob("*.py")):
        digest.update(str(path.relative_to(release)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
