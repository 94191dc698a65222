"""Every script sent twice, as redis-py does when an answer was lost; and every script while Redis is full."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from interconnections.bridge.transitions import ended, idle_warning
from interconnections.desks import news
from interconnections.desks.live_agent.chat import switched
from interconnections.desks.live_agent.handover import reconnected
from interconnections.desks.live_agent.reader import Session
from interconnections.errors import StoreAway, StoreFault
from interconnections.items import Change, Item, Kind, Lane, Origin
from interconnections.lifecycle import Reason, Status
from interconnections.secret import Secret
from interconnections.store import (
    admin_reads,
    attempts,
    blocked,
    board,
    by_hand,
    deadletters,
    glance,
    handovers,
    hearing,
    index,
    lanes,
    leases,
    locks,
    mending,
    people,
    polls,
    purge,
    scripts,
    sent,
    standing,
    starts,
    turns,
    unread,
)
from interconnections.store.connection import for_pages
from interconnections.store.keys import PREFIX, key
from interconnections.store.lanes import Bucket, Cause, Settled, Taken, Terms
from interconnections.store.script_table import SCRIPTS
from interconnections.store.script_text import HERE
from tests.desks import rebase
from tests.store.conftest import Desk, text
from tests.unit.bots import bot

MODULES = (
    scripts,
    admin_reads,
    attempts,
    board,
    blocked,
    by_hand,
    deadletters,
    glance,
    handovers,
    hearing,
    index,
    lanes,
    leases,
    locks,
    mending,
    people,
    polls,
    purge,
    standing,
    sent,
    starts,
    turns,
    unread,
)
Deed = Callable[[Desk], Awaitable[object]]
# How often something was asked may be counted; a ticket is another each time.
VOLATILE = ("beat:", "counters", "draining", "report:", "revision", "seen:")
# Whose second answer differs, and why nobody is misled by it.
TOLD_ELSE = {
    "board": "the moment is another",
    "hear": "a repeat is kept already, and the sweep rings where the bell was not",
    "heartbeat": "whom it claimed is in the worker's set, which is compared with what it holds",
    "keep_unread": "a repeat is neither logged nor counted",
    "mend": "only the log tells what was mended",
    "purge": "gone is gone",
    "release": "nobody asks how many",
    "sample": "nobody asks who looked",
    "resend": "the sweep rings where the bell was not",
    "status": "who was rung once need not be rung again, and the sweep makes up for a bell",
    "turn": "the wait is shorter by the time that passed",
}


async def block(desk: Desk) -> object:
    hold = await desk.active()
    return lambda: asyncio.to_thread(by_hand.block, for_pages(), hold.id, blocks=True)


async def let_in(desk: Desk) -> object:
    hold = await desk.active()
    by_hand.block(for_pages(), hold.id, blocks=True)
    [one] = blocked.blocked(for_pages())
    return lambda: asyncio.to_thread(blocked.let_in, for_pages(), one)


async def unblock(desk: Desk) -> object:
    hold = await desk.active()
    by_hand.block(for_pages(), hold.id, blocks=True)
    return lambda: asyncio.to_thread(by_hand.block, for_pages(), hold.id, blocks=False)


async def board_(desk: Desk) -> object:
    await desk.active()
    return lambda: board.look(desk.redis)


def looking(look: Callable[[str], object]) -> Deed:
    """What pages ask of the index and of one conversation."""

    async def deed(desk: Desk) -> object:
        hold = await desk.active()
        return lambda: asyncio.to_thread(look, hold.id)

    return deed


EVERYWHERE = index.IndexRange((("*", "*", "*"), ("Active", "*", "*")))


async def sample(desk: Desk) -> object:
    await desk.active()
    return lambda: scripts.run(desk.redis, "sample", "2026-11-29", 7)


async def change(desk: Desk) -> object:
    hold = await desk.active()
    warned = idle_warning(bot(words={"idleWarning": "¿sigue ahí? %s"}), news.Idle(60, 90))
    return lambda: polls.store_change(desk.redis, hold, warned)


async def change_that_ends(desk: Desk) -> object:
    hold = await desk.active()
    return lambda: polls.store_change(desk.redis, hold, Change(to=Status.CLOSED, reason="x"))


async def end_start(desk: Desk) -> object:
    id = await desk.opened(started=False)
    return lambda: starts.end_start(desk.redis, id, Change(to=Status.FAILED, reason="x", to_user=(text("nadie"),)))


A_TRY = attempts.Attempt("try", (attempts.Bound("name and address", 5, 60_000), attempts.Bound("name", 9, 60_000)))


async def attempt(desk: Desk) -> object:
    return lambda: attempts.count(desk.redis, A_TRY)


async def attempted(desk: Desk) -> object:
    await attempts.count(desk.redis, A_TRY)
    return lambda: attempts.succeeded(desk.redis, A_TRY, 60_000)


async def put_off(desk: Desk) -> object:
    hold = await desk.active()
    return lambda: leases.put_off(desk.redis, hold, Change(to=Status.CLOSED, reason="x"))


async def put_off_and_ended(desk: Desk) -> object:
    hold = await desk.active()
    await lanes.hang_up(desk.redis, hold.id, Reason.BOT_FINISHED)
    return lambda: leases.put_off(desk.redis, hold, Change(to=Status.CLOSED, reason="x", to_user=(text("adiós"),)))


async def hang_up(desk: Desk) -> object:
    hold = await desk.active()
    return lambda: lanes.hang_up(desk.redis, hold.id, Reason.BOT_FINISHED)


async def hang_up_with_a_goodbye(desk: Desk) -> object:
    hold = await desk.active()
    said = (text("hasta luego", Origin.BRIDGE),)
    return lambda: asyncio.to_thread(by_hand.end, for_pages(), hold.id, Reason.RETURNED, state="menu", goodbye=said)


async def hear(desk: Desk) -> object:
    hold = await desk.active()
    return lambda: desk.hear(hold, "hola", "WA.1")


async def hear_without_an_id(desk: Desk) -> object:
    hold = await desk.active()
    return lambda: desk.hear(hold, "hola")


async def status(desk: Desk) -> object:
    """Of a message that failed after it was taken: its agent is told, once."""
    hold = await desk.active()
    await desk.delivered(hold, "hola", "wamid.1")
    fate = sent.Fate("wamid.1", "failed", 1, code="131026")
    return lambda: sent.note(desk.redis, "tienda", [(hold.id.rpartition("-session")[0])], fate, (text("no llegó"),))


async def unsent(desk: Desk) -> object:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("hola", Origin.AGENT),)))
    terms = Terms(shows_within=20_000)
    await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=terms)
    return lambda: lanes.unsent(desk.redis, hold, terms.ticket)


async def goes(desk: Desk) -> object:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("hola", Origin.AGENT),)))
    taken = await lanes.take(desk.redis, hold, Lane.INTEGRATION, terms=Terms(shows_within=20_000))
    assert isinstance(taken, Taken)
    return lambda: lanes.goes(desk.redis, hold, taken.number)


async def heartbeat(desk: Desk) -> object:
    await desk.opened()
    return lambda: leases.beat(desk.redis, "w1", 4000, 10, 10, {"tolerated:x": 3})


async def lock(desk: Desk) -> object:
    return lambda: locks.take(desk.redis, ["a", "b"], "token", 1000)


async def mend(desk: Desk) -> object:
    hold = await desk.active()
    await desk.redis.srem(key("owned", hold.worker), hold.id)
    return lambda: scripts.run(desk.redis, "mend", hold.id)


async def poll(desk: Desk) -> object:
    hold = await desk.active()
    return lambda: desk.news(hold, -1, 3, Change(to_user=(text("hola"),)))


async def open_(desk: Desk) -> object:
    await desk.redis.zadd(key("workers"), {"somebody": 9e15})
    await starts.reserve(desk.redis, "tienda", "ana", "token")
    fields = {"id": "ana-s", "userId": "ana", "sessionId": "s", "status": "OnHold", "provider": "whatsapp",
              "botSlug": "tienda", "timestamp": "2026-01-01T00:00:00+00:00"}  # fmt: skip
    return lambda: starts.store(desk.redis, "token", fields, {"sessionKey": Secret("key")}, {})


async def purge_(desk: Desk) -> object:
    hold = await desk.active()
    await desk.news(hold, -1, 1, ended(None, Reason.AGENT_ENDED))
    await desk.redis.zadd(key("over"), {hold.id: 1})
    return lambda: purge.purge_some(desk.redis)


async def rebase_(desk: Desk) -> object:
    hold = await desk.active()
    await desk.hear(hold, "hola")
    await lanes.take(desk.redis, hold, Lane.SALESFORCE)
    return lambda: rebase(desk.redis, hold, reconnected(Secret("new"), reset=True))


async def release(desk: Desk) -> object:
    hold = await desk.active()
    return lambda: leases.release(desk.redis, "w1", [hold])


async def renew(desk: Desk) -> object:
    await desk.claimed()
    return lambda: asyncio.to_thread(leases.renew, "w1", 4000)


async def resend(desk: Desk) -> object:
    hold = await desk.active()
    await desk.hear(hold, "hola")
    taken = await lanes.take(desk.redis, hold, Lane.SALESFORCE)
    assert isinstance(taken, Taken)
    await lanes.take(desk.redis, hold, Lane.SALESFORCE, Settled(taken.number, "dead", "answered 400"))
    [letter] = deadletters.letters(for_pages())
    return lambda: asyncio.to_thread(deadletters.resend, for_pages(), letter.id, hold.id)


async def reserve(desk: Desk) -> object:
    await desk.claimed()
    return lambda: starts.reserve(desk.redis, "tienda", "ana", "token", '{"name": "Ana"}')


async def same(desk: Desk) -> object:
    await people.same(desk.redis, "tienda", ("5215512345678", "MX.1"))
    return lambda: people.same(desk.redis, "tienda", ("MX.1", "MX.2"))


async def keep_unread(desk: Desk) -> object:
    return lambda: unread.keep(desk.redis, "tienda", "it is no object", "[]", 60)


async def started(desk: Desk) -> object:
    id = await desk.opened(started=False)
    return lambda: starts.started(desk.redis, id)


async def say(desk: Desk) -> object:
    hold = await desk.active()
    return lambda: asyncio.to_thread(by_hand.say, for_pages(), hold.id, (text("hola", Origin.BRIDGE),), "form")


async def step(desk: Desk) -> object:
    await desk.claimed()
    await starts.reserve(desk.redis, "tienda", "ana", "token")
    return lambda: starts.step(desk.redis, "tienda", "ana", "token", contactId="003")


async def rebase_after_a_switch(desk: Desk) -> object:
    hold = await desk.active()
    new = Session("w", Secret("new"), Secret("new"), 40)
    return lambda: rebase(desk.redis, hold, switched(new, "https://example.org"))


async def head(desk: Desk, lane: Lane = Lane.SALESFORCE) -> tuple[leases.Hold, Taken]:
    hold = await desk.active()
    await desk.hear(hold, "uno")
    await desk.hear(hold, "dos")
    taken = await lanes.take(desk.redis, hold, lane)
    assert isinstance(taken, Taken)
    return hold, taken


def taking(settle: Callable[[Taken], Settled]) -> Deed:
    async def prepared(desk: Desk) -> object:
        hold, taken = await head(desk)
        return lambda: lanes.take(desk.redis, hold, Lane.SALESFORCE, settle(taken))

    return prepared


async def take_first(desk: Desk) -> object:
    hold = await desk.active()
    await desk.hear(hold, "uno")
    return lambda: lanes.take(desk.redis, hold, Lane.SALESFORCE)


async def take_first_file(desk: Desk) -> object:
    hold = await desk.active(Item(Kind.FILE, Origin.USER, "{}"))
    return lambda: lanes.take(desk.redis, hold, Lane.SALESFORCE)


async def take_again(desk: Desk) -> object:
    """A predecessor may have sent it."""
    hold, _ = await head(desk)
    return lambda: lanes.take(desk.redis, hold, Lane.SALESFORCE)


async def take_away(desk: Desk) -> object:
    hold = await desk.active()
    return lambda: asyncio.to_thread(by_hand.take_away, for_pages(), hold.id, others_first=True)


async def take_away_from_the_dead(desk: Desk) -> object:
    hold = await desk.active()
    await desk.redis.zadd(key("workers"), {hold.worker: 1})
    return lambda: asyncio.to_thread(by_hand.take_away, for_pages(), hold.id, others_first=False)


async def drain(desk: Desk) -> object:
    await desk.redis.zadd(key("workers"), {"w1": 9e15, "w2": 9e15})
    return lambda: asyncio.to_thread(by_hand.drain, for_pages(), "w1", drains=True)


async def undrain(desk: Desk) -> object:
    await desk.redis.zadd(key("workers"), {"w1": 9e15, "w2": 9e15})
    by_hand.drain(for_pages(), "w1", drains=True)
    return lambda: asyncio.to_thread(by_hand.drain, for_pages(), "w1", drains=False)


async def take_over(desk: Desk) -> object:
    await desk.claimed()
    await starts.reserve(desk.redis, "tienda", "ana", "token")
    await desk.redis.delete(key("reserved", "tienda", "ana"))
    await desk.redis.zadd(key("starts"), {"tienda:ana": 1})
    return lambda: starts.take_over(desk.redis, "other")


async def turn(desk: Desk) -> object:
    await turns.turn(desk.redis, Bucket("door", "desk", 1, 60_000), "somebody else")
    return lambda: turns.turn(desk.redis, Bucket("door", "desk", 1, 60_000), "who waits")


async def turn_that_has_come(desk: Desk) -> object:
    return lambda: turns.turn(desk.redis, Bucket("door", "desk", 1, 60_000), "who comes first")


async def unlock(desk: Desk) -> object:
    await locks.take(desk.redis, ["a"], "token", 1000)
    return lambda: locks.give(desk.redis, ["a"], "token")


async def unreserve(desk: Desk) -> object:
    await desk.claimed()
    await starts.reserve(desk.redis, "tienda", "ana", "token")
    return lambda: starts.unreserve(desk.redis, "tienda", "ana", "token")


async def standing_(desk: Desk) -> object:
    return lambda: standing.note(desk.redis, "tienda", standing.Reach(1000, "whatsapp_cloud 7"), 5)


DEEDS: dict[str, list[Deed]] = {
    "attempt": [attempt],
    "attempted": [attempted],
    "block": [block, unblock],
    "board": [board_],
    "counted": [looking(lambda id: index.counts([EVERYWHERE]))],
    "ends": [looking(lambda id: index.ends(EVERYWHERE))],
    "glance": [looking(lambda id: glance.glances([id])[0].lanes)],
    "newest": [looking(lambda id: index.newest(EVERYWHERE, 0, 5))],
    "rows": [looking(lambda id: admin_reads.rows([id], ["status", "botSlug"]))],
    "change": [change, change_that_ends],
    "drain": [drain, undrain],
    "end_start": [end_start],
    "goes": [goes],
    "hang_up": [hang_up, hang_up_with_a_goodbye],
    "hear": [hear, hear_without_an_id],
    "status": [status],
    "unsent": [unsent],
    "heartbeat": [heartbeat],
    "keep_unread": [keep_unread],
    "let_in": [let_in],
    "lock": [lock],
    "mend": [mend],
    "news": [poll],
    "open": [open_],
    "purge": [purge_],
    "put_off": [put_off, put_off_and_ended],
    "standing": [standing_],
    "rebase": [rebase_, rebase_after_a_switch],
    "release": [release],
    "renew": [renew],
    "resend": [resend],
    "reserve": [reserve],
    "same": [same],
    "sample": [sample],
    "say": [say],
    "started": [started],
    "step": [step],
    "take": [
        take_first,
        take_first_file,
        take_again,
        taking(lambda taken: Settled(taken.number, "delivered")),
        taking(lambda taken: Settled(taken.number, "delivered", change=Change(fields={"choices": ""}))),
        taking(lambda taken: Settled(taken.number, "dead", "answered 400", told=(text("no llegó"),))),
        taking(lambda taken: taken.rebind(7)),
        taking(lambda taken: taken.retry(60, "answered 500", Cause.TROUBLE)),
    ],
    "take_away": [take_away, take_away_from_the_dead],
    "take_over": [take_over],
    "turn": [turn, turn_that_has_come],
    "unlock": [unlock],
    "unreserve": [unreserve],
}
EACH = [
    pytest.param(name, deed, id=f"{name} {n}" if n else name)
    for name, deeds in DEEDS.items()
    for n, deed in enumerate(deeds)
]


async def everything(desk: Desk) -> dict[str, object]:
    """What is kept, but for moments and stream ids."""
    reads: dict[str, Callable[[str], Any]] = {
        "string": desk.redis.get, "hash": desk.redis.hgetall, "set": desk.redis.smembers, "zset": desk.redis.zcard,
        "list": lambda name: desk.redis.llen(name), "stream": desk.redis.xlen,
    }  # fmt: skip
    found = {}
    async for name in desk.redis.scan_iter(f"{PREFIX}*"):
        if not name.removeprefix(PREFIX).startswith(VOLATILE):
            found[name] = await reads[await desk.redis.type(name)](name)
    return {name: _timeless(value) for name, value in found.items()}


BEGINS_WITH_A_MOMENT = re.compile(r"^\d{13} ")


def _timeless(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {
        name: BEGINS_WITH_A_MOMENT.sub("", v)
        for name, v in value.items()
        if not (v.isdigit() and len(v) == 13) and not v.startswith("gAAAA") and not name.endswith("Ticket")
    }


@pytest.fixture
def sent_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each script goes out, is answered, and goes out again: the second answer is the one that arrives."""
    for name in ("run", "run_for_page"):
        once = getattr(scripts, name)

        def twice(redis: Any, script: str, *arguments: Any, once: Any = once) -> Any:
            if asyncio.iscoroutinefunction(once):
                return _again(once, redis, script, *arguments)
            once(redis, script, *arguments)
            return once(redis, script, *arguments)

        for module in MODULES:
            if hasattr(module, name):
                monkeypatch.setattr(module, name, twice)


async def _again(once: Any, *arguments: Any) -> Any:
    await once(*arguments)
    return await once(*arguments)


def test_the_table_names_every_script() -> None:
    there = {path.stem for path in HERE.glob("*.lua")}
    assert set(SCRIPTS) == there == set(DEEDS)


@pytest.mark.parametrize(("name", "prepare"), EACH)
async def test_a_script_that_is_sent_again_does_nothing_and_answers_the_same(
    desk: Desk, name: str, prepare: Deed, request: pytest.FixtureRequest
) -> None:
    deed: Any = await prepare(desk)
    raw = for_pages()
    snapshot = {place: raw.dump(place) for place in raw.keys("*")}
    wanted = await deed()
    there = await everything(desk)
    raw.flushall()
    for place, value in snapshot.items():
        raw.restore(place, 0, value)
    request.getfixturevalue("sent_twice")
    answer = await deed()
    assert name in TOLD_ELSE or _plain(answer) == _plain(wanted)
    assert await everything(desk) == there


def _plain(answer: object) -> object:
    """But for what says that it was stored before, which is no secret, and waits in ms."""
    if isinstance(answer, polls.Stored):
        fields = {name: value for name, value in answer.fields.items() if len(value) != 13}
        return answer.to_salesforce >= 0, answer.to_integration >= 0, answer.retired, fields
    if isinstance(answer, Taken):
        return answer.number, answer.sequence, answer.attempts, answer.again, dict(answer.fields)
    if isinstance(answer, lanes.Pause):
        return answer.wait is None, answer.retired, dict(answer.fields)
    if isinstance(answer, starts.Reservation | starts.TakenOver) and answer.start:
        return answer.start.key, answer.start.steps
    return answer


@pytest.mark.parametrize("name", sorted(DEEDS))
async def test_a_full_redis_carries_on_what_is_there_and_takes_nothing_new(desk: Desk, name: str) -> None:
    deed: Any = await DEEDS[name][0](desk)
    await desk.redis.config_set("maxmemory", "1")
    try:
        if SCRIPTS[name].when_full:
            await deed()
        else:
            with pytest.raises(StoreAway):
                await deed()
    finally:
        await desk.redis.config_set("maxmemory", "0")


async def test_a_key_of_another_type_is_a_fault_and_not_a_pause(desk: Desk) -> None:
    hold = await desk.active()
    await desk.redis.delete(key("events", hold.id))
    await desk.redis.set(key("events", hold.id), "somebody else's")
    with pytest.raises(StoreFault, match="WRONGTYPE"):
        await desk.news(hold, -1, 3)


async def test_a_script_that_fails_is_a_fault(desk: Desk) -> None:
    id = await desk.opened(started=False)
    with pytest.raises(StoreFault, match="end_start"):
        await scripts.run(desk.redis, "end_start", id, "ticket", "no JSON at all")
