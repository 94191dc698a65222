"""The environment of the tests, ready before Django reads its settings: loaded as a pytest plugin (-p).

It brings its own Redis server, and sets everything that the settings ask for.
"""

import atexit
import os
import secrets
import sys
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

from simulator.postgres_server import PostgresServer
from simulator.redis_server import RedisServer


def database() -> str:
    """SQLite; with SQL=postgres in the environment a PostgreSQL of the tests' own."""
    if os.environ.get("SQL", "sqlite") != "postgres":
        return f"sqlite:///{Path(scratch.name) / 'tests.sqlite3'}"
    postgres = PostgresServer()
    atexit.register(postgres.stop)
    return postgres.__enter__().url


# jsonschema does without it: its grammar takes seconds to build, for a format that no schema here asks for (iri).
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

# Where nobody keeps bytecode, each of the processes that read the tests and the product would compile them all.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

server = RedisServer()
server.start()
atexit.register(server.stop)
scratch = tempfile.TemporaryDirectory(prefix="bridge-tests-")
atexit.register(scratch.cleanup)

for name in (
    "PUBLIC_URL",
    "REDIS_SENTINELS",
    "CSRF_TRUSTED_ORIGINS",
    "TRUSTED_PROXIES",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "HTTP_CLIENT",
    "REDIS_CLIENT",
):
    os.environ.pop(name, None)  # the tests' answers must not depend on whose machine this is
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "bridgeproject.settings",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "DATABASE_URL": database(),
    "REDIS_URL": server.url,
    "DEBUG": "0",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
}
