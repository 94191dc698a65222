"""One open interconnection per user and bot, from the reservation on."""

import asyncio
import json

from interconnections.bridge.transitions import failed
from interconnections.items import Change, Item, Kind, Lane, Origin
from interconnections.lifecycle import Reason, Status
from interconnections.store import by_hand, leases, polls, starts
from interconnections.store.connection import for_pages
from interconnections.store.keys import key
from tests.store.conftest import Desk


async def live(desk: Desk) -> None:
    await leases.beat(desk.redis, "w1", 4000, 0, 0)


async def test_without_a_live_worker_nothing_is_reserved(desk: Desk) -> None:
    assert (await starts.reserve(desk.redis, "tienda", "u", "t")).state == "no worker"
    assert await desk.redis.exists(key("reserved", "tienda", "u")) == 0


async def test_two_simultaneous_connects_make_one_reservation(desk: Desk) -> None:
    await live(desk)
    states = await asyncio.gather(*(starts.reserve(desk.redis, "tienda", "u", f"t{n}") for n in range(20)))
    assert sorted(state.state for state in states) == ["reserved"] + ["starting"] * 19


async def test_a_repeat_of_the_same_reservation_is_recognised(desk: Desk) -> None:
    await live(desk)
    assert (await starts.reserve(desk.redis, "tienda", "u", "t")).state == "reserved"
    assert (await starts.reserve(desk.redis, "tienda", "u", "t")).state == "reserved"


async def test_beyond_a_bots_quota_nothing_is_reserved_until_the_hour_is_over(desk: Desk) -> None:
    await live(desk)
    wish = json.dumps({"name": "x" * 1000})

    async def asks(user: str, limit: int = 8_000) -> starts.Reservation:
        return await starts.reserve(desk.redis, "tienda", user, f"of {user}", wish, limit)

    assert [(await asks(user)).state for user in ("u1", "u1", "u2")] == ["reserved"] * 3  # a repeat is the same one
    full = await asks("u3")
    assert full.state == "full"
    assert 3500 < full.wait <= 3600
    assert await desk.redis.exists(key("reserved", "tienda", "u3"), key("start", "tienda", "u3")) == 0
    assert (await asks("u4", 0)).state == "reserved"
    await desk.redis.delete(key("intake", "tienda"))  # the hour is over
    assert (await asks("u3")).state == "reserved"


async def test_what_is_open_is_told_with_its_status(desk: Desk) -> None:
    await desk.opened("ana")
    again = await starts.reserve(desk.redis, "tienda", "ana", "t2")
    assert (again.state, again.status) == ("open", Status.ON_HOLD)


async def test_the_same_user_may_talk_with_another_bot(desk: Desk) -> None:
    await desk.opened("ana")
    await live(desk)
    assert (await starts.reserve(desk.redis, "otro", "ana", "t2")).state == "reserved"


async def test_a_reservation_that_ran_out_stores_nothing(desk: Desk) -> None:
    fields = {
        "id": "u-s",
        "userId": "u",
        "sessionId": "s",
        "status": "OnHold",
        "provider": "whatsapp",
        "botSlug": "b",
    }
    assert not await starts.store(desk.redis, "never reserved", fields, {}, {})
    assert await desk.redis.exists(key("hash", "u-s")) == 0


async def test_tokens_rest_encrypted_and_apart(desk: Desk) -> None:
    id = await desk.opened()
    stored = await desk.redis.hgetall(key("tokens", id))
    assert "key!1" not in str(stored)
    assert "sessionKey" not in await desk.fields(id)
    _, tokens = await leases.load(desk.redis, id)
    assert tokens["sessionKey"].reveal() == "key!1"


async def test_a_started_one_waits_for_an_owner(desk: Desk) -> None:
    id = await desk.opened()
    assert [hold.id for hold in await desk.claimed()] == [id]


async def test_an_unstarted_one_is_nobodys_until_its_starter_is_late(desk: Desk) -> None:
    id = await desk.opened(started=False)
    assert await desk.claimed() == []
    await desk.redis.zadd(key("starting"), {id: 1})  # its time ran out
    assert [hold.id for hold in await desk.claimed()] == [id]
    assert not await starts.started(desk.redis, id)  # the starter comes back too late: a worker has it


async def test_a_start_that_failed_frees_the_user_and_tells_the_bot(desk: Desk) -> None:
    id = await desk.opened("ana", started=False)
    assert await starts.end_start(desk.redis, id, failed(None, Reason.START_FAILED, "500"))
    fields = await desk.fields(id)
    assert (fields["status"], fields["reason"]) == (Status.FAILED, Reason.START_FAILED)
    await live(desk)
    assert (await starts.reserve(desk.redis, "tienda", "ana", "t2")).state == "reserved"


async def test_a_chat_that_never_opened_leaves_a_row_and_an_item_for_the_bot(desk: Desk) -> None:
    await live(desk)
    await starts.reserve(desk.redis, "tienda", "ana", "t")
    fields = {
        "id": "ana-s", "userId": "ana", "sessionId": "s", "status": "Failed", "provider": "whatsapp",
        "botSlug": "tienda",
    }  # fmt: skip
    state = Item(Kind.STATE, Origin.BRIDGE, "from-sf-timeout")
    assert await starts.store(desk.redis, "t", fields, {}, {}, to_user=(state,))
    assert await desk.redis.exists(key("user", "tienda", "ana"), key("reserved", "tienda", "ana")) == 0
    assert [hold.id for hold in await desk.claimed()] == ["ana-s"]
    assert await desk.redis.zcard(key("index", "Failed", "*", "*")) == 1


async def test_one_user_of_two_bots_has_two_conversations(desk: Desk) -> None:
    shop, bank = await desk.active(user="ana", bot="tienda"), await desk.active(user="ana", bot="banco")
    await desk.hear(shop, "zapatos", "WA.1")
    await desk.hear(bank, "saldo", "WA.1")  # each platform numbers as it likes
    assert await desk.drain(shop, Lane.SALESFORCE) == ["zapatos"]
    assert await desk.drain(bank, Lane.SALESFORCE) == ["saldo"]


async def test_an_open_conversation_does_not_expire(desk: Desk) -> None:
    hold = await desk.active(user="ana")
    await desk.hear(hold, "hola")
    names = [name async for name in desk.redis.scan_iter(f"*{hold.id}*")]
    assert key("hash", hold.id) in names
    assert {await desk.redis.ttl(name) for name in [*names, key("user", "tienda", "ana")]} == {-1}


async def dies(desk: Desk, user: str = "ana", bot: str = "tienda") -> None:
    """Nobody hears of the starter any more."""
    await desk.redis.delete(key("reserved", bot, user))
    await desk.redis.zadd(key("starts"), {f"{bot}:{user}": 1})


async def test_a_dead_start_is_taken_over_once_with_its_steps(desk: Desk) -> None:
    await live(desk)
    first = await starts.reserve(desk.redis, "tienda", "ana:1", "t1", '{"name": "Ana"}')
    assert await starts.step(desk.redis, "tienda", "ana:1", "t1", contactId="003")
    assert await starts.take_over(desk.redis, "t2") is None  # its starter lives
    await dies(desk, "ana:1")
    taken = [found for n in range(5) if (found := await starts.take_over(desk.redis, f"w{n}"))]
    assert [(one.bot, one.user) for one in taken] == [("tienda", "ana:1")]
    assert first.start
    assert taken[0].start == starts.Start(first.start.key, first.start.at, '{"name": "Ana"}', {"contactId": "003"})
    assert not await starts.step(desk.redis, "tienda", "ana:1", "t1", caseId="500")  # the dead one wakes up


async def test_a_retry_goes_on_where_the_dead_one_stood(desk: Desk) -> None:
    await live(desk)
    first = await starts.reserve(desk.redis, "tienda", "ana", "t1", "{}")
    await starts.step(desk.redis, "tienda", "ana", "t1", contactId="003", caseTried="1")
    assert (await starts.reserve(desk.redis, "tienda", "ana", "t2", "{}")).state == "starting"
    await dies(desk)
    again = await starts.reserve(desk.redis, "tienda", "ana", "t2", "{}")
    assert again.start and first.start
    assert (again.start.key, again.start.steps) == (first.start.key, {"contactId": "003", "caseTried": "1"})


async def test_another_wish_begins_anew(desk: Desk) -> None:
    await live(desk)
    await starts.reserve(desk.redis, "tienda", "ana", "t1", "{}")
    await starts.step(desk.redis, "tienda", "ana", "t1", caseTried="1", caseId="500")
    await dies(desk)
    again = await starts.reserve(desk.redis, "tienda", "ana", "t2", '{"flow": "OTRO"}')
    assert again.start and (again.start.key, again.start.steps) == ("t2", {})


async def test_a_case_that_a_failed_start_made_is_remembered_for_the_next(desk: Desk) -> None:
    await live(desk)
    for steps, kept in (({"contactId": "003"}, 0), ({"contactId": "003", "caseTried": "1"}, 1)):
        await starts.reserve(desk.redis, "tienda", "ana", "t1", "{}")
        await starts.step(desk.redis, "tienda", "ana", "t1", **steps)
        await starts.unreserve(desk.redis, "tienda", "ana", "t1")
        assert await desk.redis.exists(key("start", "tienda", "ana")) == kept
        assert await desk.redis.zcard(key("starts")) == 0
    again = await starts.reserve(desk.redis, "tienda", "ana", "t2", "{}")
    assert again.start and again.start.steps == {"contactId": "003", "caseTried": "1"}


async def test_a_start_is_as_old_as_the_last_who_asked_for_it(desk: Desk) -> None:
    await live(desk)
    await starts.reserve(desk.redis, "tienda", "ana", "t1", "{}")
    await starts.step(desk.redis, "tienda", "ana", "t1", caseTried="1")
    await starts.unreserve(desk.redis, "tienda", "ana", "t1")
    await desk.redis.hset(key("start", "tienda", "ana"), "at", 1)  # that was half an hour ago
    again = await starts.reserve(desk.redis, "tienda", "ana", "t2", "{}")
    assert again.start and again.start.steps
    assert again.start.at > 1  # else a worker would not go on with it


async def test_what_was_opened_is_not_taken_over(desk: Desk) -> None:
    await desk.opened("ana")
    assert await desk.redis.exists(key("start", "tienda", "ana"), key("starts")) == 0
    await desk.redis.hset(key("start", "tienda", "ana"), "holder", "t0")  # left by an older release
    await dies(desk)
    assert await starts.take_over(desk.redis, "t2") is None
    assert await desk.redis.zcard(key("starts")) == 0


async def test_a_blocked_user_s_start_says_so_whoever_goes_on_with_it(desk: Desk) -> None:
    await desk.claimed()
    hold = await desk.active(user="ana")
    await desk.redis.sadd(key("aliases", "tienda", "ana"), "ana", "MX.1")
    by_hand.block(for_pages(), hold.id, blocks=True)
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, reason="x"))
    reservation = await starts.reserve(desk.redis, "tienda", "MX.1", "token")
    assert reservation.start
    assert reservation.start.steps == {"blocked": "1"}
    await starts.unreserve(desk.redis, "tienda", "MX.1", "token")
    by_hand.block(for_pages(), hold.id, blocks=False)
    reservation = await starts.reserve(desk.redis, "tienda", "MX.1", "token")
    assert reservation.start
    assert reservation.start.steps == {}
