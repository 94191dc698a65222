"""Letting an interconnection go."""

import asyncio
from types import SimpleNamespace
from typing import Any

from interconnections.one_by_one import OneByOne
from interconnections.store.leases import Hold
from interconnections.tally import Tally
from interconnections.worker.conversation_runner import ConversationRunner
from tests.desks import live_agent

FIELDS = {"sessionId": "s", "userId": "u", "botSlug": "b", "provider": "whatsapp", "status": "OnHold", "started": "1"}


class Deaf:
    """What wait_for of Python 3.11 does inside a Redis call: the cancellation is swallowed, the result is given."""

    polls = 0

    async def poll(self, *where: Any) -> None:
        self.polls += 1
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            return


class Nobody:
    async def bots(self) -> dict[str, Any]:
        return {}


async def test_a_poll_ends_though_its_cancellation_got_lost() -> None:
    desk: Any = Deaf()
    bridge: Any = SimpleNamespace(desks=live_agent(desk), directory=Nobody(), redis=None, tally=Tally())
    runner = ConversationRunner(bridge, Hold("u-s", "w", "1"), FIELDS, {}, lambda runner: None, asyncio.Event())
    runner.poll = asyncio.create_task(runner._follow(OneByOne(1, 0.0)))
    while not desk.polls:
        await asyncio.sleep(0)
    runner.stop_polling()
    await asyncio.wait_for(runner.poll, 30)
    assert desk.polls == 1
