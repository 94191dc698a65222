"""The database of a stage before anything is configured: migrated, and with a supervisor who can log in.

Making one takes three of the seconds that a stage needs to stand, and what comes of it depends on the code alone.  So
a SQLite file is made once for each state of a release's code, under its var/, and copied: whoever comes first makes
it, and others who come meanwhile wait for it.
"""

import fcntl
import hashlib
import os
import shutil
from pathlib import Path

from simulator.configuration import LOGIN
from simulator.processes import manage

SQLITE = "sqlite:///"
CODE = ("interconnections", "bridgeproject")


def lay_out(env: dict[str, str], release: Path) -> None:
    """Have one where `DATABASE_URL` points."""
    if not env["DATABASE_URL"].startswith(SQLITE):
        _make(env, release)
        return
    shelf = release / "var" / "empty_databases"
    shelf.mkdir(parents=True, exist_ok=True)
    made = shelf / f"{_state(release)}.sqlite3"
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for earlier in shelf.glob("*.sqlite3*"):
                earlier.unlink()
            unfinished = made.with_suffix(".new")  # killed half-way, it is not taken for a whole one
            unfinished.unlink(missing_ok=True)
            _make(env | {"DATABASE_URL": f"{SQLITE}{unfinished}"}, release)
            os.replace(unfinished, made)
        shutil.copy(made, env["DATABASE_URL"].removeprefix(SQLITE))


def _make(env: dict[str, str], release: Path) -> None:
    name, password = LOGIN
    manage(
        env | {"DJANGO_SUPERUSER_PASSWORD": password},
        ["migrate", "--verbosity", "0"],
        ["createsuperuser", "--noinput", "--username", name, "--email", "demo@example.org"],
        cwd=release,
    )


def _state(release: Path) -> str:
    """Of the code and of what it is installed with: permissions and roles come of it as well as tables."""
    digest = hashlib.sha256((release / "requirements.txt").read_bytes() + Path(__file__).read_bytes())
    for path in sorted(path for folder in CODE for path in (release / folder).rglob("*.py")):
        digest.update(str(path.relative_to(release)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
