"""The database: does it answer, and has it every table?"""

from django.db import Error as DatabaseTrouble
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from interconnections.brief_wire import PATIENCE
from interconnections.doctor.findings import Finding, Group

GROUP = Group("Database")


def database_findings() -> tuple[list[Finding], bool]:
    """(findings, whether the configuration can be read)."""
    if connection.vendor != "sqlite":
        connection.settings_dict.setdefault("OPTIONS", {}).setdefault("connect_timeout", int(PATIENCE))
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseTrouble as error:
        why = type(error).__name__
        return [
            GROUP.error(f"the database does not answer ({why})", "Look at DATABASE_URL and at the server.")
        ], False
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in missing[:3])
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        return [GROUP.error(f"not migrated: {names}{more}", "Run python manage.py migrate.")], False
    return [GROUP.ok(f"{connection.vendor} answers, and all migrations are applied")], True
