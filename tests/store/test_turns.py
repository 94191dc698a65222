"""Who waits for a rate limit, or for a shore to be well again, is told its own turn: nobody wakes in vain."""

import asyncio
import time
from collections import Counter

import pytest

from interconnections.bridge import desk_host
from interconnections.errors import DeskUnwell
from interconnections.items import Change, Lane, Origin
from interconnections.store import lanes, leases, polls
from interconnections.store.keys import key
from interconnections.store.lanes import Bucket, Pause, Settled, Taken, Terms, Whose
from interconnections.store.leases import Hold
from interconnections.tally import Tally
from tests.store.conftest import Desk, text

TO_USER = Lane.INTEGRATION
SHORE = key("shore", TO_USER, "tienda")


class Runners:
    """Lanes as a worker runs them: take, deliver, sleep for as long as they are told."""

    def __init__(self, desk: Desk, limits: tuple[Bucket, ...]) -> None:
        self.desk, self.limits = desk, limits
        self.takes = 0
        self.delivered: list[tuple[str, str, float]] = []  # (id, text, when)

    async def run_all(self, holds: list[Hold]) -> None:
        """They come one after the other."""
        for hold in holds:
            self.takes += 1
            assert isinstance(await lanes.take(self.desk.redis, hold, TO_USER, terms=Terms(self.limits)), Pause)
        await asyncio.gather(*(self.run(hold) for hold in holds))

    async def run(self, hold: Hold) -> None:
        settled: Settled | None = None
        while True:
            self.takes += 1
            found = await lanes.take(self.desk.redis, hold, TO_USER, settled, Terms(self.limits))
            if isinstance(found, Taken):
                self.delivered.append((hold.id, found.item.text, time.monotonic()))
                settled = Settled(found.number, "delivered")
                continue
            if found.wait is None:
                return
            settled = None
            await asyncio.sleep(found.wait / 1000)


async def answered(desk: Desk, count: int, said: int = 1) -> list[Hold]:
    """Conversations in each of which the agent has said something."""
    holds = [await desk.active() for _ in range(count)]
    for hold in holds:
        await polls.store_change(
            desk.redis, hold, Change(to_user=tuple(text(f"{n}", Origin.AGENT) for n in range(said)))
        )
    return holds


async def test_lanes_that_wait_for_a_limit_wake_once_each_and_are_served_as_they_came(desk: Desk) -> None:
    holds = await answered(desk, 60, said=2)
    runners = Runners(desk, (Bucket("bot:tienda", "bot", 50, 20),))
    seconds, micros = await desk.redis.time()
    await desk.redis.hset(key("bucket", "bot:tienda"), mapping={"tokens": 0, "at": seconds * 1000 + micros // 1000})
    began = time.monotonic()
    await runners.run_all(holds)
    assert len(runners.delivered) == 120
    assert time.monotonic() - began > 2  # the limit was kept: 120 steps of 20 ms
    assert (
        runners.takes / 120 < 5
    )  # not each time anybody is served: one to ask and one to go, which settles the one before
    firsts = [words for _, words, _ in runners.delivered[:60]].count("0")
    assert firsts > 40  # nobody twice before all were served once, but for whom the loop woke late


async def test_places_are_by_when_they_came_and_a_bell_in_between_changes_none(desk: Desk) -> None:
    first, second, third = await answered(desk, 3)
    limits, turns = (Bucket("bot:tienda", "bot", 1, 1000),), (second, third, second, third)
    assert isinstance(await lanes.take(desk.redis, first, TO_USER, terms=Terms(limits)), Taken)
    waits = [await lanes.take(desk.redis, hold, TO_USER, terms=Terms(limits)) for hold in turns]
    told = [found.wait or 0 for found in waits if isinstance(found, Pause)]
    assert len(told) == 4
    assert told[0] <= 1000 < told[1] <= 2000
    assert told[2] <= told[0]
    assert told[3] <= told[1]
    assert int(await desk.redis.hget(key("counters"), "throttled:bot")) == 2


async def test_one_that_never_comes_for_its_turn_keeps_nobody_waiting_for_long(desk: Desk) -> None:
    first, dead, other = await answered(desk, 3)
    limits = (Bucket("bot:tienda", "bot", 1, 1000),)
    await lanes.take(desk.redis, first, TO_USER, terms=Terms(limits))
    await lanes.take(desk.redis, dead, TO_USER, terms=Terms(limits))
    await lanes.take(desk.redis, other, TO_USER, terms=Terms(limits))
    await desk.redis.hincrby(key("bucket", "bot:tienda"), "at", -1000)  # a second later one may go: not the other
    assert isinstance(await lanes.take(desk.redis, other, TO_USER, terms=Terms(limits)), Pause)
    await desk.redis.zincrby(key("turns", "bot:tienda"), -10_000, dead.id)  # and long after its turn
    assert isinstance(await lanes.take(desk.redis, other, TO_USER, terms=Terms(limits)), Taken)


async def test_a_lane_with_nothing_to_send_any_more_gives_its_turn_back(desk: Desk) -> None:
    first, second, third = await answered(desk, 3)
    limits = (Bucket("bot:tienda", "bot", 1, 60_000),)
    await lanes.take(desk.redis, first, TO_USER, terms=Terms(limits))
    for hold in (second, third):
        await lanes.take(desk.redis, hold, TO_USER, terms=Terms(limits))
    await desk.redis.delete(key("lane", second.id, TO_USER))
    assert await lanes.take(desk.redis, second, TO_USER, terms=Terms(limits)) == Pause(None)
    found = await lanes.take(desk.redis, third, TO_USER, terms=Terms(limits))
    assert isinstance(found, Pause)
    assert (found.wait or 0) <= 60_000  # not the second turn from now


async def test_a_turn_outlives_its_worker(desk: Desk) -> None:
    first, second, third = await answered(desk, 3)
    limits = (Bucket("bot:tienda", "bot", 1, 60_000),)
    for hold in (first, second, third):
        await lanes.take(desk.redis, hold, TO_USER, terms=Terms(limits))
    await desk.redis.zadd(key("workers"), {"w1": 1})
    taken = {hold.id: hold for hold in (await leases.beat(desk.redis, "w2", 4000, 10, 10)).claims}
    behind = await lanes.take(desk.redis, taken[third.id], TO_USER, terms=Terms(limits))
    before = await lanes.take(desk.redis, taken[second.id], TO_USER, terms=Terms(limits))
    assert isinstance(before, Pause)
    assert isinstance(behind, Pause)
    assert (before.wait or 0) <= 60_000 < (behind.wait or 0)


async def test_who_waits_for_its_user_takes_no_turn_of_the_bot(desk: Desk) -> None:
    slow, other = await answered(desk, 2)
    pair = Bucket("pair:tienda:slow", "pair", 1, 60_000)
    whole = Bucket("bot:tienda", "bot", 2, 60_000)
    head = await lanes.take(desk.redis, slow, TO_USER, terms=Terms((pair, whole)))
    assert isinstance(head, Taken)
    again = Settled(head.number, "retry", "0", why="x")
    assert isinstance(await lanes.take(desk.redis, slow, TO_USER, again, Terms((pair, whole))), Pause)
    assert isinstance(await lanes.take(desk.redis, other, TO_USER, terms=Terms((whole,))), Taken)


async def test_after_a_pause_one_tries_and_the_others_come_each_at_its_own_moment(desk: Desk) -> None:
    sick, *holds = await answered(desk, 61)
    head = await lanes.take(desk.redis, sick, TO_USER)
    assert isinstance(head, Taken)
    await lanes.take(desk.redis, sick, TO_USER, Settled(head.number, "retry", "1500", "", whose=Whose.ASKED))
    runners = Runners(desk, ())
    await runners.run_all(holds)
    assert Counter(id for id, _, _ in runners.delivered) == Counter(hold.id for hold in holds)
    assert runners.takes <= 60 * 4 + 10
    assert not await desk.redis.exists(key("queue", f"shore:{TO_USER}:tienda"))


async def test_the_turns_after_a_pause_are_in_the_order_of_asking_and_at_a_bounded_rate(desk: Desk) -> None:
    holds = await answered(desk, 20)
    await desk.redis.hset(SHORE, mapping={"failures": 5, "pausedUntil": 9_000_000_000_000})
    for hold in holds:
        assert isinstance(await lanes.take(desk.redis, hold, TO_USER), Pause)
    turns = await desk.redis.zrange(key("turns", f"shore:{TO_USER}:tienda"), 0, -1, withscores=True)
    assert [id for id, _ in turns] == [hold.id for hold in holds]
    assert turns[0][1] == 9_000_000_000_000  # the first, who tries for all
    others = [turn for _, turn in turns[1:]]
    assert [later - earlier for earlier, later in zip(others, others[1:], strict=False)] == [5.0] * 18


async def test_the_longer_the_one_tries_the_more_seldom_the_others_look(desk: Desk) -> None:
    first, second = await answered(desk, 2)
    await desk.redis.hset(SHORE, mapping={"failures": 5, "pausedUntil": 1})
    assert isinstance(await lanes.take(desk.redis, first, TO_USER), Taken)
    soon = await lanes.take(desk.redis, second, TO_USER)
    await desk.redis.hincrby(SHORE, "pausedUntil", -5000)  # it has tried for five seconds
    late = await lanes.take(desk.redis, second, TO_USER)
    assert isinstance(soon, Pause)
    assert isinstance(late, Pause)
    assert (soon.wait or 0) <= 1000
    assert 4000 < (late.wait or 0) <= 5000


# Of a desk, by one who waits in person


@pytest.mark.parametrize("patient", [True, False])
async def test_a_desk_hears_of_a_full_redis_as_of_a_server_that_is_unwell(
    desk: Desk, patient: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_host, "PATIENCE", 1000 if patient else 1)
    host = desk_host.DeskHost(desk.redis, Tally())
    await desk.redis.config_set("maxmemory", 1)
    try:
        turn = asyncio.ensure_future(host.turn("tokens:00D", 1, 1.0))
        if not patient:
            with pytest.raises(DeskUnwell):
                await turn
    finally:
        await desk.redis.config_set("maxmemory", 0)
    if patient:
        await turn
