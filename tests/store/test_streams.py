"""A stream takes of Redis' memory what its entries need, not the four kilobytes that are set aside for each."""

from interconnections.items import Change, Lane, Origin
from interconnections.lifecycle import Status
from interconnections.store import polls
from interconnections.store.keys import key
from tests.store.conftest import Desk, text

LITTLE = 1_000  # bytes, of a stream of a few words
ROUNDED = 200  # bytes that the same takes here and there more
MESSAGES = 60  # more than the first part of a stream holds


async def bytes_of(desk: Desk, name: str) -> int:
    return int(await desk.redis.memory_usage(name, samples=0))


async def test_a_conversation_that_has_just_begun_takes_little(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "hola")
    await desk.news(hold, -1, 1, Change(to_user=(text("buenas", Origin.AGENT),)))
    assert await bytes_of(desk, key("messages", hold.id)) < LITTLE
    assert await bytes_of(desk, key("events", hold.id)) < LITTLE


async def test_what_a_user_said_outside_a_chat_takes_little(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, reason="agent ended"))
    await desk.hear(hold, "hola")
    context = key("context", "tienda", (await desk.fields(hold.id))["userId"])
    assert await desk.redis.xlen(context) == 1
    assert await bytes_of(desk, context) < LITTLE
    assert 0 < await desk.redis.ttl(context) <= 60


async def test_one_that_is_over_keeps_no_room_for_more_and_all_its_words(desk: Desk) -> None:
    hold = await desk.active()
    for number in range(MESSAGES):
        await desk.hear(hold, f"word {number}")
        await desk.drain(hold, Lane.SALESFORCE)
    said = await desk.redis.xrange(key("messages", hold.id))
    room = await bytes_of(desk, key("messages", hold.id))
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, reason="agent ended"))
    assert await desk.redis.xrange(key("messages", hold.id)) == said
    assert len(said) == 2 * MESSAGES
    same_length = "x" * len(key("messages", hold.id))
    await desk.redis.copy(key("messages", hold.id), same_length)
    assert await bytes_of(desk, key("messages", hold.id)) <= await bytes_of(desk, same_length) + ROUNDED < room


async def test_nothing_is_left_of_making_them_smaller(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "hola")
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, reason="agent ended"))
    assert not await desk.redis.exists(key("tight"))
