"""A conversation in the hands of a worker's own parts, over a stub of Salesforce."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import tests.desks
from interconnections.items import Lane
from interconnections.one_by_one import OneByOne
from interconnections.store import leases
from interconnections.store.leases import Hold
from interconnections.tally import Tally
from interconnections.worker.conversation_runner import ConversationRunner
from tests.store.conftest import Desk
from tests.unit.bots import bot

LOST = "se perdió"


async def until(condition: Callable[[], bool | Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while True:
            answer = condition()
            if await answer if inspect.isawaitable(answer) else answer:
                return
            await asyncio.sleep(0.02)


async def in_hands(
    desk: Desk,
    hold: Hold,
    live_agent: Any,
    *,
    rests: tuple[Lane, ...] = (Lane.INTEGRATION,),
    follows: bool = True,
    **bot_fields: Any,
) -> ConversationRunner:
    """Polled where it `follows`, and its lanes emptied but for those that rest: what is for the user stays there."""
    fields, tokens = await leases.load(desk.redis, hold.id)

    async def bots() -> dict[str, Any]:
        return {"tienda": bot(slug="tienda", words={"lastWordsLost": LOST}, **bot_fields)}

    bridge: Any = SimpleNamespace(
        redis=desk.redis,
        desks=tests.desks.live_agent(live_agent),
        directory=SimpleNamespace(bots=bots),
        tally=Tally(),
        errands=set(),
    )
    fields |= {"started": "1"}
    runner = ConversationRunner(bridge, hold, fields, tokens, lambda runner: runner.drop(), asyncio.Event())
    for lane in rests:
        runner.lanes[lane].rest()
    if follows:
        runner.start(OneByOne(1, 0.0))
    return runner
