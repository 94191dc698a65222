"""How a number stands at Meta is asked now and then, and is a figure; the simulated Meta, a real Redis."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from interconnections.bridge import inbound, standing
from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.directory.values import account_of
from interconnections.platforms.messages import Notice
from interconnections.secret import Secret
from interconnections.store.connection import AsyncRedis
from interconnections.store.figures import figures
from interconnections.store.standing import Subscribed, ask_soon, note
from interconnections.transport import new_wire
from simulator.graph.accounts import APP, APP_SECRET, CLOUD_TOKEN, NUMBER, PAGE, PAGE_TOKEN
from tests.records.conftest import ConversationState
from tests.simulator.conftest import Sim, sim
from tests.simulator.meta import business
from tests.unit.bots import bot as configured

__all__ = ["sim"]

Known = Callable[[], Awaitable[tuple[str, int]]]


@pytest.fixture
def bot(sim: Sim) -> Bot:
    at_meta = {"platform": "whatsapp_cloud", "api_url": sim.url, "bot_id": NUMBER, "api_token": Secret(CLOUD_TOKEN)}
    return configured(**at_meta)


@pytest.fixture
async def bridge(store: AsyncRedis, bot: Bot) -> AsyncIterator[Bridge]:
    wire = new_wire()
    yield replace(Bridge.over(store, wire), directory=ConversationState(bot))  # type: ignore[arg-type]
    await wire.close()


@pytest.fixture
def known(store: AsyncRedis, bot: Bot) -> Known:
    async def ask() -> tuple[str, int]:
        told = await figures(store)
        return told.quality[bot.slug].rating, told.reach[bot.slug].users

    return ask


async def stands(sim: Sim, **more: Any) -> None:
    before = (await sim.do("GET", "/graph"))["setup"]["numbers"]
    await sim.do("PUT", "/graph", {"numbers": [row | more for row in before]})


async def test_a_number_is_asked_once_and_again_when_meta_told_of_a_change(
    sim: Sim, bridge: Bridge, bot: Bot, known: Known
) -> None:
    for _ in range(3):  # workers, housekeeping
        await standing.look(bridge)
    assert await known() == ("GREEN", 1000)
    await stands(sim, quality="RED", tier="TIER_250")
    await standing.look(bridge)
    assert await known() == ("GREEN", 1000)
    await inbound.keep(bridge, bot, Notice("phone_number_quality_update", "FLAGGED"))
    await standing.look(bridge)
    assert await known() == ("RED", 250)


async def test_a_platform_that_does_not_tell_is_counted_and_left_in_peace_for_an_hour(
    sim: Sim, bridge: Bridge, bot: Bot, store: AsyncRedis
) -> None:
    await sim.fault("cloud_number", "status", code="190", times=9)
    for _ in range(3):
        await standing.look(bridge)
    assert bridge.tally.totals == {f"standing untold:{bot.slug}": 1}
    assert (await figures(store)).quality == {}


async def test_who_has_no_limit_to_tell_is_rated_all_the_same(sim: Sim, bridge: Bridge, bot: Bot) -> None:
    await stands(sim, tier="TIER_NOT_SET", quality="YELLOW")
    await standing.look(bridge)
    assert (await figures(bridge.redis)).quality[bot.slug].rating == "YELLOW"


AT_META = {
    "whatsapp_cloud": {"bot_id": NUMBER, "api_token": Secret(CLOUD_TOKEN)},
    "messenger": {"bot_id": PAGE, "api_token": Secret(PAGE_TOKEN), "provider": "messenger"},
}


@pytest.mark.parametrize("platform", AT_META)
async def test_who_hears_nothing_of_its_users_is_known(sim: Sim, bridge: Bridge, platform: str) -> None:
    signed = {"webhook_auth": "signature", "webhook_secret": Secret(APP_SECRET), "app_id": APP}
    bot = configured(platform=platform, api_url=sim.url, **signed, **AT_META[platform])
    ours = replace(bridge, directory=ConversationState(bot))  # type: ignore[arg-type]
    await standing.look(ours)
    assert not (await figures(ours.redis)).subscribed[bot.slug].there
    async with business(sim, bot.bot_id, bot.api_token.reveal()):
        await ask_soon(ours.redis, bot.slug)
        await standing.look(ours)
        assert (await figures(ours.redis)).subscribed[bot.slug].there


@pytest.mark.parametrize("app", [APP, ""], ids=["subscribed", "our app is not named"])
async def test_what_a_platform_tells_no_more_is_known_no_more(sim: Sim, bridge: Bridge, app: str) -> None:
    bot = configured(platform="messenger", api_url=sim.url, app_id=app, **AT_META["messenger"])
    ours = replace(bridge, directory=ConversationState(bot))  # type: ignore[arg-type]
    await note(ours.redis, bot.slug, Subscribed(False, account_of(bot)), 1)
    async with business(sim, bot.bot_id, bot.api_token.reveal()):
        await standing.look(ours)
    known = (await figures(ours.redis)).subscribed
    assert known == ({bot.slug: Subscribed(True, account_of(bot))} if app else {})


async def test_bots_of_platforms_that_tell_nothing_are_not_asked(store: AsyncRedis, bridge: Bridge) -> None:
    elsewhere = replace(bridge, directory=ConversationState(configured()))  # type: ignore[arg-type]
    await standing.look(elsewhere)
    assert not await store.keys("*looked*")
