"""Lanes: stored once, held until somebody reads, delivered in order, settled before the next is taken."""

import asyncio
from dataclasses import replace

import pytest
from channels.layers import get_channel_layer

from interconnections.bridge.transitions import ended
from interconnections.errors import LostOwnership
from interconnections.items import Change, Item, Kind, Lane, Origin
from interconnections.lifecycle import Reason, Status
from interconnections.store import lanes, polls
from interconnections.store.hearing import Heard
from interconnections.store.keys import key
from interconnections.store.lanes import Cause, Pause, Settled, Taken
from interconnections.store.leases import Hold
from tests.store.conftest import Desk, text

SALESFORCE, INTEGRATION = Lane.SALESFORCE, Lane.INTEGRATION


async def test_words_while_waiting_are_kept_and_come_after_the_past_in_order(desk: Desk) -> None:
    hold = await desk.held()
    assert (await desk.hear(hold, "uno")).heard is Heard.HELD
    assert (await desk.hear(hold, "dos")).heard is Heard.HELD
    assert await lanes.take(desk.redis, hold, SALESFORCE) == Pause(None)
    joined = Change(to=Status.ACTIVE, first_to_agent=(text("contexto"), text("bienvenida")))
    assert (await polls.store_change(desk.redis, hold, joined)).to_salesforce == 0
    assert await desk.drain(hold, SALESFORCE) == ["contexto", "bienvenida", "uno", "dos"]


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.FILE])
@pytest.mark.parametrize("tries", [0, 1])
async def test_what_may_have_gone_is_not_overtaken_by_what_comes_first(desk: Desk, kind: Kind, tries: int) -> None:
    """Else its answer would settle another, and it would go a second time, under a number of which nobody knows."""
    hold = await desk.active(Item(kind, Origin.USER, "uno"))
    await desk.hear(hold, "dos")
    taken = await lanes.take(desk.redis, hold, SALESFORCE)
    for _ in range(tries):
        assert isinstance(taken, Taken)
        retry = taken.retry(0, "no answer", Cause.TROUBLE)
        taken = await lanes.take(desk.redis, hold, SALESFORCE, retry)
    note = Change(first_to_agent=(text("no lo ve", Origin.BRIDGE), text("ni esto", Origin.BRIDGE)))
    await polls.store_change(desk.redis, hold, note)
    assert isinstance(taken, Taken)
    following = await lanes.take(desk.redis, hold, SALESFORCE, Settled(taken.number, "delivered"))
    assert isinstance(following, Taken)
    assert following.item.text == "no lo ve"
    await lanes.take(desk.redis, hold, SALESFORCE, Settled(following.number, "delivered"))
    assert await desk.drain(hold, SALESFORCE) == ["ni esto", "dos"]


async def test_who_takes_over_knows_that_it_may_have_gone_though_something_came_first(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "uno")
    sent = await lanes.take(desk.redis, hold, SALESFORCE)
    await polls.store_change(desk.redis, hold, Change(first_to_agent=(text("no lo ve", Origin.BRIDGE),)))
    again = await lanes.take(desk.redis, hold, SALESFORCE)
    assert isinstance(sent, Taken)
    assert isinstance(again, Taken)
    assert (again.number, again.sequence, again.again) == (sent.number, sent.sequence, True)


async def test_a_repeated_webhook_is_stored_once(desk: Desk) -> None:
    hold = await desk.active()
    assert (await desk.hear(hold, "hola", "WA.1")).heard is Heard.LANE
    assert (await desk.hear(hold, "hola", "WA.1")).heard is Heard.REPEAT
    assert await desk.drain(hold, SALESFORCE) == ["hola"]


async def test_a_repeat_is_recognised_after_the_chat_too(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "hola", "WA.1")
    await polls.store_change(desk.redis, hold, ended(None, Reason.AGENT_ENDED))
    assert (await desk.hear(hold, "hola", "WA.1")).heard is Heard.REPEAT


async def test_when_a_bots_last_webhook_came_is_remembered(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "hola", "WA.1")
    await desk.redis.hdel(key("bot", "tienda"), "heardAt")
    await desk.hear(hold, "hola", "WA.1")
    seconds, _ = await desk.redis.time()
    assert seconds - int(await desk.redis.hget(key("bot", "tienda"), "heardAt")) / 1000 < 60


async def test_the_owner_is_rung_by_the_very_script_that_stores_it(desk: Desk) -> None:
    hold, channels = await desk.active(), get_channel_layer()
    bell = asyncio.create_task(channels.receive("salesforce.w1"))
    while (await desk.redis.pubsub_numsub("salesforce.w1"))[0][1] == 0:
        await asyncio.sleep(0)
    receipt = await desk.hear(hold, "hola")
    assert receipt.channel == "salesforce.w1"
    async with asyncio.timeout(30):
        assert await bell == {"type": "lane.filled", "session": receipt.session_id}
    await channels.flush()


async def test_outside_a_chat_words_become_context(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, ended(None, Reason.AGENT_ENDED))
    assert (await desk.hear(hold, "hola")).heard is Heard.CONTEXT


async def test_the_bots_own_words_never_go_to_the_agent_as_the_users(desk: Desk) -> None:
    hold = await desk.active()
    assert (await desk.hear(hold, "te paso", origin="bot")).heard is Heard.CONTEXT
    assert await desk.drain(hold, SALESFORCE) == []


async def test_a_sequence_number_belongs_to_one_message_whoever_sends_it(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "uno")
    await desk.hear(hold, "dos")
    first = await lanes.take(desk.redis, hold, SALESFORCE)
    assert isinstance(first, Taken)
    assert (first.sequence, first.again) == (2, False)  # 1 was ChasitorInit's
    repeated = await lanes.take(desk.redis, hold, SALESFORCE)  # the owner died in between
    assert isinstance(repeated, Taken)
    assert (repeated.number, repeated.sequence, repeated.again) == (first.number, 2, True)
    second = await lanes.take(desk.redis, hold, SALESFORCE, Settled(first.number, "delivered"))
    assert isinstance(second, Taken)
    assert (second.item.text, second.sequence, second.again) == ("dos", 3, False)


async def test_a_rebound_number_counts_as_never_sent(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "uno")
    first = await lanes.take(desk.redis, hold, SALESFORCE)
    assert isinstance(first, Taken)
    rebound = await lanes.take(desk.redis, hold, SALESFORCE, first.rebind(7))
    assert isinstance(rebound, Taken)
    assert (rebound.sequence, rebound.again, rebound.tried(Cause.REBOUND)) == (7, False, 1)
    await desk.hear(hold, "dos")
    after = await lanes.take(desk.redis, hold, SALESFORCE, Settled(first.number, "delivered"))
    assert isinstance(after, Taken)
    assert after.sequence == 8


async def test_a_settlement_whose_answer_was_lost_is_not_settled_twice(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "uno")
    await desk.hear(hold, "dos")
    first = await lanes.take(desk.redis, hold, SALESFORCE)
    assert isinstance(first, Taken)
    for _ in range(3):
        second = await lanes.take(desk.redis, hold, SALESFORCE, Settled(first.number, "delivered"))
        assert isinstance(second, Taken)
        assert second.item.text == "dos"


async def test_a_retry_waits_and_keeps_its_place(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("uno"), text("dos"))))
    first = await lanes.take(desk.redis, hold, INTEGRATION)
    assert isinstance(first, Taken)
    waiting = await lanes.take(desk.redis, hold, INTEGRATION, Settled(first.number, "retry", "60000"))
    assert isinstance(waiting, Pause)
    assert waiting.wait and 55_000 < waiting.wait <= 60_000
    await desk.redis.hset(key("hash", hold.id), "retry:integration", 1)  # its time has come
    assert await desk.drain(hold, INTEGRATION) == ["uno", "dos"]


async def test_a_delayed_item_waits_for_its_time(desk: Desk) -> None:
    hold = await desk.active()
    late = Item(Kind.STATE, Origin.BRIDGE, "from-sf-timeout", delay=60_000)
    await polls.store_change(desk.redis, hold, Change(to_user=(text("adiós"), late)))
    assert await desk.drain(hold, INTEGRATION) == ["adiós"]
    waiting = await lanes.take(desk.redis, hold, INTEGRATION)
    assert isinstance(waiting, Pause)
    assert waiting.wait


async def test_a_poison_message_is_put_aside_with_its_reason_and_the_next_goes_on(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("veneno"), text("sano"))))
    first = await lanes.take(desk.redis, hold, INTEGRATION)
    assert isinstance(first, Taken)
    second = await lanes.take(desk.redis, hold, INTEGRATION, Settled(first.number, "dead", "answered 400"))
    assert isinstance(second, Taken)
    assert second.item.text == "sano"
    [(_, letter)] = await desk.redis.xrange(key("dead"))
    assert (letter["id"], letter["why"], letter["lane"]) == (hold.id, "answered 400", "integration")


async def test_an_old_fence_can_neither_take_nor_settle(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "uno")
    taken = await lanes.take(desk.redis, hold, SALESFORCE)
    assert isinstance(taken, Taken)
    old = Hold(hold.id, hold.worker, str(int(hold.fence) - 1))
    with pytest.raises(LostOwnership):
        await lanes.take(desk.redis, old, SALESFORCE, Settled(taken.number, "delivered"))
    other = Hold(hold.id, "w2", hold.fence)
    with pytest.raises(LostOwnership):
        await lanes.take(desk.redis, other, SALESFORCE, Settled(taken.number, "delivered"))
    assert await desk.drain(hold, SALESFORCE) == ["uno"]


async def test_hanging_up_frees_the_user_at_once_and_ends_after_what_was_said(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "última palabra")
    word, _, channel = await lanes.hang_up(desk.redis, hold.id, Reason.BOT_FINISHED)
    assert (word, channel) == ("ordered", "salesforce.w1")
    assert (await desk.hear(hold, "para el bot")).heard is Heard.CONTEXT
    assert await desk.drain(hold, SALESFORCE) == ["última palabra", Reason.BOT_FINISHED]
    assert (await lanes.hang_up(desk.redis, hold.id, Reason.BOT_FINISHED))[0] == "leaving"


@pytest.mark.parametrize("outcome", ["dead", "retry"])
async def test_an_end_that_is_given_up_is_an_end_all_the_same(desk: Desk, outcome: str) -> None:
    hold = await desk.active()
    await lanes.hang_up(desk.redis, hold.id, Reason.BOT_FINISHED)
    end = await lanes.take(desk.redis, hold, SALESFORCE)
    assert isinstance(end, Taken)
    over = Change(to=Status.CLOSED, to_user=(Item(Kind.STATE, Origin.BRIDGE, "from-sf-success"),))
    settled = Settled(end.number, outcome, "0", over, why="answered 500", delivery_limit=1000)
    if outcome == "retry":
        end = await lanes.take(desk.redis, hold, SALESFORCE, settled)
        assert isinstance(end, Taken)
        assert await desk.status(hold) == Status.ACTIVE
        await desk.redis.hset(key("hash", hold.id), "failing:salesforce", 1)
        settled = replace(settled, attempts=end.attempts)
    assert (await lanes.take(desk.redis, hold, SALESFORCE, settled)).status == Status.CLOSED
    assert await desk.drain(hold, INTEGRATION) == ["from-sf-success"]


async def test_who_leaves_the_queue_leaves_before_anything_is_said(desk: Desk) -> None:
    hold = await desk.held()
    await desk.hear(hold, "nadie lo leerá")
    assert (await lanes.hang_up(desk.redis, hold.id, Reason.BOT_FINISHED))[0] == "ordered"
    taken = await lanes.take(desk.redis, hold, SALESFORCE)
    assert isinstance(taken, Taken)
    assert (taken.item.kind, taken.status) == (Kind.END, Status.ON_HOLD)
    assert await desk.redis.xlen(key("dead")) == 1


async def test_what_is_over_and_delivered_needs_no_owner(desk: Desk) -> None:
    hold = await desk.active()
    goodbye = Change(to=Status.CLOSED, reason=Reason.AGENT_ENDED, to_user=(text("adiós"),))
    assert not (await polls.store_change(desk.redis, hold, goodbye)).retired
    taken = await lanes.take(desk.redis, hold, INTEGRATION)
    assert isinstance(taken, Taken)
    assert await lanes.take(desk.redis, hold, INTEGRATION, Settled(taken.number, "delivered")) == Pause(None, True)
    assert await desk.redis.smembers(key("owned", "w1")) == set()
    assert await desk.claimed("w2") == []


async def test_the_record_holds_every_message_with_its_checkpoints(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "uno")
    await desk.drain(hold, SALESFORCE)
    entries = [entry for _, entry in await desk.redis.xrange(key("messages", hold.id))]
    assert [entry.get("checkpoint", "stored") for entry in entries] == ["stored", "delivered"]
    assert entries[0]["number"] == entries[1]["number"] == "1"
    assert (await desk.fields(hold.id))["numMessage"] == "1"
