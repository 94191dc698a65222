"""The lane to a bot that is told of its chats: in order, and never in the way of what the user reads."""

from dataclasses import replace

import pytest

from interconnections.bot_events import BotEvent, EventType
from interconnections.items import Change, Kind, Lane, Origin
from interconnections.lifecycle import Status
from interconnections.secret import Secret
from interconnections.store import lanes, leases, mending, polls, purge, starts
from interconnections.store.connection import AsyncRedis
from interconnections.store.keys import key
from interconnections.store.lanes import Cause, Pause, Settled, Taken, Whose
from interconnections.store.leases import Hold
from tests.store.conftest import Desk, text

BOT, TO_USER, TO_AGENT = Lane.BOT, Lane.INTEGRATION, Lane.SALESFORCE
HOUR = 3_600_000  # ms
WAITING, ACCEPTED, UNDELIVERED = (
    BotEvent(EventType.WAITING),
    BotEvent(EventType.ACCEPTED),
    BotEvent(EventType.UNDELIVERED, reason="answered 400"),
)


def ended(patience: int = HOUR, delay: int = 0) -> BotEvent:
    return BotEvent(EventType.ENDED, "from-sf-success", delay=delay, patience=patience)


async def over(desk: Desk, hold: Hold, event: BotEvent, *words: str) -> None:
    goodbye = tuple(text(word, Origin.BRIDGE) for word in words)
    change = Change(to=Status.CLOSED, reason="agent ended", to_user=goodbye, to_bot=(event,))
    await polls.store_change(desk.redis, hold, change)


async def head(desk: Desk, hold: Hold, settled: Settled | None = None, lane: Lane = BOT) -> Taken:
    taken = await lanes.take(desk.redis, hold, lane, settled)
    assert isinstance(taken, Taken), taken
    return taken


async def due(desk: Desk, hold: Hold) -> bool:
    return hold.id in await lanes.due(desk.redis, hold.worker, BOT)


async def test_events_are_told_in_order_with_what_the_conversation_said_as_they_happened(desk: Desk) -> None:
    hold = await desk.held(caseId="500A")
    await polls.store_change(desk.redis, hold, Change(to_bot=(WAITING,)))
    joined = Change(to=Status.ACTIVE, fields={"agentName": "Luz"}, to_bot=(ACCEPTED,))
    await polls.store_change(desk.redis, hold, joined)
    await over(desk, hold, ended())
    told, settled = [], None
    for _ in range(3):
        taken = await head(desk, hold, settled)
        assert taken.item.kind is Kind.EVENT
        assert taken.item.event
        told.append((taken.item.text, taken.item.name, taken.item.event))
        settled = Settled(taken.number, "delivered")
    assert [(type, agent, event.state, event.reason, event.case_id) for type, agent, event in told] == [
        ("chat.waiting", "", "", "", "500A"),
        ("chat.accepted", "Luz", "", "", "500A"),
        ("chat.ended", "Luz", "from-sf-success", "agent ended", "500A"),
    ]
    moments = [event.at for _, _, event in told]
    assert moments == sorted(moments)
    last = await lanes.take(desk.redis, hold, BOT, settled)
    assert isinstance(last, Pause)
    assert last.retired


async def test_an_end_that_was_ordered_tells_the_reason_for_which_it_was(desk: Desk) -> None:
    """Whichever of agent and user was first on the wire."""
    hold = await desk.active()
    await lanes.hang_up(desk.redis, hold.id, "user left")
    await over(desk, hold, ended())
    event = (await head(desk, hold)).item.event
    assert event
    assert event.reason == "user left"


async def test_a_bot_that_does_not_answer_holds_up_no_word_to_the_user(desk: Desk) -> None:
    hold = await desk.active()
    for n in range(3):
        words = Change(to_user=(text(f"a{n}", Origin.AGENT),), to_bot=(WAITING,))
        await polls.store_change(desk.redis, hold, words)
    taken = await head(desk, hold)
    refusal = taken.retry(60, "answered 503", Cause.TROUBLE, Whose.SHORE)
    assert isinstance(await lanes.take(desk.redis, hold, BOT, refusal), Pause)
    assert await desk.drain(hold, TO_USER) == ["a0", "a1", "a2"]
    await desk.redis.hset(key("hash", hold.id), "retry:bot", 1)  # its time has come
    again = await head(desk, hold)
    assert (again.number, again.item) == (taken.number, taken.item)  # so its id is the same, and what is told


async def test_the_last_event_waits_until_the_user_has_read_the_goodbye(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_bot=(ACCEPTED,)))
    await over(desk, hold, ended(), "adiós", "hasta luego")
    accepted = await head(desk, hold)  # no goodbye holds what happened before
    waiting = await lanes.take(desk.redis, hold, BOT, Settled(accepted.number, "delivered"))
    assert isinstance(waiting, Pause)
    assert waiting.wait and waiting.wait > HOUR / 2
    assert not await due(desk, hold)
    assert await desk.drain(hold, TO_USER) == ["adiós", "hasta luego"]
    assert await due(desk, hold)
    assert (await head(desk, hold)).item.text == EventType.ENDED


async def test_a_goodbye_that_nobody_takes_is_waited_for_as_long_as_the_bot_says(desk: Desk) -> None:
    hold = await desk.active()
    await over(desk, hold, ended(patience=1000), "adiós")
    goodbye = await head(desk, hold, lane=TO_USER)
    await lanes.take(desk.redis, hold, TO_USER, goodbye.retry(60, "answered 503", Cause.TROUBLE))
    assert isinstance(await lanes.take(desk.redis, hold, BOT), Pause)
    await desk.redis.hset(key("hash", hold.id), "failing:integration", 1)  # long ago
    assert (await head(desk, hold)).item.text == EventType.ENDED


async def test_a_goodbye_without_a_limit_is_waited_for_for_ever(desk: Desk) -> None:
    hold = await desk.active()
    await over(desk, hold, ended(patience=-1), "adiós")
    await desk.redis.hset(key("hash", hold.id), "failing:integration", 1)
    assert await lanes.take(desk.redis, hold, BOT) == Pause(None)
    assert await desk.drain(hold, TO_USER) == ["adiós"]
    assert await due(desk, hold)
    assert (await head(desk, hold)).item.text == EventType.ENDED


async def test_a_state_that_is_told_after_a_pause_is(desk: Desk) -> None:
    hold = await desk.active()
    await over(desk, hold, ended(delay=60_000))
    waiting = await lanes.take(desk.redis, hold, BOT)
    assert isinstance(waiting, Pause)
    assert waiting.wait and 50_000 < waiting.wait <= 60_000


async def test_whoever_owns_it_after_its_worker_died_tells_the_same(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_bot=(ACCEPTED,)))
    before = await head(desk, hold)
    await desk.redis.zadd(key("workers"), {hold.worker: 1})  # its lease is over
    [taken_over] = await desk.claimed("w2")
    assert await due(desk, taken_over)
    after = await head(desk, taken_over)
    assert (after.number, after.item) == (before.number, before.item)


async def test_a_chat_that_is_over_is_owned_until_the_bot_was_told(desk: Desk) -> None:
    hold = await desk.active()
    await over(desk, hold, ended())
    assert (await desk.fields(hold.id))["owner"] == hold.worker
    assert await desk.drain(hold, BOT) == ["chat.ended"]
    assert (await desk.fields(hold.id))["owner"] == ""


async def test_what_an_older_release_left_there_is_found_again(desk: Desk) -> None:
    """It knows two lanes, and lets go of a chat whose two are empty."""
    hold = await desk.active()
    await over(desk, hold, ended())
    await desk.redis.hset(key("hash", hold.id), "owner", "")
    await desk.redis.srem(key("owned", hold.worker), hold.id)
    await desk.redis.delete(key("due", BOT, hold.worker))
    fields = await desk.fields(hold.id)
    assert await mending.mend(desk.redis, "w2", rest=0) == [(fields["sessionId"], "last words that nobody delivers")]
    [found] = await desk.claimed("w2")
    assert await desk.drain(found, BOT) == ["chat.ended"]


async def test_an_agents_words_that_were_given_up_are_told(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("hola", Origin.AGENT),)))
    taken = await head(desk, hold, lane=TO_USER)
    settled = Settled(taken.number, "dead", "answered 400", to_bot=(UNDELIVERED,))
    for _ in range(2):  # the answer was lost
        await lanes.take(desk.redis, hold, TO_USER, settled)
    told = await head(desk, hold)
    assert told.item.event
    assert (told.item.text, told.item.event.reason) == ("message.undelivered", "answered 400")
    assert isinstance(await lanes.take(desk.redis, hold, BOT, Settled(told.number, "delivered")), Pause)


async def test_a_chat_that_was_never_opened_is_told(desk: Desk) -> None:
    await desk.redis.zadd(key("workers"), {"somebody": 9e15})
    await starts.reserve(desk.redis, "tienda", "ana", "token")
    fields = {
        "id": "ana-s", "userId": "ana", "sessionId": "s", "status": Status.FAILED, "provider": "whatsapp",
        "botSlug": "tienda", "timestamp": "2026-01-01T00:00:00+00:00", "reason": "no agent",
    }  # fmt: skip
    event = BotEvent(EventType.FAILED, "from-sf-timeout")
    assert await starts.store(desk.redis, "token", fields, {"sessionKey": Secret("k")}, {}, to_bot=(event,))
    [hold] = await desk.claimed()
    told = (await head(desk, hold)).item.event
    assert told
    assert (told.state, told.reason) == ("from-sf-timeout", "no agent")


async def test_one_event_that_a_bot_never_takes_is_repeated_while_it_takes_others(desk: Desk) -> None:
    """Texts are given up then; an event is not: only its own chat's wait behind it."""
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_bot=(ACCEPTED,)))
    for _ in range(12):
        taken = await head(desk, hold)
        refusal = taken.retry(0, "answered 500", Cause.TROUBLE, Whose.SHORE)
        await lanes.take(desk.redis, hold, BOT, replace(refusal, delivery_limit=24 * HOUR))
        await desk.redis.hset(key("shore", BOT, "tienda"), "takenAt", int(9e15))
        await desk.redis.hdel(key("hash", hold.id), "retry:bot")
        await desk.redis.hdel(key("shore", BOT, "tienda"), "pausedUntil")
    assert (await head(desk, hold)).item.text == EventType.ACCEPTED
    assert await desk.redis.xlen(key("dead")) == 0


async def test_a_bot_that_is_away_is_spared_by_all_its_chats_and_its_users_are_not(desk: Desk) -> None:
    talks = [await desk.active() for _ in range(4)]
    for hold in talks:
        words = Change(to_user=(text("hola", Origin.AGENT),), to_bot=(ACCEPTED,))
        await polls.store_change(desk.redis, hold, words)
    for hold in talks[:3]:
        taken = await head(desk, hold)
        await lanes.take(desk.redis, hold, BOT, taken.retry(0, "answered 503", Cause.TROUBLE, Whose.SHORE))
    spared = await lanes.take(desk.redis, talks[3], BOT)
    assert isinstance(spared, Pause)
    assert [await desk.drain(hold, TO_USER) for hold in talks] == [["hola"]] * 4


async def test_forgetting_a_conversation_forgets_what_its_bot_was_never_told(store: AsyncRedis, desk: Desk) -> None:
    hold = await desk.active()
    await over(desk, hold, ended())
    await store.zadd(key("over"), {hold.id: 1})
    await purge.purge_some(store)
    assert await store.keys(f"*{hold.id}*") == []
    assert await store.hget(key("depth"), BOT) == "0"


@pytest.mark.parametrize("lane", list(Lane))
async def test_a_worker_that_leaves_leaves_no_list_of_its_lanes(desk: Desk, lane: Lane) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("hola"),), to_bot=(ACCEPTED,)))
    await desk.hear(hold, "hola")
    await leases.release(desk.redis, hold.worker, [hold], leaving=True)
    assert not await desk.redis.exists(key("due", lane, hold.worker))
