"""How a business stands at its platform: what was told last counts, whatever is repeated after it."""

import pytest

from interconnections.store import standing
from interconnections.store.figures import figures
from interconnections.store.standing import Quality, Reach, Subscribed
from tests.store.conftest import Desk


@pytest.mark.parametrize(("then", "shown"), [(4, 1000), (5, 250), (6, 250)], ids=["before", "at once", "after"])
async def test_an_older_notice_that_is_repeated_changes_nothing(desk: Desk, then: int, shown: int) -> None:
    await standing.note(desk.redis, "tienda", Reach(1000, "whatsapp_cloud 7"), 5)
    await standing.note(desk.redis, "tienda", Reach(250, "whatsapp_cloud 7"), then)
    assert (await figures(desk.redis)).reach == {"tienda": Reach(shown, "whatsapp_cloud 7")}


async def test_any_number_of_users_is_told_too(desk: Desk) -> None:
    await standing.note(desk.redis, "tienda", Reach(-1, "whatsapp_cloud 7"), 5)
    await standing.note(desk.redis, "tienda", Reach(100, "whatsapp_cloud 7"), 4)
    assert (await figures(desk.redis)).reach["tienda"].users == -1


async def test_rating_and_subscription_are_kept_beside_it(desk: Desk) -> None:
    await standing.note(desk.redis, "tienda", Reach(1000, "whatsapp_cloud 7"), 5)
    await standing.note(desk.redis, "tienda", Quality("RED", "whatsapp_cloud 7"), 6)
    await standing.note(desk.redis, "tienda", Quality("GREEN", "whatsapp_cloud 7"), 4)
    for at, there in ((5, True), (6, False), (4, True)):
        await standing.note(desk.redis, "tienda", Subscribed(there, "whatsapp_cloud 7"), at)
    known = await figures(desk.redis)
    assert known.subscribed == {"tienda": Subscribed(False, "whatsapp_cloud 7")}
    assert (known.reach["tienda"].users, known.quality["tienda"]) == (1000, Quality("RED", "whatsapp_cloud 7"))


async def test_one_asks_an_hour_and_sooner_where_something_changed(desk: Desk) -> None:
    assert [await standing.turn(desk.redis, bot, 3600) for bot in ("tienda", "tienda", "otra")] == [True, False, True]
    await standing.ask_soon(desk.redis, "tienda")
    assert [await standing.turn(desk.redis, bot, 3600) for bot in ("tienda", "otra")] == [True, False]
