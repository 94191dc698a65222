"""A poll's answer: stored whole, once, under the fence, before it is acknowledged."""

import pytest

from interconnections.bridge.transitions import ended
from interconnections.errors import LostOwnership
from interconnections.items import Change, Lane
from interconnections.lifecycle import FINAL, MOVES, OPEN, Reason, Status
from interconnections.store import lanes, polls, starts
from interconnections.store.keys import key
from interconnections.store.leases import Hold
from interconnections.store.polls import Stored
from tests.store.conftest import Desk, text


async def test_an_answer_moves_the_ack_and_queues_what_was_said(desk: Desk) -> None:
    hold = await desk.active()
    stored = await desk.news(hold, -1, 3, Change(to_user=(text("hola"),)))
    assert isinstance(stored, Stored)
    assert stored.to_integration == 0
    fields = await desk.fields(hold.id)
    assert (fields["ack"], fields["offset"]) == ("3", "30")
    assert await desk.drain(hold, Lane.INTEGRATION) == ["hola"]


async def test_the_same_answer_again_is_stale_and_changes_nothing(desk: Desk) -> None:
    hold = await desk.active()
    await desk.news(hold, -1, 3, Change(to_user=(text("hola"),)))
    again = await desk.news(hold, -1, 3, Change(to_user=(text("hola"),)))
    assert (again.stale, again.fields["ack"]) == (True, "3")
    assert await desk.drain(hold, Lane.INTEGRATION) == ["hola"]


async def test_an_answer_tells_the_number_of_what_each_change_said_first(desk: Desk) -> None:
    hold = await desk.active()
    several, ends = Change(to_user=(text("a"), text("b"))), Change(to=Status.CLOSED, reason="x")
    told = await desk.news(
        hold, -1, 3, several, Change(fields={"agentName": "Luis"}), Change(to_user=(text("c"),)), ends, ends
    )
    first, none, third, *over = told.firsts
    assert (none, over) == (0, [0, 0])  # the last is not allowed
    assert third == first + 2
    taken = await lanes.take(desk.redis, hold, Lane.INTEGRATION)
    assert isinstance(taken, lanes.Taken)
    assert int(taken.number) == first


async def test_sequence_zero_is_an_ack_like_any_other(desk: Desk) -> None:
    hold = await desk.active()
    assert isinstance(await desk.news(hold, -1, 0), Stored)
    assert isinstance(await desk.news(hold, 0, 1), Stored)


async def test_an_answer_from_before_a_hand_over_is_stale(desk: Desk) -> None:
    hold = await desk.active()
    await desk.redis.hset(key("hash", hold.id), "epoch", 1)
    assert (await desk.news(hold, -1, 3, epoch="0")).stale


async def test_a_frozen_owner_who_wakes_up_writes_nothing(desk: Desk) -> None:
    hold = await desk.active()
    with pytest.raises(LostOwnership):
        await desk.news(Hold(hold.id, hold.worker, "99"), -1, 3, Change(to_user=(text("hola"),)))
    assert (await desk.fields(hold.id))["ack"] == "-1"


async def test_events_are_kept_with_sequence_and_time(desk: Desk) -> None:
    hold = await desk.active()
    await desk.news(hold, -1, 3)
    [(_, event)] = await desk.redis.xrange(key("events", hold.id))
    assert (event["sequence"], event["type"]) == ("3", "ChatMessage")
    assert int(event["at"]) > 1_700_000_000_000


async def test_an_ending_happens_once_and_the_bot_is_told_once(desk: Desk) -> None:
    hold = await desk.active()
    goodbye = Change(to=Status.CLOSED, reason=Reason.AGENT_ENDED, to_user=(text("estado"),))
    await desk.news(hold, -1, 1, goodbye)
    await desk.news(hold, 1, 2, goodbye)
    assert await desk.drain(hold, Lane.INTEGRATION) == ["estado"]


async def test_an_ending_clears_tokens_and_frees_the_user(desk: Desk) -> None:
    id = await desk.opened("ana")
    [hold] = await desk.claimed()
    await desk.news(hold, -1, 1, ended(None, Reason.AGENT_ENDED))
    assert await desk.redis.exists(key("tokens", id), key("user", "tienda", "ana")) == 0
    assert (await starts.reserve(desk.redis, "tienda", "ana", "t")).state == "reserved"


async def test_closed_is_final(desk: Desk) -> None:
    hold = await desk.active()
    goodbye = Change(to=Status.CLOSED, reason="x", to_user=(text("adiós"),))  # its delivery keeps it owned
    await desk.news(hold, -1, 1, goodbye)
    await desk.news(hold, 1, 2, Change(to=Status.ACTIVE), Change(to=Status.FAILED, reason="x"))
    assert await desk.status(hold) == Status.CLOSED


@pytest.mark.parametrize("start", sorted(OPEN))
@pytest.mark.parametrize("to", Status)
async def test_the_store_makes_the_moves_of_the_table_and_no_other(desk: Desk, start: Status, to: Status) -> None:
    hold = await desk.active() if start is Status.ACTIVE else await desk.held()
    stored = await polls.store_change(desk.redis, hold, Change(to=to, reason="x"))
    assert stored.fields["status"] == (to if to in MOVES[start] else start)
    assert bool(await desk.redis.zscore(key("over"), hold.id)) is (stored.fields["status"] in FINAL)


@pytest.mark.parametrize("start", sorted(FINAL))
@pytest.mark.parametrize("to", Status)
async def test_nothing_leads_out_of_a_final_status(desk: Desk, start: Status, to: Status) -> None:
    hold = await desk.active()
    await desk.news(hold, -1, 1, Change(to=start, reason="x", to_user=(text("goodbye"),)))
    await polls.store_change(desk.redis, hold, Change(to=to, reason="y"))
    assert await desk.status(hold) == start


async def test_the_index_follows_every_move(desk: Desk) -> None:
    hold = await desk.active()
    cells = {
        status: [
            await desk.redis.zcard(key("index", status, p, b)) for p in ("whatsapp", "*") for b in ("tienda", "*")
        ]
        for status in ("OnHold", "Active", "*")
    }
    assert cells == {"OnHold": [0] * 4, "Active": [1] * 4, "*": [1] * 4}
    await desk.news(hold, -1, 1, ended(None, Reason.AGENT_ENDED))
    assert await desk.redis.zcard(key("index", "Active", "*", "*")) == 0
    assert await desk.redis.zcard(key("index", "Closed", "whatsapp", "tienda")) == 1


async def test_whoever_is_leaving_is_not_called_lost(desk: Desk) -> None:
    from interconnections.bridge.transitions import lost
    from interconnections.store import lanes, polls

    hold = await desk.held()
    await lanes.hang_up(desk.redis, hold.id, Reason.BOT_FINISHED)
    assert (await polls.store_change(desk.redis, hold, lost(None, "403"))).fields["status"] == Status.ON_HOLD
    await polls.store_change(desk.redis, hold, ended(None, Reason.AGENT_ENDED))
    assert (await desk.fields(hold.id))["reason"] == Reason.BOT_FINISHED
    assert await desk.redis.xlen(key("dead")) == 0  # the leaving itself was not a message to give up
