"""What is past its retention goes: all of it, however much, whatever one of them looks like."""

from interconnections.items import Change, Lane
from interconnections.lifecycle import Status
from interconnections.store import polls, purge
from interconnections.store.keys import key
from interconnections.store.leases import Hold
from tests.store.conftest import Desk


async def past_retention(desk: Desk) -> Hold:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, reason="x"))
    await desk.redis.zadd(key("over"), {hold.id: 1})
    return hold


async def test_all_that_is_due_goes_at_once_and_what_is_not_stays(desk: Desk) -> None:
    for _ in range(5 * purge.AT_ONCE // 2):
        await past_retention(desk)
    young = await desk.active()
    await polls.store_change(desk.redis, young, Change(to=Status.CLOSED, reason="x"))
    assert (await purge.purge_due(desk.redis)).gone == 5 * purge.AT_ONCE // 2
    assert await desk.redis.zrange(key("over"), 0, -1) == [young.id]
    assert await desk.redis.zcard(key("index", "*", "*", "*")) == 1


async def test_one_that_cannot_be_forgotten_is_named_and_stops_no_other(desk: Desk) -> None:
    broken = await past_retention(desk)
    session = (await desk.fields(broken.id))["sessionId"]
    await desk.redis.set(key("lane", broken.id, Lane.INTEGRATION), "no list")
    sound = await past_retention(desk)
    assert await purge.purge_due(desk.redis) == purge.Purged(2, 1, (session,))
    assert not await desk.redis.exists(key("hash", sound.id))
    assert await purge.purge_due(desk.redis) == purge.Purged()  # it is tried again later
    await desk.redis.delete(key("lane", broken.id, Lane.INTEGRATION))
    await desk.redis.zadd(key("over"), {broken.id: 1})
    assert (await purge.purge_due(desk.redis)).gone == 1
    assert not await desk.redis.exists(key("hash", broken.id))


async def test_what_is_on_the_list_and_not_over_is_only_taken_off_it(desk: Desk) -> None:
    hold = await desk.active()
    await desk.redis.zadd(key("over"), {hold.id: 1, "nobody-nothing": 1})
    due = await past_retention(desk)
    assert (await purge.purge_due(desk.redis)).gone == 1
    assert await desk.status(hold) == Status.ACTIVE
    assert not await desk.redis.exists(key("over"), key("hash", due.id))


async def test_a_bot_says_how_long_its_conversations_stay(desk: Desk) -> None:
    hour, day = 3_600_000, 86_400_000
    for kept, wanted in (({"keptFor": str(day)}, day), ({}, 30 * day)):
        hold = await desk.active(**kept)
        await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, reason="x"))
        due = float(await desk.redis.zscore(key("over"), hold.id) or 0)
        ended = float((await desk.fields(hold.id))["endedAt"])
        assert due == ended + wanted
        assert await desk.redis.pttl(key("last", "tienda", (await desk.fields(hold.id))["userId"])) > wanted - hour


async def test_so_it_does_of_those_that_never_opened(desk: Desk) -> None:
    id = await desk.opened(status=Status.FAILED, keptFor="1000", started=False)
    assert float(await desk.redis.zscore(key("over"), id) or 0) == float((await desk.fields(id))["endedAt"]) + 1000
