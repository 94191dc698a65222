"""What a platform tells of messages that it took: each checkpoint once, never backwards; and lost answers."""

import itertools
import time
from dataclasses import replace

import pytest

from interconnections.bot_events import BotEvent, EventType
from interconnections.errors import LostOwnership
from interconnections.items import Change, Item, Lane, Origin
from interconnections.lifecycle import Status
from interconnections.store import lanes, polls, purge, receipts, sent
from interconnections.store.keys import key
from interconnections.store.lanes import Cause, Taken, Terms
from interconnections.store.leases import Hold
from interconnections.store.sent import Fate
from tests.store.conftest import Desk, text

SHOWS = 20_000  # ms


async def states(desk: Desk, hold: Hold) -> list[str]:
    rows = [row for _, row in await desk.redis.xrange(key("messages", hold.id))]
    return [
        row["checkpoint"].removeprefix("status:") for row in rows if row.get("checkpoint", "").startswith("status:")
    ]


async def user_of(desk: Desk, hold: Hold) -> str:
    return (await desk.fields(hold.id))["userId"]


async def note(
    desk: Desk, hold: Hold, sent_as: str, state: str, notice: tuple[Item, ...] = (), **more: object
) -> sent.Noted:
    fate = Fate(sent_as, state, at=7, **more)
    return await sent.note(desk.redis, "tienda", [await user_of(desk, hold)], fate, notice)


@pytest.mark.parametrize("order", list(itertools.permutations(["sent", "delivered", "read"])), ids="-".join)
async def test_a_status_never_goes_back_in_whatever_order_they_come(desk: Desk, order: tuple[str, ...]) -> None:
    hold = await desk.active()
    await desk.delivered(hold, "hola", "wamid.1")
    for state in (*order, *order):
        await note(desk, hold, "wamid.1", state)
    seen = await states(desk, hold)
    assert seen == sorted(seen, key=["sent", "delivered", "read"].index)
    assert seen[-1] == "read"
    assert len(seen) == len(set(seen))


async def test_what_failed_is_told_its_agent_once(desk: Desk) -> None:
    hold = await desk.active()
    await desk.delivered(hold, "hola", "wamid.1")
    await note(desk, hold, "wamid.1", "sent")
    first = await note(desk, hold, "wamid.1", "failed", (text("no llegó"),), code="131026")
    assert first.ring
    assert first.ring[0] is Lane.SALESFORCE
    assert (await note(desk, hold, "wamid.1", "failed", (text("no llegó"),), code="131026")).ring is None
    assert await desk.drain(hold, Lane.SALESFORCE) == ["no llegó"]


async def test_what_arrived_did_not_fail(desk: Desk) -> None:
    hold = await desk.active()
    await desk.delivered(hold, "hola", "wamid.1")
    await note(desk, hold, "wamid.1", "delivered")
    await note(desk, hold, "wamid.1", "failed", (text("no llegó"),))
    assert await desk.drain(hold, Lane.SALESFORCE) == []


async def test_a_status_may_come_before_the_answer_of_its_message(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("hola", Origin.AGENT),)))
    taken = await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS))
    assert isinstance(taken, Taken)
    assert (await note(desk, hold, "wamid.1", "delivered")).ours
    assert await states(desk, hold) == []
    delivered = lanes.Settled(taken.number, "delivered", sent_as="wamid.1", took=5)
    await lanes.take(desk.redis, hold, Lane.INTEGRATION, delivered, terms=Terms(shows_within=SHOWS))
    assert await states(desk, hold) == ["delivered"]


async def test_a_watermark_tells_of_all_that_went_before_it(desk: Desk) -> None:
    hold = await desk.active()
    for n in range(3):
        await desk.delivered(hold, f"m{n}", f"m_{n}")
    later = int(time.time() * 1000) + 1000
    await note(desk, hold, "", "delivered", until=later)
    await note(desk, hold, "", "delivered", until=later)
    assert await states(desk, hold) == ["delivered"] * 3
    await note(desk, hold, "", "read", until=later)
    assert await states(desk, hold) == ["delivered"] * 3 + ["read"] * 3
    await note(desk, hold, "", "read", until=later + 1)
    assert len(await states(desk, hold)) == 6


async def test_a_watermark_of_before_tells_nothing_of_what_came_later(desk: Desk) -> None:
    hold = await desk.active()
    await desk.delivered(hold, "hola", "m_1")
    await note(desk, hold, "", "read", until=1000)
    assert await states(desk, hold) == []


async def test_the_status_of_somebody_elses_message_is_nobodys(desk: Desk) -> None:
    fate = Fate("wamid.x", "delivered", 7)
    assert not (await sent.note(desk.redis, "tienda", ["nobody"], fate)).ours
    assert not (await sent.note(desk.redis, "tienda", [], fate)).ours


async def lost_answer(desk: Desk, hold: Hold) -> Taken:
    await polls.store_change(desk.redis, hold, Change(to_user=(text("hola", Origin.AGENT),)))
    taken = await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS))
    assert isinstance(taken, Taken)
    lost = taken.retry(0.0, "no answer", Cause.TROUBLE)
    object.__setattr__(lost, "silent", True)
    pause = await lanes.take(desk.redis, hold, Lane.INTEGRATION, lost, terms=Terms(shows_within=SHOWS))
    assert isinstance(pause, lanes.Pause)
    assert pause.wait
    assert pause.wait > SHOWS - 5_000
    return taken


async def session_of(desk: Desk, hold: Hold) -> str:
    return (await desk.fields(hold.id))["sessionId"]


async def test_a_lost_answer_waits_for_what_the_platform_shows(desk: Desk) -> None:
    hold = await desk.active()
    taken = await lost_answer(desk, hold)
    noted = await note(desk, hold, "wamid.1", "sent", session=await session_of(desk, hold), number=taken.number)
    assert noted.ring
    assert noted.ring[0] is Lane.INTEGRATION
    shown = await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS))
    assert isinstance(shown, Taken)
    assert (shown.number, shown.shown_as) == (taken.number, "wamid.1")
    delivered = lanes.Settled(taken.number, "delivered", sent_as=shown.shown_as)
    await lanes.take(desk.redis, hold, Lane.INTEGRATION, delivered, terms=Terms(shows_within=SHOWS))
    assert await states(desk, hold) == ["sent"]


async def test_what_nothing_shows_in_time_is_sent_again(desk: Desk) -> None:
    hold = await desk.active()
    taken = await lost_answer(desk, hold)
    await desk.redis.hincrby(key("hash", hold.id), "inHandAt", -SHOWS)
    again = await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS))
    assert isinstance(again, Taken)
    assert (again.number, again.again, again.shown_as) == (taken.number, True, "")


async def test_a_new_owner_waits_too_for_what_the_dead_one_may_have_sent(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("hola", Origin.AGENT),)))
    assert isinstance(await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS)), Taken)
    pause = await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS))
    assert isinstance(pause, lanes.Pause)


async def test_what_was_taken_and_not_sent_is_sent_by_the_next_owner_at_once(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("hola", Origin.AGENT),)))
    terms = Terms(shows_within=SHOWS)
    assert isinstance(await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=terms), Taken)
    await lanes.unsent(desk.redis, hold, terms.ticket)
    again = await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS))
    assert isinstance(again, Taken)
    assert not again.again


async def test_what_another_had_in_hand_is_no_less_in_doubt_for_what_we_did_not_send(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("hola", Origin.AGENT),)))
    assert isinstance(await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS)), Taken)
    await lanes.unsent(desk.redis, hold, "another's")
    again = await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS))
    assert isinstance(again, lanes.Pause)


async def test_what_went_long_after_it_was_taken_is_awaited_from_then_on(desk: Desk) -> None:
    """As an upload came first; whether its worker heard no answer, or died."""
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("plano.png", Origin.AGENT),)))
    taken = await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS))
    assert isinstance(taken, Taken)
    await desk.redis.hincrby(key("hash", hold.id), "inHandAt", -SHOWS)
    assert await lanes.goes(desk.redis, hold, taken.number) == ""
    lost = replace(taken.retry(0.0, "no answer", Cause.TROUBLE), silent=True)
    for settled in (None, lost):
        pause = await lanes.take(desk.redis, hold, Lane.INTEGRATION, settled, terms=Terms(shows_within=SHOWS))
        assert isinstance(pause, lanes.Pause)
        assert pause.wait
        assert pause.wait > SHOWS - 5_000


async def test_what_was_shown_while_its_next_upload_lasted_does_not_go_again(desk: Desk) -> None:
    hold = await desk.active()
    taken = await lost_answer(desk, hold)
    await desk.redis.hincrby(key("hash", hold.id), "inHandAt", -SHOWS)
    assert isinstance(await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS)), Taken)
    await note(desk, hold, "wamid.1", "sent", session=await session_of(desk, hold), number=taken.number)
    assert await lanes.goes(desk.redis, hold, taken.number) == "wamid.1"


async def test_what_is_another_owners_meanwhile_does_not_go(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("plano.png", Origin.AGENT),)))
    taken = await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS))
    assert isinstance(taken, Taken)
    await desk.redis.hset(key("hash", hold.id), "fence", "99")
    with pytest.raises(LostOwnership):
        await lanes.goes(desk.redis, hold, taken.number)


async def test_what_was_refused_goes_again_without_a_wait(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("hola", Origin.AGENT),)))
    taken = await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS))
    assert isinstance(taken, Taken)
    refused = taken.retry(0.0, "answered 429", Cause.TROUBLE)
    again = await lanes.take(desk.redis, hold, Lane.INTEGRATION, refused, terms=Terms(shows_within=SHOWS))
    assert isinstance(again, Taken)
    assert not again.again


async def test_all_of_it_is_forgotten_with_its_conversation(desk: Desk) -> None:
    hold = await desk.active()
    await desk.delivered(hold, "hola", "wamid.1")
    await note(desk, hold, "wamid.2", "delivered")
    places = [key(kind, hold.id) for kind in ("sent", "unread", "early")]
    assert await desk.redis.exists(*places) == 3
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, reason="x"))
    await desk.redis.zadd(key("over"), {hold.id: 1})
    await purge.purge_due(desk.redis)
    assert await desk.redis.exists(*places) == 0


async def test_words_are_found_by_the_platforms_id_of_them(desk: Desk) -> None:
    hold = await desk.active()
    user = await user_of(desk, hold)
    await desk.delivered(hold, "¿le ayudo?", "wamid.OUT")
    await desk.hear(hold, "sí, por favor", "wamid.IN")
    for id, words in (("wamid.OUT", "¿le ayudo?"), ("wamid.IN", "sí, por favor"), ("wamid.OF-ANOTHER", None)):
        found = await sent.item_of(desk.redis, "tienda", user, id)
        assert (found.text if found else None) == words


async def said_as(desk: Desk, hold: Hold, name: str, words: str, as_: str) -> None:
    """An agent's word, which its desk calls `name`, taken by the platform as `as_`."""
    await polls.store_change(desk.redis, hold, Change(to_user=(text(words, Origin.AGENT),), said_as=name))
    taken = await lanes.take(desk.redis, hold, Lane.INTEGRATION)
    assert isinstance(taken, Taken)
    await lanes.take(
        desk.redis, hold, Lane.INTEGRATION, lanes.Settled(taken.number, "delivered", sent_as=as_, took=5)
    )


async def test_what_a_phone_told_waits_for_the_owner_under_the_desks_name(desk: Desk) -> None:
    hold = await desk.active()
    await said_as(desk, hold, "e1", "uno", "wamid.1")
    await said_as(desk, hold, "e2", "dos", "wamid.2")
    noted = await note(desk, hold, "wamid.1", "delivered")
    fields = await desk.fields(hold.id)
    assert noted.receipts == (fields["salesforceMessageChannel"], fields["sessionId"])
    await note(desk, hold, "wamid.1", "read")
    await note(desk, hold, "wamid.2", "delivered")
    assert await receipts.taken(desk.redis, hold.id) == {"e1": "read", "e2": "delivered"}
    assert await receipts.taken(desk.redis, hold.id) == {}


async def test_all_that_was_read_until_a_moment_is_told_at_once(desk: Desk) -> None:
    hold = await desk.active()
    for n in (1, 2):
        await said_as(desk, hold, f"e{n}", str(n), f"m{n}")
    noted = await note(desk, hold, "", "read", until=int(time.time() * 1000) + 1000)
    assert noted.receipts
    assert await receipts.taken(desk.redis, hold.id) == {"e1": "read", "e2": "read"}


async def test_what_the_bridge_said_or_was_only_sent_is_none_of_the_desks_business(desk: Desk) -> None:
    hold = await desk.active()
    await desk.delivered(hold, "hola", "wamid.1")
    await said_as(desk, hold, "e1", "uno", "wamid.2")
    assert (await note(desk, hold, "wamid.1", "read")).receipts is None
    assert (await note(desk, hold, "wamid.2", "sent")).receipts is None
    assert await receipts.taken(desk.redis, hold.id) == {}


async def test_receipts_go_with_the_chat(desk: Desk) -> None:
    hold = await desk.active()
    await said_as(desk, hold, "e1", "uno", "wamid.1")
    await note(desk, hold, "wamid.1", "delivered")
    places = [key(kind, hold.id) for kind in ("origins", "receipts")]
    assert await desk.redis.exists(*places) == 2
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, reason="x"))
    assert await desk.redis.exists(*places) == 0


FAILED = (BotEvent(EventType.UNDELIVERED, reason="the platform could not deliver it: 131026"),)


async def failed(desk: Desk, hold: Hold, sent_as: str) -> sent.Noted:
    fate = Fate(sent_as, "failed", at=7, code="131026")
    return await sent.note(desk.redis, "tienda", [await user_of(desk, hold)], fate, (), FAILED)


async def test_what_failed_later_is_told_the_bot_once(desk: Desk) -> None:
    hold = await desk.active()
    await desk.delivered(hold, "hola", "wamid.1")
    for _ in range(2):
        await failed(desk, hold, "wamid.1")
    taken = await lanes.take(desk.redis, hold, Lane.BOT)
    assert isinstance(taken, Taken)
    assert taken.item.text == "message.undelivered"
    assert taken.item.event
    assert taken.item.event.reason == FAILED[0].reason
    assert not isinstance(
        await lanes.take(desk.redis, hold, Lane.BOT, lanes.Settled(taken.number, "delivered")), Taken
    )


async def test_what_fails_after_the_chat_is_told_by_whoever_takes_it_up(desk: Desk) -> None:
    hold = await desk.active()
    await desk.delivered(hold, "hola", "wamid.1")
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, reason="agent ended"))
    assert (await desk.fields(hold.id))["owner"] == ""
    await failed(desk, hold, "wamid.1")
    [again] = await desk.claimed()
    taken = await lanes.take(desk.redis, again, Lane.BOT)
    assert isinstance(taken, Taken)
    assert taken.item.text == EventType.UNDELIVERED


async def test_a_failure_told_before_the_answer_is_told_the_bot_with_it(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("hola", Origin.AGENT),)))
    taken = await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS))
    assert isinstance(taken, Taken)
    await failed(desk, hold, "wamid.1")
    delivered = lanes.Settled(taken.number, "delivered", sent_as="wamid.1", took=5)
    await lanes.take(desk.redis, hold, Lane.INTEGRATION, delivered, terms=Terms(shows_within=SHOWS))
    assert isinstance(await lanes.take(desk.redis, hold, Lane.BOT), Taken)


async def test_what_is_sent_again_in_another_way_is_told_nobody_as_failed(desk: Desk) -> None:
    """Once, however often Meta says that it failed."""
    hold = await desk.active()
    await desk.delivered(hold, "plano.png", "wamid.1")
    fate, user = Fate("wamid.1", "failed", at=7, code="131053"), await user_of(desk, hold)
    for ring in (True, False):
        notice, again = (text("no llegó"),), (text("subido", Origin.AGENT),)
        noted = await sent.note(desk.redis, "tienda", [user], fate, notice, FAILED, again)
        assert bool(noted.ring) is ring
    assert await desk.drain(hold, Lane.INTEGRATION) == ["subido"]
    assert await desk.drain(hold, Lane.SALESFORCE) == []
    assert await desk.drain(hold, Lane.BOT) == []


async def test_what_failed_before_its_answer_came_is_sent_again_after_it(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("plano.png", Origin.AGENT),)))
    taken = await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=SHOWS))
    assert isinstance(taken, Taken)
    fate, user = Fate("wamid.1", "failed", at=7, code="131053"), await user_of(desk, hold)
    again = (text("subido", Origin.AGENT),)
    await sent.note(desk.redis, "tienda", [user], fate, (text("no llegó"),), FAILED, again)
    delivered = lanes.Settled(taken.number, "delivered", sent_as="wamid.1", took=5)
    taken = await lanes.take(desk.redis, hold, Lane.INTEGRATION, delivered, terms=Terms(shows_within=SHOWS))
    assert isinstance(taken, Taken)
    assert taken.item.text == "subido"
    assert await desk.drain(hold, Lane.SALESFORCE) == []
