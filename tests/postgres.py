"""A PostgreSQL for tests, where its programs are; others skip, unless REQUIRE_POSTGRES says they are."""

import os

import pytest

from simulator.postgres_server import NoPostgres, PostgresServer


def postgres_or_skip() -> PostgresServer:
    try:
        return PostgresServer()
    except NoPostgres as missing:
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
