"""Nothing in here knows of Redis or SQL."""

import pytest


@pytest.fixture(autouse=True)
def empty_redis():
    """Instead of the one that empties a server for each test: there is none to empty."""
