"""`manage.py migrate`: Django's own, one at a time.

Pods of one roll-out, or two operators, may start it together, and both would make the same tables.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.commands.migrate import Command as Migrate
from django.db import DEFAULT_DB_ALIAS, connections

LOCK = 0x627269646765  # "bridge": of PostgreSQL's advisory locks, which are numbers
PAUSE = 0.5  # seconds between two looks whether it is free; a signal ends the command in them, too


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
            if not _taken(cursor):
                tell("Another process migrates this database: waiting for it.")
                while not _taken(cursor):
                    time.sleep(PAUSE)
        yield
    finally:
        beside.close()


def _taken(cursor) -> bool:
    """Asked again, as a statement that waits holds a snapshot, for which an index that is made CONCURRENTLY waits.

    Without parameters, as those that the server binds (`server_side_binding`) leave one in the transaction, our own.
    """
    cursor.execute(f"SELECT pg_try_advisory_xact_lock({LOCK})")
    return bool(cursor.fetchone()[0])
