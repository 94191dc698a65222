"""One stage for all of the chaos: what a scenario killed is started again before the next."""

from collections.abc import Iterator

import pytest

from tests.chaos.arena import Arena


@pytest.fixture(scope="session")
def arena() -> Iterator[Arena]:
    with Arena(workers=2) as arena:
        yield arena
