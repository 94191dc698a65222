"""Files in the lane to Salesforce: no number of their own, remembered once they were in hand."""

from dataclasses import replace

import pytest

from interconnections.desks.live_agent.handover import reconnected
from interconnections.items import Change, File, Item, Kind, Lane, Origin
from interconnections.lifecycle import Status
from interconnections.secret import Secret
from interconnections.store import handovers, lanes, polls
from interconnections.store.keys import key
from interconnections.store.lanes import Pause, Settled, Taken
from interconnections.store.leases import Hold
from tests.desks import rebase
from tests.store.conftest import Desk, text

TO_AGENT, TO_USER = Lane.SALESFORCE, Lane.INTEGRATION
PHOTO = Item(Kind.FILE, Origin.USER, "[imagen]\nhttps://c.test/a", file=File("https://c.test/a", "image"))


async def with_a_file(desk: Desk) -> tuple[Hold, Taken]:
    """Something said, a file in hand, and more said behind it."""
    hold = await desk.active(text("uno"), PHOTO, text("dos"))
    first = await taken(desk, hold)
    return hold, await taken(desk, hold, Settled(first.number, "delivered"))


async def taken(desk: Desk, hold: Hold, settled: Settled | None = None) -> Taken:
    found = await lanes.take(desk.redis, hold, TO_AGENT, settled)
    assert isinstance(found, Taken)
    return found


async def test_a_file_takes_no_number_and_what_is_said_of_it_takes_the_next(desk: Desk) -> None:
    hold, file = await with_a_file(desk)
    assert (file.item, file.sequence, file.again) == (PHOTO, 0, False)
    said = Settled(file.number, "delivered", change=Change(first_to_agent=(text("está en el caso"),)))
    notice = await taken(desk, hold, said)
    last = await taken(desk, hold, Settled(notice.number, "delivered"))
    assert [(notice.item.text, notice.sequence), (last.item.text, last.sequence)] == [
        ("está en el caso", 3),
        ("dos", 4),
    ]


async def test_a_file_that_was_in_hand_is_known_to_have_been_even_after_a_hand_over(desk: Desk) -> None:
    hold, _ = await with_a_file(desk)
    assert (await taken(desk, hold)).again
    await rebase(desk.redis, hold, reconnected(Secret("a"), reset=True))
    await polls.store_change(desk.redis, hold, Change(fields={"handover": ""}))
    assert (await taken(desk, hold)).again


async def test_a_hand_over_compares_words_only(desk: Desk) -> None:
    hold, file = await with_a_file(desk)
    await lanes.take(desk.redis, hold, TO_AGENT, Settled(file.number, "delivered"))
    assert [words for _, words in (await handovers.ours(desk.redis, hold.id)).sent] == ["uno"]


async def test_a_file_that_is_replaced_was_not_delivered(desk: Desk) -> None:
    hold, file = await with_a_file(desk)
    before = await desk.redis.hget(key("counters"), "delivered:salesforce")
    link = await taken(
        desk, hold, Settled(file.number, "replaced", "too large", Change(first_to_agent=(text("enlace"),)))
    )
    assert link.item.text == "enlace"
    assert await desk.redis.hget(key("counters"), "delivered:salesforce") == before
    assert await desk.redis.xlen(key("dead")) == 0


@pytest.mark.parametrize("aside", [Settled("", "replaced", "too large"), Settled("", "delivered", aside=True)])
async def test_what_the_desk_was_not_sent_is_not_the_first_that_it_is_sent(desk: Desk, aside: Settled) -> None:
    """Where it routes by the first message, which has to say so: else nobody ever reads what follows."""
    hold = await desk.held(waits="0")
    await polls.store_change(desk.redis, hold, Change(first_to_agent=(PHOTO, text("hola"))))
    file = await taken(desk, hold)
    assert file.first
    told = Change(first_to_agent=(text("enlace"),))
    words = await taken(desk, hold, replace(aside, number=file.number, change=told))
    after = await taken(desk, hold, Settled(words.number, "delivered"))
    assert [(each.item.text, each.first) for each in (words, after)] == [("enlace", True), ("hola", False)]


async def test_a_file_in_the_chat_is_the_first_that_the_desk_is_sent(desk: Desk) -> None:
    hold = await desk.held(waits="0")
    await polls.store_change(desk.redis, hold, Change(first_to_agent=(PHOTO, text("hola"))))
    file = await taken(desk, hold)
    assert not (await taken(desk, hold, Settled(file.number, "delivered"))).first


@pytest.mark.parametrize(("outcome", "letters", "told"), [("delivered", 0, []), ("replaced", 1, ["no llegó"])])
async def test_a_file_in_hand_as_the_chat_ended_is_judged_by_where_it_came(
    desk: Desk, outcome: str, letters: int, told: list[str]
) -> None:
    hold = await desk.active(PHOTO)
    file = await taken(desk, hold)
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, if_lost=(text("se perdió"),)))
    change = Change(first_to_agent=(text("enlace"),))
    settled = Settled(file.number, outcome, "x", change, told=(text("no llegó", Origin.BRIDGE),))
    assert await lanes.take(desk.redis, hold, TO_AGENT, settled) == Pause(None, retired=not told)
    assert await desk.redis.xlen(key("dead")) == letters
    if told:
        assert await desk.drain(hold, TO_USER) == told
