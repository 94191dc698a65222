"""A conversation in a worker's hands while Salesforce moves it, or forgets it: nobody is left without a word."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from interconnections.bridge.claim import claim_from
from interconnections.errors import ChatGone, HandedOver
from interconnections.items import Lane
from interconnections.lifecycle import Reason, Status
from interconnections.store import lanes, leases
from interconnections.store.leases import Hold
from interconnections.tally import Tally
from interconnections.worker.charge import Charge
from tests.pure.bots import bot
from tests.store.conftest import Desk

LOST = "se perdió"


class Moved:
    """The server that had the chat answers 503, and no other has it."""

    async def say(self, *what: Any) -> None:
        raise HandedOver("503")

    async def poll(self, *where: Any) -> None:
        await asyncio.sleep(3600)

    async def reconnect(self, *where: Any) -> None:
        self.end = self.gone  # type: ignore[method-assign]
        raise ChatGone("403")

    async def gone(self, *what: Any) -> None:
        raise ChatGone("403")

    end = say


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():
            await asyncio.sleep(0.02)


async def in_hands(desk: Desk, hold: Hold) -> Charge:
    fields, tokens = await leases.load(desk.redis, hold.id)

    async def bots() -> dict[str, Any]:
        return {"tienda": bot(slug="tienda", words={"lastWordsLost": LOST})}

    bridge: Any = SimpleNamespace(
        redis=desk.redis, live_agent=Moved(), directory=SimpleNamespace(bots=bots), tally=Tally(), indicators={}
    )
    claim = claim_from(hold, fields | {"started": "1"}, tokens)
    charge = Charge(bridge, claim, lambda charge: charge.drop(), asyncio.Event())
    charge.lanes[Lane.INTEGRATION].rest()
    charge.start()
    return charge


async def test_what_met_the_503_of_a_chat_that_is_gone_is_told_to_be_lost(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "¿sigue ahí?")
    charge = await in_hands(desk, hold)

    async def over() -> bool:
        return await desk.status(hold) == Status.CLOSED

    await until(over)
    charge.drop()
    assert LOST in await desk.drain(hold, Lane.INTEGRATION)


async def test_who_leaves_a_chat_that_was_moved_and_is_gone_is_given_back(desk: Desk) -> None:
    hold = await desk.active()
    await lanes.hang_up(desk.redis, hold.id, Reason.BOT_FINISHED)
    charge = await in_hands(desk, hold)

    async def over() -> bool:
        return await desk.status(hold) == Status.CLOSED

    await until(over)
    charge.drop()
    assert (await desk.fields(hold.id))["reason"] == Reason.BOT_FINISHED
