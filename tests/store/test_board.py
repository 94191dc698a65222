"""The board's figures: a scripted day with known answers, the same as a recount from the raw records."""

from collections import Counter
from dataclasses import asdict
from typing import Any

import pytest

from interconnections.board.figures import figures
from interconnections.histograms import SECONDS, bucket, spread
from interconnections.items import Change, Lane, Origin
from interconnections.lifecycle import FINAL, Reason, Status
from interconnections.store import board, deadletters, lanes, leases, polls, starts
from interconnections.store.connection import AsyncRedis, for_pages
from interconnections.store.days import begin_of, day_of, end_of
from interconnections.store.keys import key
from interconnections.store.lanes import Settled, Taken
from interconnections.store.leases import Hold
from interconnections.store.mending import mend
from tests.store.conftest import Desk, text

SECOND = 1000
FAR = 9e15


async def snapshot(redis: AsyncRedis) -> board.Snapshot:
    return board.snapshot(await board.look(redis))


async def shown(redis: AsyncRedis, *bots: str) -> dict[str, Any]:
    return figures(await snapshot(redis), bots or None)


async def now(redis: AsyncRedis) -> int:
    seconds, micros = await redis.time()
    return int(seconds * SECOND + micros // SECOND)


async def asked(desk: Desk, ago: int, **more: str) -> Hold:
    """Somebody asked for an agent, so many seconds ago."""
    hold = await desk.held(**more)
    await desk.redis.hset(key("hash", hold.id), "openedAt", await now(desk.redis) - ago * SECOND)
    return hold


async def accepted(desk: Desk, hold: Hold, after: int) -> Hold:
    """An agent came, so many seconds after they had asked."""
    opened = int((await desk.fields(hold.id))["openedAt"])
    joined = Change(to=Status.ACTIVE, fields={"agentName": "Luz", "acceptedAt": str(opened + after * SECOND)})
    await polls.store_change(desk.redis, hold, joined)
    return hold


async def said(desk: Desk, hold: Hold, words: str) -> None:
    await polls.store_change(desk.redis, hold, Change(to_user=(text(words, Origin.AGENT),)))


async def ended(desk: Desk, hold: Hold, reason: Reason = Reason.AGENT_ENDED, to: Status = Status.CLOSED) -> None:
    await polls.store_change(desk.redis, hold, Change(to=to, reason=reason))


async def failed_start(desk: Desk, user: str, bot: str = "tienda") -> None:
    await desk.redis.zadd(key("workers"), {"somebody": FAR})
    await starts.reserve(desk.redis, bot, user, "token")
    fields = {"id": f"{user}-s", "userId": user, "sessionId": f"{user}-s", "status": Status.FAILED, "botSlug": bot,
              "provider": "whatsapp", "timestamp": "2026-01-01T00:00:00Z", "reason": Reason.START_FAILED}  # fmt: skip
    assert await starts.store(desk.redis, "token", fields, {}, {})
    await desk.redis.zrem(key("workers"), "somebody")


async def a_day(desk: Desk) -> dict[str, Hold]:
    """Ten asked: two wait, three talk (of whom one waits again), and five ended in their ways."""
    holds = {
        "waits": await asked(desk, 40),
        "waits at the bank": await asked(desk, 95, bot="banco"),
        "unanswered": await accepted(desk, await asked(desk, 300), 20),
        "answered": await accepted(desk, await asked(desk, 300, bot="banco"), 40),
        "waits again": await accepted(desk, await asked(desk, 200), 60),
        "helped": await accepted(desk, await asked(desk, 400), 100),
        "left waiting": await asked(desk, 50),
        "no agent": await asked(desk, 80, bot="banco"),
        "lost": await accepted(desk, await asked(desk, 500), 30),
    }
    await desk.hear(holds["unanswered"], "¿hola?")
    await desk.hear(holds["answered"], "¿hola?")
    await said(desk, holds["answered"], "Buenas")
    await polls.store_change(desk.redis, holds["waits again"], Change(fields={"waitingAgain": "1"}))
    await said(desk, holds["helped"], "Buenas")
    await ended(desk, holds["helped"])
    await lanes.hang_up(desk.redis, holds["left waiting"].id, Reason.USER_LEFT)
    await ended(desk, holds["left waiting"], Reason.USER_LEFT)
    await ended(desk, holds["no agent"], Reason.NO_AGENT, Status.FAILED)
    await ended(desk, holds["lost"], Reason.LOST)
    await failed_start(desk, "nadie")
    return holds


async def test_a_scripted_day_has_the_figures_that_everybody_can_count(desk: Desk) -> None:
    holds = await a_day(desk)
    told = await shown(desk.redis)
    assert (told["waiting"], told["active"], told["awaitingReply"]) == (3, 2, 1)
    assert told["longestWaitSession"] == (await desk.fields(holds["waits again"].id))["sessionId"]
    assert 139 <= told["longestWaitSeconds"] <= 200
    assert told["failed"] == {"15": 2, "60": 2, "reasons": {Reason.NO_AGENT: 1, Reason.START_FAILED: 1}}
    today = told["today"]
    assert (today["asked"], today["accepted"], today["abandoned"]) == (10, 5, 1)
    assert today["acceptanceRate"] == 0.5
    assert today["waitSeconds"] == {"avg": 50.0, "p50": 40.0, "p90": 105.0}
    assert today["ended"] == {
        Reason.AGENT_ENDED: 1, Reason.USER_LEFT: 1, Reason.NO_AGENT: 1, Reason.LOST: 1, Reason.START_FAILED: 1
    }  # fmt: skip
    assert 384 <= today["handleSeconds"]["avg"] <= 440  # 300 s and 470 s, by now
    assert 279 <= today["firstResponseSeconds"]["avg"] <= 340  # 260 s and 300 s
    assert [one["number"] for one in today["waits"]] == [0, 2, 2, 1, 0, 0, 0, 0]


async def test_bots_add_up_to_the_whole(desk: Desk) -> None:
    await a_day(desk)
    shop, bank, both = [await shown(desk.redis, *bots) for bots in (["tienda"], ["banco"], ["tienda", "banco"])]
    assert (shop["waiting"], bank["waiting"], both["waiting"]) == (2, 1, 3)
    assert (shop["active"], bank["active"], both["active"]) == (1, 1, 2)
    assert (shop["today"]["asked"], bank["today"]["asked"]) == (7, 3)
    assert (shop["failed"]["60"], bank["failed"]["60"]) == (1, 1)
    whole = await shown(desk.redis)
    assert {name: both[name] for name in ("failed", "today")} == {name: whole[name] for name in ("failed", "today")}
    assert (await shown(desk.redis, "nobody's"))["waiting"] == 0


async def test_the_figures_are_those_of_a_recount_from_the_raw_records(desk: Desk) -> None:
    await a_day(desk)
    told = await shown(desk.redis)
    rows = [await desk.redis.hgetall(key("hash", id)) for id in (await desk.redis.hgetall(key("ids"))).values()]
    there = [row for row in rows if row["status"] not in FINAL]
    again = [row for row in there if row.get("waitingAgain") == "1"]
    assert told["waiting"] == sum(row["status"] == Status.ON_HOLD for row in there) + len(again)
    assert told["active"] == sum(row["status"] == Status.ACTIVE for row in there) - len(again)
    assert told["awaitingReply"] == sum("unansweredSince" in row for row in there if row not in again)
    today = told["today"]
    assert today["asked"] == len(rows)
    assert today["accepted"] == sum("acceptedAt" in row for row in rows)
    assert today["ended"] == dict(Counter(row["reason"] for row in rows if row["status"] in FINAL))
    for name, start, end in (
        ("waitSeconds", "openedAt", "acceptedAt"),
        ("firstResponseSeconds", "acceptedAt", "answeredAt"),
        ("handleSeconds", "acceptedAt", "endedAt"),
    ):
        lasted = [int(row[end]) - int(row[start]) for row in rows if start in row and end in row]
        sums = Counter(f"x:{bucket(SECONDS, ms / SECOND)}" for ms in lasted)
        assert today[name] == asdict(spread({**sums, "x ms": sum(lasted)}, "x", SECONDS, SECOND))


async def test_what_could_go_and_does_not_is_undelivered(desk: Desk) -> None:
    hold = await desk.active()
    await said(desk, hold, "uno")
    await said(desk, hold, "dos")
    waiting = await desk.held(bot="banco")
    await desk.hear(waiting, "espero")  # held until an agent comes
    await desk.redis.zadd(key("waiting", Lane.INTEGRATION, "tienda"), {hold.id: await now(desk.redis) - 7000})
    told = await shown(desk.redis)
    assert told["undelivered"] == 2
    assert 7 <= told["oldestUndeliveredSeconds"] < 60
    assert (await shown(desk.redis, "banco"))["undelivered"] == 0
    await desk.drain(hold, Lane.INTEGRATION)
    assert (await shown(desk.redis))["undelivered"] == 0


async def test_dead_letters_are_counted_by_bot_until_they_go(desk: Desk) -> None:
    hold = await desk.active()
    for words in ("uno", "dos", "tres"):
        await said(desk, hold, words)
        taken = await lanes.take(desk.redis, hold, Lane.INTEGRATION)
        assert isinstance(taken, Taken)
        await lanes.take(desk.redis, hold, Lane.INTEGRATION, Settled(taken.number, "dead", "answered 400"))
    first, second, _ = [letter.id for letter in deadletters.letters(for_pages())]
    assert (await shown(desk.redis, "tienda"))["deadLetters"] == 3
    deadletters.resend(for_pages(), first, hold.id)
    deadletters.drop(for_pages(), second)
    assert (await shown(desk.redis, "tienda"))["deadLetters"] == (await shown(desk.redis))["deadLetters"] == 1
    assert (await shown(desk.redis, "banco"))["deadLetters"] == 0


async def test_workers_tell_what_they_carry_of_each_bot(desk: Desk) -> None:
    gauges = {"since": 1_795_000_000_000, "sessions:tienda": 2, "sessions:banco": 1, "at risk:banco": 1, "polls": 3}
    for bot in ("tienda", "tienda", "banco"):
        await desk.opened(bot=bot)
    await leases.beat(desk.redis, "w1", 4000, 10, 10, gauges=gauges)
    since = "2026-11-18T11:06:40.000Z"
    assert (await shown(desk.redis))["workers"] == [{"name": "w1", "sessions": 3, "since": since}]
    assert (await shown(desk.redis, "banco"))["workers"] == [{"name": "w1", "sessions": 1, "since": since}]
    assert [(await shown(desk.redis, bot))["atRisk"] for bot in ("tienda", "banco")] == [0, 1]


async def test_what_nobody_carries_for_long_is_at_risk(desk: Desk) -> None:
    id = await desk.opened()
    assert (await shown(desk.redis))["atRisk"] == 0
    await desk.redis.zadd(key("free"), {id: await now(desk.redis) - 11_000})
    assert (await shown(desk.redis))["atRisk"] == 1


async def test_a_paused_shore_is_shown_with_its_reason(desk: Desk) -> None:
    hold = await desk.active()
    await said(desk, hold, "uno")
    taken = await lanes.take(desk.redis, hold, Lane.INTEGRATION)
    assert isinstance(taken, Taken)
    refused = taken.retry(60, "answered 503", lanes.Cause.ASKED, lanes.Whose.ASKED)
    await lanes.take(desk.redis, hold, Lane.INTEGRATION, refused)
    [pause] = (await shown(desk.redis))["paused"]
    assert (pause["bot"], pause["lane"], pause["why"]) == ("tienda", "integration", "answered 503")


async def test_relay_times_come_with_a_heartbeat_and_count_once(desk: Desk) -> None:
    await desk.opened()
    day = (await snapshot(desk.redis)).day
    totals = {
        f"day:{day}:tienda:to user:20": 1,
        f"day:{day}:tienda:to user:50": 1,
        f"day:{day}:tienda:to user ms": 60,
    }
    await leases.beat(desk.redis, "w1", 4000, 0, 10, totals)
    relay = (await shown(desk.redis))["today"]["relayMs"]
    assert relay["toUser"] == {"avg": 30.0, "p50": 20.0, "p90": 50.0}
    assert relay["toAgent"] == {"avg": None, "p50": None, "p90": None}
    assert not [name for name in await desk.redis.hkeys(key("counters")) if name.startswith("day:")]


async def test_failures_older_than_an_hour_are_forgotten(desk: Desk) -> None:
    minute = await now(desk.redis) // 60_000
    old = {f"{minute - 61}:{Reason.LOST}": 7, f"{minute - 20}:{Reason.NO_AGENT}": 2}
    await desk.redis.hset(key("failures", "tienda"), mapping=old)
    await failed_start(desk, "nadie")
    assert (await shown(desk.redis))["failed"] == {
        "15": 1, "60": 3, "reasons": {Reason.NO_AGENT: 2, Reason.START_FAILED: 1}
    }  # fmt: skip
    assert len(await desk.redis.hkeys(key("failures", "tienda"))) == 2


async def test_while_nothing_happens_the_answer_stays_the_same(desk: Desk) -> None:
    await a_day(desk)
    assert (await board.look(desk.redis)).raw == (await board.look(desk.redis)).raw


async def test_an_empty_store_has_an_empty_board(store: AsyncRedis) -> None:
    told = await shown(store)
    assert (told["waiting"], told["longestWaitSession"], told["workers"]) == (0, None, [])
    assert told["today"]["acceptanceRate"] is None


async def test_a_board_is_read_in_one_step_from_pages_too(desk: Desk) -> None:
    await a_day(desk)
    page, loop = figures(board.look_for_page(for_pages())), await shown(desk.redis)
    assert page["today"] == loop["today"]


@pytest.mark.parametrize("zone", ["UTC", "America/Mexico_City", "Asia/Kathmandu"])
def test_a_day_begins_at_midnight_of_the_time_zone(settings: Any, zone: str) -> None:
    settings.TIME_ZONE = zone
    begin, end = begin_of("2026-11-29"), end_of("2026-11-29")
    assert [day_of(at) for at in (begin - 1, begin, end - 1, end)] == [
        "2026-11-28", "2026-11-29", "2026-11-29", "2026-11-30"
    ]  # fmt: skip


async def test_what_was_counted_yesterday_is_not_todays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starts, "today", lambda: "2026-11-28")
    await desk.opened()
    assert (await shown(desk.redis))["today"]["asked"] == 0
    assert await desk.redis.hget(key("day", "2026-11-28", "tienda"), "asked") == "1"
    assert 0 < await desk.redis.ttl(key("day", "2026-11-28", "tienda")) <= 3 * 86_400


async def test_an_answer_is_owed_from_the_first_word_on_until_the_agent_speaks(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "uno")
    assert await desk.redis.zscore(key("unanswered", "tienda"), hold.id)
    await desk.hear(hold, "dos")
    said_at = await desk.redis.zscore(key("unanswered", "tienda"), hold.id)
    assert str(int(said_at or 0)) == (await desk.fields(hold.id))["unansweredSince"]
    await said(desk, hold, "sí")
    assert await desk.redis.zscore(key("unanswered", "tienda"), hold.id) is None


async def test_the_agents_last_word_leaves_its_time_and_words_of_ours_none(desk: Desk) -> None:
    hold = await desk.active()
    await polls.store_change(desk.redis, hold, Change(to_user=(text("Espere.", Origin.BRIDGE),)))
    assert "agentSaidAt" not in await desk.fields(hold.id)
    await said(desk, hold, "Buenas")
    assert int((await desk.fields(hold.id))["agentSaidAt"]) <= await now(desk.redis)


async def test_what_a_release_before_left_is_set_right_in_silence(desk: Desk) -> None:
    hold = await desk.held()
    await desk.redis.delete(key("queued", "tienda"))
    assert await mend(desk.redis, "w1") == []
    assert await desk.redis.zscore(key("queued", "tienda"), hold.id)


async def test_the_day_has_a_point_for_every_time_that_somebody_looked(desk: Desk) -> None:
    await a_day(desk)
    assert await board.sample(desk.redis)
    assert not await board.sample(desk.redis)
    [point] = (await shown(desk.redis))["day"]
    assert (point["waiting"], point["active"]) == (3, 2)
    [point] = (await shown(desk.redis, "banco"))["day"]
    assert (point["waiting"], point["active"]) == (1, 1)
    since, until = (await shown(desk.redis))["today"]["since"], (await shown(desk.redis))["today"]["until"]
    assert since <= point["at"] < until
    first = await board.look(desk.redis)
    assert (await board.look(desk.redis, first.curve)).curve is first.curve
