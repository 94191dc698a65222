"""When a shore is unwell: one trouble for all workers, and what becomes of a message that nobody takes."""

from dataclasses import replace

import pytest

from interconnections.bridge.transitions import ended
from interconnections.items import Change, Item, Kind, Lane, Origin
from interconnections.lifecycle import Reason, Status
from interconnections.store import lanes, polls
from interconnections.store.keys import key
from interconnections.store.lanes import Bucket, Cause, Pause, Settled, Taken, Terms, Whose
from interconnections.store.leases import Hold
from tests.store.conftest import Desk, text

TO_USER, TO_AGENT = Lane.INTEGRATION, Lane.SALESFORCE
SHORE = key("shore", TO_USER, "tienda")
NOTICE = (text("no llegó", Origin.BRIDGE),)


async def answering(desk: Desk, words: str = "hola") -> Hold:
    """A conversation in which the agent has said something."""
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text(words, Origin.AGENT),)))
    return hold


async def taken(desk: Desk, hold: Hold, lane: Lane = TO_USER, settled: Settled | None = None) -> Taken:
    found = await lanes.take(desk.redis, hold, lane, settled)
    assert isinstance(found, Taken)
    return found


def refused(head: Taken, ms: int = 0, whose: Whose = Whose.SHORE, **more: object) -> Settled:
    return replace(head.retry(ms / 1000, "answered 503", Cause.TROUBLE, whose), **more)  # type: ignore[arg-type]


async def refuse(desk: Desk, hold: Hold, times: int = 1, **more: object) -> lanes.Next:
    found: lanes.Next = Pause(None)
    for _ in range(times):
        head = await taken(desk, hold)
        found = await lanes.take(desk.redis, hold, TO_USER, refused(head, **more))  # type: ignore[arg-type]
    return found


async def pause_is_over(desk: Desk) -> None:
    await desk.redis.hset(SHORE, "pausedUntil", 1)


async def outage(desk: Desk) -> list[Hold]:
    """Three conversations met it; the fourth has not tried yet."""
    talks = [await answering(desk) for _ in range(4)]
    heads = [await taken(desk, hold) for hold in talks[:3]]
    for hold, head in zip(talks, heads, strict=False):
        await lanes.take(desk.redis, hold, TO_USER, refused(head))
    return talks


async def test_an_outage_that_several_conversations_met_holds_all_of_the_bot(desk: Desk) -> None:
    talks = await outage(desk)
    for hold in talks:
        found = await lanes.take(desk.redis, hold, TO_USER)
        assert isinstance(found, Pause)
        assert found.wait is not None
        assert found.wait > 0
    assert int(await desk.redis.hget(key("counters"), "pauses:integration")) == 1


async def test_another_bot_does_not_notice(desk: Desk) -> None:
    await outage(desk)
    hold = await desk.active(bot="otra")
    await polls.store_change(desk.redis, hold, Change(to_user=(text("hola", Origin.AGENT),)))
    assert await desk.drain(hold, TO_USER) == ["hola"]


async def test_the_trouble_of_one_conversation_alone_holds_no_other(desk: Desk) -> None:
    sick, sound = await answering(desk), await answering(desk)
    await refuse(desk, sick, 5)
    assert await desk.drain(sound, TO_USER) == ["hola"]


async def test_after_the_pause_one_tries_for_all_and_its_success_frees_them(desk: Desk) -> None:
    talks = await outage(desk)
    await pause_is_over(desk)
    probe = await taken(desk, talks[0])
    others = await lanes.take(desk.redis, talks[1], TO_USER)
    assert isinstance(others, Pause)
    assert others.wait is not None
    assert 0 < others.wait <= 2000  # they look again soon, whatever the one may need
    await lanes.take(desk.redis, talks[0], TO_USER, Settled(probe.number, "delivered"))
    for hold in talks[1:]:
        assert await desk.drain(hold, TO_USER) == ["hola"]


async def test_who_tries_for_all_frees_them_with_a_refusal_too(desk: Desk) -> None:
    talks = await outage(desk)
    await pause_is_over(desk)
    probe = await taken(desk, talks[0])
    await lanes.take(desk.redis, talks[0], TO_USER, Settled(probe.number, "dead", "answered 400"))
    assert await desk.drain(talks[3], TO_USER) == ["hola"]


async def test_while_it_stays_unwell_the_pauses_grow_up_to_half_a_minute(desk: Desk) -> None:
    talks = await outage(desk)
    lengths = []
    for turn in range(10):
        await pause_is_over(desk)
        hold = talks[turn % 4]
        head = await taken(desk, hold)
        await lanes.take(desk.redis, hold, TO_USER, refused(head))
        until, since = await desk.redis.hmget(SHORE, "pausedUntil", "refusedAt")
        lengths.append(int(until) - int(since))
    assert lengths == sorted(lengths)
    assert lengths[-1] == 30_000


async def test_a_pause_that_the_platform_asked_for_is_kept_by_all_at_once(desk: Desk) -> None:
    one, other = await answering(desk), await answering(desk)
    head = await taken(desk, one)
    await lanes.take(desk.redis, one, TO_USER, refused(head, 5000, Whose.ASKED))
    found = await lanes.take(desk.redis, other, TO_USER)
    assert isinstance(found, Pause)
    assert found.wait is not None
    assert 4000 < found.wait <= 6000


async def test_a_message_that_is_refused_alone_while_others_are_taken_is_given_up_and_told(desk: Desk) -> None:
    sick, sound = await answering(desk, "veneno"), await answering(desk)
    await polls.store_change(desk.redis, sick, Change(to_user=(text("sano", Origin.AGENT),)))
    await refuse(desk, sick)
    await desk.drain(sound, TO_USER)
    await desk.redis.hset(key("shore", TO_USER, "tienda"), "takenAt", "9999999999999")
    for _ in range(6):
        await refuse(desk, sick, told=NOTICE)
    last = await taken(desk, sick)
    assert last.item.text == "veneno"
    after = await taken(desk, sick, settled=refused(last, told=NOTICE))
    assert after.item.text == "sano"  # the lane goes on
    assert await desk.drain(sick, TO_AGENT) == ["no llegó"]


async def test_an_outage_of_an_hour_gives_nothing_up(desk: Desk) -> None:
    hold = await answering(desk)
    await refuse(desk, hold, 40, delivery_limit=86_400_000)
    assert await desk.drain(hold, TO_USER) == ["hola"]
    assert await desk.redis.xlen(key("dead")) == 0


async def test_what_is_tried_for_longer_than_the_bots_limit_is_given_up_and_told(desk: Desk) -> None:
    hold = await answering(desk)
    await refuse(desk, hold)
    await desk.redis.hset(key("hash", hold.id), "failing:integration", 1)
    found = await refuse(desk, hold, delivery_limit=60_000, told=NOTICE)
    assert found == Pause(None)
    [(_, letter)] = await desk.redis.xrange(key("dead"))
    assert letter["why"].startswith("not taken for too long")
    assert await desk.drain(hold, TO_AGENT) == ["no llegó"]


async def test_who_wrote_to_an_agent_that_left_is_told_before_the_goodbye(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "¿sigue ahí?")
    change = ended(None, Reason.AGENT_ENDED)
    goodbye = Change(
        to=change.to, reason=change.reason, to_user=(text("adiós", Origin.BRIDGE),), if_lost=(text("se perdió"),)
    )
    await polls.store_change(desk.redis, hold, goodbye)
    assert await desk.drain(hold, TO_USER) == ["se perdió", "adiós"]


async def test_whose_words_all_arrived_is_told_of_no_loss(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "gracias")
    await desk.drain(hold, TO_AGENT)
    lost = (text("se perdió"),)
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, to_user=(text("adiós"),), if_lost=lost))
    assert await desk.drain(hold, TO_USER) == ["adiós"]


@pytest.mark.parametrize(("outcome", "letters", "told"), [("delivered", 0, []), ("retry", 1, ["no llegó"])])
async def test_what_was_on_the_wire_as_the_chat_ended_is_judged_by_its_answer(
    desk: Desk, outcome: str, letters: int, told: list[str]
) -> None:
    hold = await desk.active()
    await desk.hear(hold, "en vuelo")
    flying = await taken(desk, hold, TO_AGENT)
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, if_lost=(text("se perdió"),)))
    assert await desk.drain(hold, TO_USER) == []  # nobody knows yet
    settled = Settled(flying.number, outcome, "1", why="403", told=NOTICE)
    found = await lanes.take(desk.redis, hold, TO_AGENT, settled)
    assert found == Pause(None, retired=not told)
    assert await desk.redis.xlen(key("dead")) == letters
    if told:
        assert await desk.drain(hold, TO_USER) == told


async def test_who_could_have_told_whether_it_arrived_is_gone_so_its_sender_is_told_that_it_did_not(
    desk: Desk,
) -> None:
    hold = await desk.active()
    await desk.hear(hold, "en vuelo")
    await taken(desk, hold, TO_AGENT)
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, if_lost=(text("se perdió"),)))
    await desk.redis.zadd(key("workers"), {hold.worker: 1})
    [other] = await desk.claimed("w2")
    assert await desk.drain(other, TO_USER) == ["se perdió"]


def state(name: str = "from-sf-success") -> Item:
    return Item(Kind.STATE, Origin.BRIDGE, name)


async def test_a_goodbye_that_nobody_takes_lets_the_bot_have_its_user_after_its_limit(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, to_user=(text("adiós"), state())))
    await refuse(desk, hold, goodbye_limit=120_000)
    await desk.redis.hset(key("hash", hold.id), "failing:integration", 1)
    found = await refuse(desk, hold, goodbye_limit=120_000)
    assert isinstance(found, Taken)
    assert found.item.kind is Kind.STATE
    after = await taken(desk, hold, settled=Settled(found.number, "delivered"))
    assert after.item.text == "adiós"  # it is still tried


async def test_a_goodbye_that_nobody_tries_as_its_shore_is_spared_lets_the_state_pass_too(desk: Desk) -> None:
    talks = await outage(desk)
    await desk.redis.hset(SHORE, "pausedUntil", 9_999_999_999_999)  # it asked for an hour, say
    over = talks[3]
    await polls.store_change(desk.redis, over, Change(to=Status.CLOSED, to_user=(text("adiós"), state())))
    waiting = await lanes.take(desk.redis, over, TO_USER, terms=Terms(goodbye_limit=120_000))
    assert isinstance(waiting, Pause)
    assert waiting.wait is not None
    assert waiting.wait <= 120_000
    await desk.redis.hset(key("hash", over.id), "endedAt", 1)
    found = await lanes.take(desk.redis, over, TO_USER, terms=Terms(goodbye_limit=120_000))
    assert isinstance(found, Taken)
    assert found.item == state()


async def test_a_pause_that_was_asked_for_is_no_longer_than_the_patience_with_a_goodbye(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, to_user=(text("adiós"), state())))
    head = await taken(desk, hold)
    asked = refused(head, 3_600_000, Whose.ASKED)
    waiting = await lanes.take(desk.redis, hold, TO_USER, asked, terms=Terms(goodbye_limit=120_000))
    assert isinstance(waiting, Pause)
    assert waiting.wait is not None
    assert waiting.wait <= 120_000


async def test_a_pace_is_shared_and_keeps_the_order(desk: Desk) -> None:
    hold = await desk.active()
    said = tuple(text(f"a{n}", Origin.AGENT) for n in range(4))
    await polls.store_change(desk.redis, hold, Change(to_user=said))
    limits = (Bucket("pair:tienda:x", "pair", 2, 60_000),)
    first = await lanes.take(desk.redis, hold, TO_USER, terms=Terms(limits))
    assert isinstance(first, Taken)
    second = await lanes.take(desk.redis, hold, TO_USER, Settled(first.number, "delivered"), Terms(limits))
    assert isinstance(second, Taken)
    assert [first.item.text, second.item.text] == ["a0", "a1"]
    third = await lanes.take(desk.redis, hold, TO_USER, Settled(second.number, "delivered"), Terms(limits))
    assert isinstance(third, Pause)
    assert third.wait is not None
    assert 58_000 < third.wait <= 60_000
    assert int(await desk.redis.hget(key("counters"), "throttled:pair")) == 1


async def test_a_lane_that_waits_for_its_pace_does_not_try_for_all(desk: Desk) -> None:
    talks = await outage(desk)
    elsewhere = await desk.active(bot="otra")
    await polls.store_change(desk.redis, elsewhere, Change(to_user=(text("hola", Origin.AGENT),)))
    limits = (Bucket("pair:x", "pair", 1, 60_000),)
    assert isinstance(await lanes.take(desk.redis, elsewhere, TO_USER, terms=Terms(limits)), Taken)
    await pause_is_over(desk)
    assert isinstance(await lanes.take(desk.redis, talks[0], TO_USER, terms=Terms(limits)), Pause)
    assert isinstance(await lanes.take(desk.redis, talks[1], TO_USER), Taken)


async def test_two_workers_draw_from_one_bucket(desk: Desk) -> None:
    limits = (Bucket("bot:tienda", "bot", 1, 60_000),)
    first, second = await answering(desk), await answering(desk)
    assert isinstance(await lanes.take(desk.redis, first, TO_USER, terms=Terms(limits)), Taken)
    assert isinstance(await lanes.take(desk.redis, second, TO_USER, terms=Terms(limits)), Pause)


async def test_what_goes_to_another_server_waits_for_no_pause_and_no_pace_of_this_one(desk: Desk) -> None:
    await outage(desk)
    over = await desk.active()
    await polls.store_change(desk.redis, over, Change(to=Status.CLOSED, to_user=(state(),)))
    limits = (Bucket("pair:tienda:x", "pair", 1, 60_000),)
    found = await lanes.take(desk.redis, over, TO_USER, terms=Terms(limits))
    assert isinstance(found, Taken)
    assert not await desk.redis.exists(key("bucket", "pair:tienda:x"))
    await pause_is_over(desk)
    assert isinstance(await lanes.take(desk.redis, over, TO_USER), Taken)
    assert await desk.redis.hget(SHORE, "probing") is None  # nor does it try for all


async def test_what_waited_in_vain_for_its_place_is_nobodys_trouble_and_is_never_given_up(desk: Desk) -> None:
    """Too much of ours was under way to the platform, which heard nothing of it, while it took the others."""
    crowded, other = await answering(desk, "espera"), await answering(desk, "va")
    for _ in range(20):
        head = await taken(desk, crowded)
        again = replace(head.not_asked("too much is under way"), argument="0")
        assert await lanes.take(desk.redis, crowded, TO_USER, again)
    head = await taken(desk, other)
    await lanes.take(desk.redis, other, TO_USER, Settled(head.number, "delivered"))
    for _ in range(10):
        head = await taken(desk, crowded)
        await lanes.take(desk.redis, crowded, TO_USER, replace(head.not_asked("too much"), argument="0"))
    assert await desk.redis.hmget(SHORE, "refusedAt", "failures", "pausedUntil") == [None] * 3
    assert await desk.drain(crowded, TO_USER) == ["espera"]


async def test_what_waited_in_vain_ends_nobodys_attempt_for_all(desk: Desk) -> None:
    talks = await outage(desk)
    await pause_is_over(desk)
    prober = await taken(desk, talks[0])
    await lanes.take(desk.redis, talks[0], TO_USER, prober.not_asked("too much is under way"))
    assert isinstance(await lanes.take(desk.redis, talks[3], TO_USER), Pause)
