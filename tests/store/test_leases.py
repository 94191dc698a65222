"""Ownership: a lease a worker, a fence an interconnection, fair shares, nothing left behind."""

from interconnections.items import Change, Item, Kind, Lane, Origin
from interconnections.lifecycle import Status
from interconnections.store import by_hand, lanes, leases, purge, starts
from interconnections.store.connection import for_pages
from interconnections.store.days import today
from interconnections.store.keys import key
from interconnections.store.scripts import run
from tests.store.conftest import Desk, text


async def dies(desk: Desk, worker: str) -> None:
    await desk.redis.zadd(key("workers"), {worker: 1})  # its lease ended long ago


async def test_the_dead_are_noticed_and_their_charges_claimed_under_new_fences(desk: Desk) -> None:
    hold = await desk.active()
    await dies(desk, "w1")
    [taken] = await desk.claimed("w2")
    assert taken.id == hold.id
    assert int(taken.fence) > int(hold.fence)
    fields = await desk.fields(hold.id)
    assert fields["owner"] == "w2"
    assert fields["salesforceMessageChannel"] == "salesforce.w2"


async def test_one_who_was_declared_dead_learns_it(desk: Desk) -> None:
    await desk.active()
    await dies(desk, "w1")
    await desk.claimed("w2")
    assert not (await leases.beat(desk.redis, "w1", 4000, 0, 10)).was_alive
    assert (await leases.beat(desk.redis, "w1", 4000, 0, 10)).was_alive


async def test_shares_are_fair(desk: Desk) -> None:
    for _ in range(10):
        await desk.opened()
    await leases.beat(desk.redis, "w2", 4000, 0, 0)
    assert len(await desk.claimed("w1")) == 5
    assert len(await desk.claimed("w2")) == 5


async def test_who_is_leaving_has_no_share_while_its_last_messages_land(desk: Desk) -> None:
    for _ in range(4):
        await desk.opened()
    await leases.beat(desk.redis, "w2", 4000, 0, 0)
    await desk.claimed("w1")
    await desk.claimed("w2")
    held = await leases.owned(desk.redis, "w1")
    await leases.depart(desk.redis, "w1")
    await leases.release(desk.redis, "w1", held[1:])  # the first has a message on the wire
    assert len(await desk.claimed("w2")) == 1
    assert await desk.redis.ttl(key("report", "w1")) == -1  # it goes with its worker
    await leases.release(desk.redis, "w1", held[:1], leaving=True)
    assert len(await desk.claimed("w2")) == 1
    assert not await desk.redis.exists(key("report", "w1"))


async def test_capacity_bounds_what_is_claimed(desk: Desk) -> None:
    for _ in range(5):
        await desk.opened()
    assert len((await leases.beat(desk.redis, "w1", 4000, 100, 3)).claims) == 3


async def test_handing_over_makes_it_free_with_its_lanes_to_be_looked_at(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "a medias")
    assert await leases.release(desk.redis, "w1", [hold], leaving=True) == 1
    assert await desk.redis.zscore(key("workers"), "w1") is None
    [taken] = await desk.claimed("w2")
    assert await lanes.due(desk.redis, "w2", Lane.SALESFORCE) == [hold.id]
    assert await desk.drain(taken, Lane.SALESFORCE) == ["a medias"]


async def test_who_leaves_gives_back_even_what_it_never_knew_of(desk: Desk) -> None:
    await desk.active()
    await leases.release(desk.redis, "w1", [], leaving=True)
    assert len(await desk.claimed("w2")) == 1


async def test_an_old_hold_cannot_give_away_what_another_owns(desk: Desk) -> None:
    hold = await desk.active()
    await dies(desk, "w1")
    [taken] = await desk.claimed("w2")
    assert await leases.release(desk.redis, "w1", [hold]) == 0
    assert (await desk.fields(hold.id))["owner"] == taken.worker


async def test_what_redis_says_we_own_can_be_asked(desk: Desk) -> None:
    hold = await desk.active()
    assert await leases.owned(desk.redis, "w1") == [hold]


async def test_lanes_with_nothing_to_do_are_on_nobodys_list(desk: Desk) -> None:
    hold = await desk.active()
    assert await lanes.due(desk.redis, "w1", Lane.SALESFORCE) == []
    await desk.hear(hold, "hola")
    assert await lanes.due(desk.redis, "w1", Lane.SALESFORCE) == [hold.id]
    await desk.drain(hold, Lane.SALESFORCE)
    assert await lanes.due(desk.redis, "w1", Lane.SALESFORCE) == []


async def test_purging_leaves_nothing_behind(desk: Desk) -> None:
    from interconnections.bridge.transitions import ended

    before = set(await desk.redis.keys())
    hold = await desk.active(user="+52 1 55 1234 5678", phoneNumber="5215512345678", name="Inés Ñuñez")
    assert await desk.redis.zcard(key("search", "endings")) == 1
    await desk.news(hold, -1, 1, ended(None, "x"))
    await desk.redis.zadd(key("over"), {hold.id: 1})
    assert (await purge.purge_due(desk.redis)).gone == 1
    left = set(await desk.redis.keys()) - before - {key("day", today(), "tienda")}  # sums, of nobody
    assert left == {
        key("beat", "w1"),
        key("bots"),
        key("counters"),
        key("report", "w1"),
        key("revision"),
        key("workers"),
    }


async def test_purging_what_was_never_delivered_takes_it_from_its_owner_too(desk: Desk) -> None:
    hold = await desk.active()
    await desk.news(hold, -1, 1, Change(to=Status.CLOSED, reason="x", to_user=(text("nunca llegó"),)))
    await desk.redis.zadd(key("over"), {hold.id: 1})
    assert (await purge.purge_due(desk.redis)).gone == 1
    assert await desk.redis.exists(key("owned", "w1"), key("due", Lane.INTEGRATION, "w1")) == 0
    await leases.release(desk.redis, "w1", [], leaving=True)
    assert await desk.redis.exists(key("hash", hold.id), key("free")) == 0  # no ghost
    assert await desk.redis.hget(key("counters"), "dead:integration") == "1"


async def test_a_heartbeat_that_is_sent_again_counts_once_and_tells_the_same(desk: Desk) -> None:
    """Its answer was lost: who was declared dead must hear of it all the same."""
    for _ in range(2):
        answer = await run(desk.redis, "heartbeat", "w1", 4000, 10, 10, '{"relay": 3}', "{}", "same")
        assert answer[0] == 0
    assert await desk.redis.hget(key("counters"), "relay") == "3"
    assert (await run(desk.redis, "heartbeat", "w1", 4000, 10, 10, '{"relay": 3}', "{}", "next"))[0] == 1
    assert await desk.redis.hget(key("counters"), "relay") == "6"


async def test_who_drains_claims_nothing_and_the_others_have_its_share(desk: Desk) -> None:
    for _ in range(4):
        await desk.opened()
    await leases.beat(desk.redis, "w1", 4000, 0, 0)
    await leases.beat(desk.redis, "w2", 4000, 0, 1000)
    assert by_hand.drain(for_pages(), "w1", drains=True) == "done"
    beat = await leases.beat(desk.redis, "w1", 4000, 100, 1000)
    assert (beat.drains, beat.claims) == (True, ())
    assert len(await desk.claimed("w2")) == 4


async def test_who_drains_carries_on_where_nobody_else_is_left(desk: Desk) -> None:
    await desk.opened()
    await leases.beat(desk.redis, "w1", 4000, 0, 0)
    await leases.beat(desk.redis, "w2", 4000, 0, 1000)
    by_hand.drain(for_pages(), "w1", drains=True)
    await dies(desk, "w2")
    beat = await leases.beat(desk.redis, "w1", 4000, 100, 1000)
    assert (beat.drains, len(beat.claims)) == (False, 1)


async def test_nobody_drains_into_workers_without_room(desk: Desk) -> None:
    for _ in range(6):
        await desk.opened()
    for worker in ("w1", "w2"):
        await leases.beat(desk.redis, worker, 4000, 0, 4)
    for worker in ("w1", "w2"):
        assert len((await leases.beat(desk.redis, worker, 4000, 100, 4)).claims) == 3
    assert by_hand.drain(for_pages(), "w1", drains=True) == "full"
    await leases.beat(desk.redis, "w3", 4000, 0, 4)
    assert by_hand.drain(for_pages(), "w1", drains=True) == "done"
    await dies(desk, "w3")
    await leases.beat(desk.redis, "w2", 4000, 0, 3)
    assert not (await leases.beat(desk.redis, "w1", 4000, 100, 4)).drains  # it carries on what nobody could take


async def test_what_is_said_while_a_chat_begins_gives_it_no_second_owner(desk: Desk) -> None:
    id = await desk.opened(started=False)
    items = (Item(Kind.TEXT, Origin.BRIDGE, "hola"),)
    assert by_hand.say(for_pages(), id, items, "form")[0] == "said"
    assert await desk.claimed("w1") == []
    assert await starts.started(desk.redis, id)
    assert [hold.id for hold in await desk.claimed("w1")] == [id]
    assert await desk.claimed("w2") == []


async def test_what_is_taken_from_an_owner_goes_to_another_first_and_is_told_it_once(desk: Desk) -> None:
    hold = await desk.active()
    await leases.beat(desk.redis, "w2", 4000, 0, 1000)
    assert by_hand.take_away(for_pages(), hold.id, others_first=True) == "done"
    assert (await leases.beat(desk.redis, "w1", 4000, 100, 1000)).asked == {hold.id}
    await leases.release(desk.redis, "w1", [hold])
    beat = await leases.beat(desk.redis, "w1", 4000, 100, 1000)
    assert (beat.asked, beat.claims) == (frozenset(), ())
    assert [taken.id for taken in await desk.claimed("w2")] == [hold.id]


async def test_what_no_other_takes_goes_back_to_who_had_it(desk: Desk) -> None:
    hold = await desk.active()
    await leases.beat(desk.redis, "w2", 4000, 0, 1000)
    by_hand.take_away(for_pages(), hold.id, others_first=True)
    await leases.release(desk.redis, "w1", [hold])
    assert await desk.claimed("w1") == []
    await desk.redis.zincrby(key("free"), -5001, hold.id)
    assert [taken.id for taken in await desk.claimed("w1")] == [hold.id]


async def test_who_had_it_is_remembered_the_latest_ten(desk: Desk) -> None:
    hold = await desk.active()
    for n in range(2, 13):
        await dies(desk, f"w{n - 1}")
        await desk.claimed(f"w{n}")
    fields = await desk.fields(hold.id)
    claims = sorted(value.split(" ") for name, value in fields.items() if name.startswith("claim:"))
    assert {worker for _, worker in claims} == {f"w{n}" for n in range(3, 13)}
    assert fields[f"claim:{int(fields['fence']) % 10}"].endswith(" w12")
