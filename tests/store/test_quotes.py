"""Which message an answer quotes: by the desk's name of it, and by the platform's."""

from interconnections.items import Change, Item, Lane, Origin
from interconnections.lifecycle import Status
from interconnections.store import hearing, lanes, polls
from interconnections.store.hearing import Doing
from interconnections.store.keys import key
from interconnections.store.lanes import Settled, Taken
from interconnections.store.leases import Hold
from tests.store.conftest import Desk, text


async def taken(desk: Desk, hold: Hold, lane: Lane = Lane.INTEGRATION, settled: Settled | None = None) -> Taken:
    found = await lanes.take(desk.redis, hold, lane, settled)
    assert isinstance(found, Taken)
    return found


def shown_as(item: Taken, id: str, *, quotable: bool = True) -> Settled:
    return Settled(item.number, "delivered", sent_as=id, took=5, quotable=quotable)


async def the_user_says(desk: Desk, hold: Hold, id: str, *words: str) -> None:
    """In so many pieces; the desk calls each "entry <number>"."""
    fields = await desk.fields(hold.id)
    await hearing.hear(
        desk.redis, fields["botSlug"], fields["userId"], message=id, dedupe=60,
        items=tuple(text(each) for each in words), entry="", context=(60, 10), origin=Origin.USER,
        person=Doing(fields={"last": id}),
    )  # fmt: skip
    for _ in words:
        piece = await taken(desk, hold, Lane.SALESFORCE)
        settled = Settled(piece.number, "delivered", named=f"entry {piece.number}")
        await lanes.take(desk.redis, hold, Lane.SALESFORCE, settled)


async def answer(desk: Desk, hold: Hold, answers: str, *items: Item, said_as: str = "") -> None:
    said = items or (text("sí", Origin.AGENT),)
    await polls.store_change(desk.redis, hold, Change(to_user=said, answers=answers, said_as=said_as))


async def test_an_answer_quotes_what_the_user_said_whichever_piece_of_it_is_meant(desk: Desk) -> None:
    hold = await desk.active()
    await the_user_says(desk, hold, "wamid.A", "¿y mi", "pedido?")
    for number in ("1", "2"):
        await answer(desk, hold, f"entry {number}")
        item = await taken(desk, hold)
        assert item.quotes == "wamid.A"
        await lanes.take(desk.redis, hold, Lane.INTEGRATION, Settled(item.number, "delivered"))


async def test_an_answer_quotes_what_the_agent_said_before(desk: Desk) -> None:
    hold = await desk.active()
    await answer(desk, hold, "", text("¿le ayudo?", Origin.AGENT), said_as="e1")
    await answer(desk, hold, "e1")
    first = await taken(desk, hold)
    assert first.quotes == ""
    second = await taken(desk, hold, settled=shown_as(first, "wamid.1"))
    assert second.quotes == "wamid.1"


async def test_of_an_answer_in_pieces_the_first_quotes(desk: Desk) -> None:
    hold = await desk.active()
    await the_user_says(desk, hold, "wamid.A", "hola")
    await answer(desk, hold, "entry 1", text("uno", Origin.AGENT), text("dos", Origin.AGENT))
    first = await taken(desk, hold)
    second = await taken(desk, hold, settled=Settled(first.number, "delivered"))
    assert [first.quotes, second.quotes] == ["wamid.A", ""]


async def test_what_is_sent_again_quotes_the_same(desk: Desk) -> None:
    hold = await desk.active()
    await the_user_says(desk, hold, "wamid.A", "hola")
    await answer(desk, hold, "entry 1")
    item = await taken(desk, hold)
    again = await taken(desk, hold, settled=item.retry(0, "busy", lanes.Cause.TROUBLE))
    assert again.quotes == "wamid.A"


async def test_nothing_is_quoted_that_nobody_knows(desk: Desk) -> None:
    hold = await desk.active()
    await answer(desk, hold, "entry 99")
    assert (await taken(desk, hold)).quotes == ""


async def test_names_are_kept_for_what_is_still_to_be_said_after_the_end(desk: Desk) -> None:
    hold = await desk.active()
    await the_user_says(desk, hold, "wamid.A", "hola")
    await answer(desk, hold, "entry 1")
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, reason="x"))
    assert (await taken(desk, hold)).quotes == "wamid.A"
    assert 0 < await desk.redis.ttl(key("quotes", hold.id)) <= 3600


async def test_what_is_delivered_after_the_end_keeps_names_no_longer(desk: Desk) -> None:
    hold = await desk.active()
    await the_user_says(desk, hold, "wamid.A", "hola")
    goodbye = Change(to=Status.CLOSED, reason="x", to_user=(text("adiós", Origin.AGENT),))
    await polls.store_change(desk.redis, hold, goodbye)
    await lanes.take(desk.redis, hold, Lane.INTEGRATION, shown_as(await taken(desk, hold), "wamid.1"))
    assert 0 < await desk.redis.ttl(key("quotes", hold.id)) <= 3600


async def test_names_go_by_themselves_when_nobody_has_said_a_thing_for_a_week(desk: Desk) -> None:
    hold = await desk.active()
    await the_user_says(desk, hold, "wamid.A", "hola")
    await desk.redis.expire(key("quotes", hold.id), 60)
    await answer(desk, hold, "", said_as="e1")
    assert 600_000 < await desk.redis.ttl(key("quotes", hold.id)) <= 604_800


async def test_no_names_are_kept_of_what_nobody_can_quote(desk: Desk) -> None:
    hold = await desk.active()
    await answer(desk, hold, "")
    settled = shown_as(await taken(desk, hold), "wamid.1", quotable=False)
    await lanes.take(desk.redis, hold, Lane.INTEGRATION, settled)
    assert not await desk.redis.exists(key("quotes", hold.id))
