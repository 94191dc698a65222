"""What got stuck is found and set right, and the cause is named: each state made by hand, none should ever be."""

import pytest

from interconnections.items import Change, Lane, Origin
from interconnections.lifecycle import Status
from interconnections.store import lanes, mending, polls
from interconnections.store.keys import key
from interconnections.store.leases import Hold
from interconnections.store.mending import mend
from tests.store.conftest import Desk, text


async def mended(desk: Desk) -> list[str]:
    await desk.redis.delete(key("mending"))
    return [cause for _, cause in await mend(desk.redis, "w1")]


async def test_a_sound_store_is_left_alone(desk: Desk) -> None:
    await desk.opened(started=False)
    await desk.opened()
    await desk.active()
    over = await desk.active()
    await polls.store_change(desk.redis, over, Change(to=Status.CLOSED, to_user=(text("adiós"),)))
    assert await mended(desk) == []


async def test_one_worker_at_a_time_looks(desk: Desk) -> None:
    hold = await desk.active()
    await desk.redis.hset(key("hash", hold.id), "owner", "")
    assert await mend(desk.redis, "w1")
    await desk.redis.hset(key("hash", hold.id), "owner", "nobody")
    assert await mend(desk.redis, "w2") == []


async def unowned(desk: Desk, hold: Hold) -> None:
    await desk.redis.hset(key("hash", hold.id), "owner", "")


async def owner_unknown(desk: Desk, hold: Hold) -> None:
    await desk.redis.hset(key("hash", hold.id), "owner", "long gone")


async def placeless(desk: Desk, hold: Hold) -> None:
    fields = await desk.fields(hold.id)
    await desk.redis.delete(key("user", fields["botSlug"], fields["userId"]))


async def asleep(desk: Desk, hold: Hold) -> None:
    await polls.store_change(desk.redis, hold, Change(to_user=(text("hola", Origin.AGENT),)))
    await desk.redis.delete(key("due", Lane.INTEGRATION, hold.worker))


async def place_kept(desk: Desk, hold: Hold) -> None:
    fields = await desk.fields(hold.id)
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED))
    await desk.redis.set(key("user", fields["botSlug"], fields["userId"]), hold.id)


async def last_words(desk: Desk, hold: Hold) -> None:
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, to_user=(text("adiós"),)))
    await unowned(desk, hold)


async def owned_though_over(desk: Desk, hold: Hold) -> None:
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED))
    await desk.redis.hset(key("hash", hold.id), mapping={"owner": hold.worker, "uncertain": "2 1-1"})


@pytest.mark.parametrize(
    ("stuck", "cause"),
    [
        (unowned, "wanted by nobody"),
        (owner_unknown, "its owner is gone"),
        (placeless, "open without its place"),
        (asleep, "a lane that nobody would look at"),
        (place_kept, "its end kept the place of the user"),
        (last_words, "last words that nobody delivers"),
        (owned_though_over, "owned although it is over"),
    ],
    ids=lambda case: getattr(case, "__name__", ""),
)
async def test_what_is_stuck_goes_on_and_its_cause_is_named(desk: Desk, stuck: object, cause: str) -> None:
    hold = await desk.active()
    await stuck(desk, hold)  # type: ignore[operator]
    assert await mended(desk) == [cause]
    assert int(await desk.redis.hget(key("counters"), f"mended:{cause}")) == 1
    assert await mended(desk) == []


async def test_what_is_still_on_the_wire_as_the_chat_ended_is_not_stuck(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "en vuelo")
    await lanes.take(desk.redis, hold, Lane.SALESFORCE)
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED))
    assert await mended(desk) == []


async def commands(desk: Desk) -> int:
    """What Redis was asked for since the last look, scripts' own calls included."""
    stats = await desk.redis.info("commandstats")
    await desk.redis.config_resetstat()
    return sum(int(stat["calls"]) for stat in stats.values())


async def test_a_sound_conversation_costs_a_few_commands(desk: Desk) -> None:
    for _ in range(2 * mending.AT_ONCE):
        await desk.active()
    await commands(desk)
    await desk.redis.delete(key("mending"))
    assert await mend(desk.redis, "w1", rest=0) == []
    assert await commands(desk) < 2 * mending.AT_ONCE * 9


async def test_it_looks_at_a_bounded_number_a_second_and_at_all_of_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds = [await desk.active() for _ in range(2 * mending.AT_ONCE + 1)]
    await unowned(desk, holds[-1])
    rests: list[float] = []

    async def sleep(seconds: float) -> None:
        rests.append(seconds)

    monkeypatch.setattr(mending.asyncio, "sleep", sleep)
    assert await mended(desk) == ["wanted by nobody"]
    assert rests == [mending.REST] * 2
    assert mending.AT_ONCE / mending.REST <= 100


async def test_one_that_cannot_be_read_hides_no_other(desk: Desk) -> None:
    broken, stuck = await desk.active(), await desk.active()
    await desk.redis.delete(key("hash", broken.id))
    await desk.redis.set(key("hash", broken.id), "no hash")
    await unowned(desk, stuck)
    assert await mended(desk) == ["cannot be read", "wanted by nobody"]
