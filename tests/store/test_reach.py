"""To how many users a business may write first: what was told last counts, whatever is repeated after it."""

import pytest

from interconnections.store import reach
from interconnections.store.figures import figures
from interconnections.store.reach import Reach
from tests.store.conftest import Desk


@pytest.mark.parametrize(("then", "shown"), [(4, 1000), (5, 250), (6, 250)], ids=["before", "at once", "after"])
async def test_an_older_notice_that_is_repeated_changes_nothing(desk: Desk, then: int, shown: int) -> None:
    await reach.note(desk.redis, "tienda", Reach(1000, "whatsapp_cloud 7"), 5)
    await reach.note(desk.redis, "tienda", Reach(250, "whatsapp_cloud 7"), then)
    assert (await figures(desk.redis)).reach == {"tienda": Reach(shown, "whatsapp_cloud 7")}


async def test_any_number_of_users_is_told_too(desk: Desk) -> None:
    await reach.note(desk.redis, "tienda", Reach(-1, "whatsapp_cloud 7"), 5)
    await reach.note(desk.redis, "tienda", Reach(100, "whatsapp_cloud 7"), 4)
    assert (await figures(desk.redis)).reach["tienda"].users == -1
