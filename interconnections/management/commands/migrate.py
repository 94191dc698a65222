"""`manage.py migrate`: Django's own, one at a time.

Pods of one roll-out, or two operators, may start it together, and both would make the same tables.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.commands.migrate import Command as Migrate
from django.db import DEFAULT_DB_ALIAS, connections

LOCK = 0x627269646765  # "bridge": of PostgreSQL's advisory locks, which are numbers


class Command(Migrate):
    def handle(self, *args, **options):
        with alone(options.get("database") or DEFAULT_DB_ALIAS, self.stdout.write):
            return super().handle(*args, **options)


@contextmanager
def alone(alias: str, tell) -> Iterator[None]:
    """Held by a transaction on a connection of its own, so that a PgBouncer may be between, and a death frees it.

    SQLite has one machine's processes, and its operator.
    """
    if connections[alias].vendor != "postgresql":
        yield
        return
    beside = connections[alias].copy()
    try:
        beside.set_autocommit(False)
        with beside.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                tell("Another process migrates this database: waiting for it.")
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
    finally:
        beside.close()
