"""Another server has the chat: what the store keeps of it, and what an end that came first forbids."""

from collections.abc import Awaitable, Callable

import pytest

from interconnections.bridge.transitions import ended
from interconnections.desks.live_agent.chat import switched
from interconnections.desks.live_agent.handover import reconnected
from interconnections.desks.live_agent.reader import Session
from interconnections.errors import LostOwnership
from interconnections.items import Change, Lane
from interconnections.lifecycle import Reason, Status
from interconnections.secret import Secret
from interconnections.store import lanes, leases, polls
from interconnections.store.keys import key
from interconnections.store.leases import Hold
from tests.desks import rebase
from tests.store.conftest import Desk, text


async def moves(desk: Desk, hold: Hold) -> None:
    await rebase(desk.redis, hold, reconnected(Secret("new"), reset=True))


async def switches(desk: Desk, hold: Hold) -> None:
    new = Session("w", Secret("new"), Secret("new"), 40)
    await rebase(desk.redis, hold, switched(new, "https://example.org"))


@pytest.mark.parametrize("deed", [moves, switches])
async def test_a_chat_that_ended_meanwhile_gets_no_tokens_back(
    desk: Desk, deed: Callable[[Desk, Hold], Awaitable[None]]
) -> None:
    hold = await desk.active()
    goodbye = Change(to_user=(text("adiós"),))  # its delivery keeps it owned
    await desk.news(hold, -1, 1, goodbye, ended(None, Reason.USER_LEFT))
    with pytest.raises(LostOwnership):
        await deed(desk, hold)
    assert not await desk.redis.exists(key("tokens", hold.id))


@pytest.mark.parametrize("deed", [moves, switches])
async def test_what_waits_for_another_server_is_on_nobodys_list(
    desk: Desk, deed: Callable[[Desk, Hold], Awaitable[None]]
) -> None:
    hold = await desk.active()
    await desk.hear(hold, "hola")
    await deed(desk, hold)
    assert await lanes.due(desk.redis, "w1", Lane.SALESFORCE) == []
    stored = await polls.store_change(desk.redis, hold, Change(fields={"handover": "", "waitingAgain": "0"}))
    assert stored.to_salesforce == 0
    assert await lanes.due(desk.redis, "w1", Lane.SALESFORCE) == [hold.id]


async def test_what_waits_is_sent_with_the_tokens_of_then(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "hola")
    await moves(desk, hold)
    stored = str(await desk.redis.lrange(key("lane", hold.id, Lane.SALESFORCE), 0, -1))
    _, tokens = await leases.load(desk.redis, hold.id)
    assert tokens["affinityToken"].reveal() == "new"
    assert "hola" in stored
    assert "key!1" not in stored


async def test_what_a_new_server_misses_of_a_chat_that_is_over_goes_nowhere(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, to_user=(text("adiós"),)))
    await polls.store_change(desk.redis, hold, Change(first_to_agent=(text("dos"),)))
    assert await desk.drain(hold, Lane.INTEGRATION) == ["adiós"]
    assert await desk.redis.smembers(key("owned", hold.worker)) == set()  # nobody need own it any more
