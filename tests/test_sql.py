"""The tests of what is in SQL, once more on PostgreSQL; all others have SQLite."""

import os
import subprocess
import sys
from pathlib import Path

from tests.postgres import postgres_or_skip

ROOT = Path(__file__).resolve().parent.parent
IN_SQL = (
    "tests/configuration",
    "tests/records/test_configuration.py",
    "tests/admin/test_people.py",
    "tests/admin/test_roles.py",
)


def test_what_is_in_sql_is_the_same_on_postgres() -> None:
    postgres_or_skip().stop()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "--create-db", *IN_SQL],
        cwd=ROOT, env=dict(os.environ) | {"SQL": "postgres"}, capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
