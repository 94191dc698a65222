"""Two neighbouring releases may work on one store; others are refused with a sentence."""

import pytest

from interconnections.store.connection import AsyncRedis
from interconnections.store.keys import key
from interconnections.store.schema import OLDEST, SCHEMA, WrongSchema, agree


@pytest.mark.parametrize(
    ("stored", "after"),
    [(None, SCHEMA), (OLDEST, SCHEMA), (SCHEMA, SCHEMA), (SCHEMA + 1, SCHEMA + 1)],
)
async def test_a_release_works_on_its_own_and_its_neighbours_versions(
    store: AsyncRedis, stored: int | None, after: int
) -> None:
    if stored is not None:
        await store.set(key("schema"), stored)
    await agree(store)
    assert int(await store.get(key("schema"))) == after  # a newer one is never set back


@pytest.mark.parametrize("stored", [OLDEST - 1, SCHEMA + 2])
async def test_further_versions_are_refused_with_what_to_run(store: AsyncRedis, stored: int) -> None:
    await store.set(key("schema"), stored)
    with pytest.raises(WrongSchema, match="run the"):
        await agree(store)


async def test_a_store_from_before_the_number_counts_as_the_first(store: AsyncRedis) -> None:
    await store.sadd(key("bots"), "tienda")
    assert await agree(store) == 1
