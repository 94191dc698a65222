"""One person under several ids: whichever is shown, their chat, their past and their window are found."""

import json

from interconnections.items import Origin
from interconnections.store import context, hearing, lanes, lookups, people, starts
from interconnections.store.hearing import Doing, Heard, Receipt
from interconnections.store.keys import key
from tests.store.conftest import Desk, text

NUMBER, BSUID, NEW = "5215587650001", "MX.40011223344556677889", "MX.9f8e7d6c5b4a"


async def hears(
    desk: Desk, user: str, words: str, id: str, *also: str, recorded: bool = False, **fields: str | int
) -> Receipt:
    return await hearing.hear(
        desk.redis, "tienda", user, message=id, dedupe=60, items=(text(words),),
        entry=json.dumps([1_000, "user", words, "", "", ""]), context=(3600, 200), origin=Origin.USER,
        person=Doing(also, dict(fields)), recorded=recorded,
    )  # fmt: skip


async def test_a_chat_is_found_under_every_id_that_was_seen_with_its_own(desk: Desk) -> None:
    await desk.opened(user=NUMBER)
    assert (await hears(desk, BSUID, "¿quién?", "w1")).heard is Heard.CONTEXT
    assert (await hears(desk, BSUID, "hola", "w2", NUMBER)).heard is Heard.HELD
    assert (await hears(desk, BSUID, "sigo", "w3")).heard is Heard.HELD
    assert (await hears(desk, NUMBER, "aquí", "w4")).heard is Heard.HELD


async def test_one_person_opens_one_chat_whichever_id_the_bot_names(desk: Desk) -> None:
    await people.same(desk.redis, "tienda", (NUMBER, BSUID))
    await desk.opened(user=NUMBER)
    await desk.redis.zadd(key("workers"), {"somebody": 9e15})
    assert (await starts.reserve(desk.redis, "tienda", BSUID, "t")).state == "open"


async def test_while_a_chat_is_being_opened_none_is_opened_under_another_id(desk: Desk) -> None:
    await people.same(desk.redis, "tienda", (NUMBER, BSUID))
    await desk.redis.zadd(key("workers"), {"somebody": 9e15})
    assert (await starts.reserve(desk.redis, "tienda", NUMBER, "one")).state == "reserved"
    assert (await starts.reserve(desk.redis, "tienda", BSUID, "two")).state == "starting"


async def test_finish_and_context_take_any_of_them(desk: Desk) -> None:
    await hears(desk, NUMBER, "antes", "w1")
    await hears(desk, BSUID, "después", "w2", NUMBER)
    id = await desk.opened(user=BSUID)
    for asked in (NUMBER, BSUID):
        assert [place.open_id for place in await lookups.places(desk.redis, asked, ["tienda", "otra"])] == [id, ""]
        assert await lookups.users_with_context(desk.redis, asked, ["otra", "tienda"]) == ["tienda"]
        said = await context.read(desk.redis, "tienda", asked, 24)
        assert sorted(entry.text for entry in said) == ["antes", "después"]


async def test_a_third_id_joins_those_that_are_one_person(desk: Desk) -> None:
    await people.same(desk.redis, "tienda", (NUMBER, BSUID))
    await people.same(desk.redis, "tienda", (BSUID, NEW))
    for id in (NUMBER, BSUID, NEW):
        assert set(await people.ids_of(desk.redis, "tienda", id)) == {NUMBER, BSUID, NEW}
    assert await people.ids_of(desk.redis, "otra", NUMBER) == (NUMBER,)


async def test_a_person_of_ever_new_ids_is_found_by_the_newest_and_kept_in_a_dozen(desk: Desk) -> None:
    id = await desk.opened(user=NUMBER)
    for n in range(20):
        await people.same(desk.redis, "tienda", (NUMBER, f"told.{n}"))
        await hears(desk, f"shown.{n}", "hola", f"w{n}", NUMBER)
        assert [place.open_id for place in await lookups.places(desk.redis, f"told.{n}", ["tienda"])] == [id]
        assert [place.open_id for place in await lookups.places(desk.redis, f"shown.{n}", ["tienda"])] == [id]
    kept = await people.ids_of(desk.redis, "tienda", NUMBER)
    assert len(kept) == people.MOST_IDS
    assert {NUMBER, "told.19", "shown.19"} <= set(kept)
    sets = [name async for name in desk.redis.scan_iter(key("aliases", "tienda", "*"))]
    assert max([await desk.redis.scard(name) for name in sets]) == people.MOST_IDS


async def test_until_when_we_may_write_only_grows(desk: Desk) -> None:
    await hears(desk, NUMBER, "hola", "w1", windowUntil=2_000, saidAt=1_000, last="w1")
    await hears(desk, NUMBER, "tarde", "w0", windowUntil=1_500, saidAt=1_100, last="w0")
    known = await people.known(desk.redis, "tienda", NUMBER)
    assert (known.window_until, known.said_at, known.last) == (2_000, 1_100, "w0")


async def test_what_comes_late_or_again_sets_nothing_back(desk: Desk) -> None:
    for id, at, holder in (
        ("w2", 2_000, ""),
        ("w1", 1_000, "the inbox"),
        ("w2", 2_000, ""),
        ("w1", 1_000, "the inbox"),
    ):
        await hears(desk, NUMBER, "hola", id, saidAt=at, last=id, heldBy=holder, heldAt=at)
    known = await people.known(desk.redis, "tienda", NUMBER)
    assert (known.said_at, known.last, known.held_by) == (2_000, "w2", "")


async def test_who_has_the_talk_says_the_last_that_was_told(desk: Desk) -> None:
    async def holder() -> str:
        return (await people.known(desk.redis, "tienda", NUMBER)).held_by

    await hears(desk, NUMBER, "hola", "w1", heldBy="the inbox", heldAt=1_000)
    assert await holder() == "the inbox"
    await people.taken(desk.redis, "tienda", NUMBER, 2_000)  # by us
    assert await holder() == ""
    await hears(desk, NUMBER, "hola", "w2", heldBy="the inbox", heldAt=1_500)  # told before
    assert await holder() == ""
    await hears(desk, NUMBER, "hola", "w3", heldBy="the inbox", heldAt=3_000)
    assert await holder() == "the inbox"
    assert (await people.known(desk.redis, "tienda", NUMBER)).held_at == 3_000


async def test_the_window_is_the_persons_not_the_ids(desk: Desk) -> None:
    await hears(desk, NUMBER, "hola", "w1", windowUntil=5_000, saidAt=1_000, last="w1")
    await hears(desk, BSUID, "hola", "w2", NUMBER, saidAt=2_000, last="w2")
    known = await people.known(desk.redis, "tienda", NUMBER)
    assert (known.window_until, known.last) == (5_000, "w2")


async def test_what_is_for_the_record_alone_goes_to_no_agent(desk: Desk) -> None:
    hold = await desk.active(user=NUMBER)
    assert (await hears(desk, NUMBER, "de ayer", "w1", recorded=True)).heard is Heard.CONTEXT
    assert (await hears(desk, NUMBER, "de ayer", "w1", recorded=True)).heard is Heard.REPEAT
    assert await desk.drain(hold, lanes.Lane.SALESFORCE) == []
    assert [entry.text for entry in await context.read(desk.redis, "tienda", NUMBER, 24)] == ["de ayer"]


async def test_a_repeat_tells_what_it_was_kept_as(desk: Desk) -> None:
    await hears(desk, NUMBER, "antes", "w1")
    assert (await hears(desk, NUMBER, "antes", "w1")).kept == "context"
    await desk.opened(user=NUMBER)
    await hears(desk, NUMBER, "ahora", "w2")
    assert (await hears(desk, NUMBER, "ahora", "w2")).kept == "chat 1"
