"""What a platform took and could not bring goes once in another way, under another number and the same names."""

from dataclasses import replace

from interconnections.bot_events import BotEvent, EventType
from interconnections.items import Change, Lane, Origin
from interconnections.store import lanes, polls, receipts, sent
from interconnections.store.keys import key
from interconnections.store.lanes import Cause, Settled, Taken, Terms
from interconnections.store.leases import Hold
from interconnections.store.sent import Fate
from tests.store.conftest import Desk, text

SHOWS = 20_000  # ms
UPLOADED = text("subido", Origin.AGENT)


async def taken(desk: Desk, hold: Hold, settled: Settled | None = None) -> Taken:
    found = await lanes.take(desk.redis, hold, Lane.INTEGRATION, settled, terms=Terms(shows_within=SHOWS))
    assert isinstance(found, Taken)
    return found


async def shown_as(desk: Desk, hold: Hold, item: Taken, id: str) -> None:
    delivered = Settled(item.number, "delivered", sent_as=id, took=5, quotable=True)
    await lanes.take(desk.redis, hold, Lane.INTEGRATION, delivered, terms=Terms(shows_within=SHOWS))


async def told(
    desk: Desk, hold: Hold, id: str, state: str = "failed", number: str = "", code: str = "131053"
) -> sent.Noted:
    fields = await desk.fields(hold.id)
    fate = Fate(id, state, at=7, code=code, session=fields["sessionId"] if number else "", number=number)
    again = (UPLOADED,) if (state, code) == ("failed", "131053") else ()
    event = BotEvent(EventType.UNDELIVERED, reason=code)
    return await sent.note(desk.redis, "tienda", [fields["userId"]], fate, (text("no llegó"),), (event,), again)


async def repeated(desk: Desk, hold: Hold) -> Taken:
    """A file that went twice, as nothing was heard of the first send in time; the second is on its way."""
    await polls.store_change(desk.redis, hold, Change(to_user=(text("plano.png", Origin.AGENT),), said_as="e1"))
    first = await taken(desk, hold)
    lost = replace(first.retry(0.0, "no answer", Cause.TROUBLE), silent=True)
    await lanes.take(desk.redis, hold, Lane.INTEGRATION, lost, terms=Terms(shows_within=SHOWS))
    await desk.redis.hincrby(key("hash", hold.id), "inHandAt", -SHOWS)
    return await taken(desk, hold)


async def test_a_file_that_failed_under_both_its_ids_goes_again_once(desk: Desk) -> None:
    hold = await desk.active()
    item = await repeated(desk, hold)
    await shown_as(desk, hold, item, "wamid.B")
    assert (await told(desk, hold, "wamid.A", number=item.number)).ring is None
    assert (await told(desk, hold, "wamid.B", number=item.number)).ring
    assert await desk.drain(hold, Lane.INTEGRATION) == ["subido"]
    assert await desk.drain(hold, Lane.SALESFORCE) == []
    assert await desk.drain(hold, Lane.BOT) == []


async def test_a_file_goes_again_once_though_its_other_id_is_heard_of_after_that(desk: Desk) -> None:
    """Nor is its agent told then that it failed, whatever the reason."""
    hold = await desk.active()
    item = await repeated(desk, hold)
    await shown_as(desk, hold, item, "wamid.B")
    assert (await told(desk, hold, "wamid.B")).ring
    for id, code in (("wamid.A", "131053"), ("wamid.C", "131026")):
        assert (await told(desk, hold, id, number=item.number, code=code)).ring is None
    assert await desk.drain(hold, Lane.INTEGRATION) == ["subido"]
    assert await desk.drain(hold, Lane.SALESFORCE) == []


async def test_a_file_that_arrived_under_one_id_does_not_go_again_for_the_other(desk: Desk) -> None:
    hold = await desk.active()
    item = await repeated(desk, hold)
    await shown_as(desk, hold, item, "wamid.B")
    await told(desk, hold, "wamid.B", "delivered")
    await told(desk, hold, "wamid.A", number=item.number)
    assert await desk.drain(hold, Lane.INTEGRATION) == []


async def test_a_file_that_arrived_while_its_repeat_was_on_its_way_does_not_go_again(desk: Desk) -> None:
    hold = await desk.active()
    item = await repeated(desk, hold)
    await told(desk, hold, "wamid.A", "delivered", number=item.number)
    await shown_as(desk, hold, item, "wamid.B")
    await told(desk, hold, "wamid.B")
    assert await desk.drain(hold, Lane.INTEGRATION) == []


async def test_what_goes_again_keeps_its_names(desk: Desk) -> None:
    """The desk is told when it was read, an answer to it quotes it, and it quotes what it answers."""
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("mire", Origin.AGENT),), said_as="e0"))
    await shown_as(desk, hold, await taken(desk, hold), "wamid.0")
    plan = Change(to_user=(text("plano.png", Origin.AGENT),), said_as="e1", answers="e0")
    await polls.store_change(desk.redis, hold, plan)
    await shown_as(desk, hold, await taken(desk, hold), "wamid.1")
    await told(desk, hold, "wamid.1")
    again = await taken(desk, hold)
    assert (again.item.text, again.quotes) == ("subido", "wamid.0")
    await shown_as(desk, hold, again, "wamid.2")
    await told(desk, hold, "wamid.2", "read")
    assert await receipts.taken(desk.redis, hold.id) == {"e1": "read"}
    await polls.store_change(desk.redis, hold, Change(to_user=(text("¿lo ve?", Origin.AGENT),), answers="e1"))
    assert (await taken(desk, hold)).quotes == "wamid.2"


async def test_an_answer_quotes_the_one_of_two_ids_that_did_not_fail(desk: Desk) -> None:
    hold = await desk.active()
    item = await repeated(desk, hold)
    await told(desk, hold, "wamid.A", "sent", number=item.number)
    await shown_as(desk, hold, item, "wamid.B")
    await told(desk, hold, "wamid.A")
    await told(desk, hold, "wamid.C", number=item.number)
    await polls.store_change(desk.redis, hold, Change(to_user=(text("¿lo ve?", Origin.AGENT),), answers="e1"))
    assert (await taken(desk, hold)).quotes == "wamid.B"
