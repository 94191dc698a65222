"""What was said outside a chat: kept for a while, for the next agent."""

from interconnections.items import Origin
from interconnections.store import context, hearing
from interconnections.store.connection import AsyncRedis
from interconnections.store.context import Said
from interconnections.store.keys import key

PAST = key("context", "tienda", "ana")
HOUR = 3_600_000  # ms


async def said(store: AsyncRedis, words: str, hours_ago: int = 0) -> None:
    seconds, _ = await store.time()
    at = seconds * 1000 - hours_ago * HOUR
    await store.xadd(PAST, {"entry": Said(at, "user", words).encoded(), "at": at}, id=f"{at}-*")


async def test_what_is_too_old_is_not_told_and_breaks_nothing(store: AsyncRedis) -> None:
    for hours_ago, words in [(30, "viejo"), (27, "viejo"), (25, "viejo"), (2, "uno"), (1, "dos")]:
        await said(store, words, hours_ago)
    assert [entry.text for entry in await context.read(store, "tienda", "ana", 24)] == ["uno", "dos"]


async def test_the_past_is_bounded_and_ends_by_itself(store: AsyncRedis) -> None:
    for n in range(15):
        await hearing.hear(
            store, "tienda", "ana", message=f"m{n}", dedupe=60, items=(), entry=Said(n, "user", f"u{n}").encoded(),
            context=(60, 10), origin=Origin.USER,
        )  # fmt: skip
    assert [entry.text for entry in await context.read(store, "tienda", "ana", 1)] == [f"u{n}" for n in range(5, 15)]
    assert 0 < await store.ttl(PAST) <= 60


async def test_an_entry_that_nobody_can_read_spoils_no_other(store: AsyncRedis) -> None:
    """As they were stored before their moments were bounded, or by a release to come."""
    entries = ['[999999999999999,"user","hola","","",""]', '{"at": 1}', "[1]", "[]", "{", '[1,"user",7,"","",""]',
               '[1,"user","a","","","","more"]', '[null,"user","y","","",""]',
               '[1772000000000,"bot","x","","",""]']  # fmt: skip
    for entry in entries:
        await store.xadd(PAST, {"entry": entry})
    await store.xadd(PAST, {"something": "else"})
    told = await context.read(store, "tienda", "ana", 24)
    assert [entry.text for entry in told] == ["x", "hola", "y"]
    seconds, _ = await store.time()
    assert all(abs(entry.at / 1000 - seconds) < 60 for entry in told[1:])


async def test_a_text_longer_than_an_agent_is_told_is_kept_from_its_end_and_says_so(store: AsyncRedis) -> None:
    await said(store, "A" + "x" * 6000 + "FIN")
    await said(store, "A" + "x" * 60_000 + "FIN")
    whole, cut = [entry.text for entry in await context.read(store, "tienda", "ana", 24)]
    assert whole == "A" + "x" * 6000 + "FIN"
    assert cut == "…" + "x" * (context.LONGEST - 4) + "FIN"
