"""The database: does it answer, and has it every table?"""

from django.db import Error as DatabaseTrouble
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from interconnections.brief_wire import PATIENCE
from interconnections.doctor.findings import Finding, Group

GROUP = Group("Database")
DIAL = "Look at host and port in DATABASE_URL, and at the server."
CERTIFICATE = "Look at sslmode and sslrootcert in DATABASE_URL, and at the server's certificate."
# What libpq and PostgreSQL say -> what it is, and its mend.  Their own words may quote half a password.
KNOWN = {
    "password authentication failed": ("refuses our password or user", "Look at them in DATABASE_URL."),
    "no pg_hba.conf entry": ("does not let us in", "Let its pg_hba.conf have a line for our user and address."),
    "root certificate file": ("is not asked: there is no file of its authority", CERTIFICATE),
    "certificate verify failed": ("has a certificate that is not believed", CERTIFICATE),
    "does not match host name": ("has a certificate for another host", CERTIFICATE),
    "does not support SSL": ("speaks no TLS", CERTIFICATE),
    "invalid response to SSL": ("is no PostgreSQL", DIAL),
    "does not exist": ("does not know the database, or our user", "Make them, or look at DATABASE_URL."),
    "Connection refused": ("does not answer: nobody listens there", DIAL),
    "resolve host": ("does not answer: there is no host of that name", DIAL),
    "timeout expired": (f"does not answer within {PATIENCE:.0f} s", DIAL),
    "too many": ("has no connection left for us", "Raise its max_connections, or put a PgBouncer between."),
    "connection slots": ("has no connection left for us", "Raise its max_connections, or put a PgBouncer between."),
    "starting up": ("is starting up", "Ask again in a minute; if it stays, look at its log."),
    "shutting down": ("is shutting down", "Start it again."),
}


def database_findings() -> tuple[list[Finding], bool]:
    """(findings, whether the configuration can be read)."""
    if connection.vendor != "sqlite":
        options = connection.settings_dict.setdefault("OPTIONS", {})
        options.setdefault("connect_timeout", int(PATIENCE))
        options.pop("pool", None)  # which tries again in a thread, and says only that it took too long
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseTrouble as error:
        return [away(error)], False
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in missing[:3])
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        return [GROUP.error(f"not migrated: {names}{more}", "Run python manage.py migrate.")], False
    return [GROUP.ok(f"{connection.vendor} answers, and all migrations are applied")], True


def away(error: DatabaseTrouble) -> Finding:
    words = str(error)
    for said, (what, mend) in KNOWN.items():
        if said in words:
            return GROUP.error(f"the database {what}", mend)
    return GROUP.error(
        f"the database does not answer ({type(error).__name__})", "Look at DATABASE_URL and at the server."
    )
