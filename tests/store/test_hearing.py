"""What a webhook sets going, it sets going once: a repeat does nothing again, and a refused try drops nothing."""

import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from interconnections.bridge.inbound import hear
from interconnections.directory import Bot
from interconnections.errors import StoreAway, Unavailable
from interconnections.items import Kind, Lane
from interconnections.lifecycle import Reason
from interconnections.platforms.messages import Message
from interconnections.store import context, lanes
from interconnections.store.hearing import Heard
from interconnections.store.keys import key
from interconnections.store.lanes import Pause, Settled, Taken
from tests.store.conftest import Desk
from tests.unit.bots import bot

SHOP = bot(slug="tienda", restart_keywords=("regresar",))


async def told(desk: Desk, words: str, id: str = "wamid.1", user: str = "ana") -> Heard:
    bridge: Any = SimpleNamespace(redis=desk.redis)
    return (await hear(bridge, SHOP, Message(user, id, False, "text", 1, words))).heard


async def leaving(desk: Desk, id: str) -> tuple[str, str]:
    fields = await desk.fields(id)
    return fields.get("leaving", ""), fields.get("leavingReason", "")


async def test_a_word_that_leaves_ends_the_chat_behind_what_was_said_before(desk: Desk) -> None:
    hold = await desk.active(user="ana")
    await told(desk, "gracias", "wamid.0")
    assert await told(desk, "Regresar") is Heard.LEFT
    assert await leaving(desk, hold.id) == ("1", Reason.USER_LEFT)
    first = await lanes.take(desk.redis, hold, Lane.SALESFORCE)
    assert isinstance(first, Taken) and first.item.text == "gracias"
    last = await lanes.take(desk.redis, hold, Lane.SALESFORCE, Settled(first.number, "delivered"))
    assert isinstance(last, Taken) and last.item.kind is Kind.END


async def test_the_repeat_of_a_word_that_leaves_does_not_end_the_next_chat(desk: Desk) -> None:
    """The platform repeats for a day what it believes unanswered, and the user has long come back."""
    await desk.active(user="ana")
    assert await told(desk, "regresar") is Heard.LEFT
    again = await desk.opened(user="ana")
    assert await told(desk, "regresar") is Heard.REPEAT
    assert await leaving(desk, again) == ("", "")
    assert await told(desk, "regresar", "wamid.2") is Heard.LEFT  # said anew, it is meant for this one
    assert await leaving(desk, again) == ("1", Reason.USER_LEFT)


async def test_a_word_that_leaves_is_not_lost_when_redis_refuses_it_first(desk: Desk) -> None:
    """Recognising and ending are one step: a platform's repeat finds both done, or neither."""
    hold = await desk.active(user="ana")
    await desk.redis.config_set("maxmemory", "1")
    try:
        with pytest.raises(StoreAway):
            await told(desk, "regresar")
    finally:
        await desk.redis.config_set("maxmemory", "0")
    assert await leaving(desk, hold.id) == ("", "")
    assert await told(desk, "regresar") is Heard.LEFT
    assert await leaving(desk, hold.id) == ("1", Reason.USER_LEFT)


async def test_a_moment_that_no_clock_shows_is_ours(desk: Desk) -> None:
    bridge: Any = SimpleNamespace(redis=desk.redis)
    now = time.time() * 1000
    for n, at in enumerate([10**13, now + 2 * 86_400_000, now + 3_600_000, 1_772_000_000_000, None]):
        await hear(bridge, SHOP, Message("ana", f"m{n}", False, "text", None if at is None else int(at), f"m{n}"))
    told = {entry.text: entry.at for entry in await context.read(desk.redis, "tienda", "ana", 24)}
    assert all(abs(told[f"m{n}"] - now) < 60_000 for n in (0, 1, 4))
    assert told["m2"] > now + 3_000_000 and told["m3"] == 1_772_000_000_000


async def test_a_notice_of_the_platform_goes_to_the_agent_and_is_no_word_of_the_user(desk: Desk) -> None:
    bridge: Any = SimpleNamespace(redis=desk.redis)
    hold = await desk.active(user="ana")
    receipt = await hear(bridge, SHOP, Message("ana", "s1", False, "system", 1, detail="Rosa changed"))
    assert receipt.heard is Heard.LANE
    fields = await desk.fields(hold.id)
    assert "userSaidAt" not in fields and "unansweredSince" not in fields
    assert await desk.drain(hold, Lane.SALESFORCE) == ["[aviso] Rosa changed"]


async def test_a_long_id_is_remembered_by_its_digest(desk: Desk) -> None:
    long = "ñ" * 200_000
    assert [await told(desk, "hola", id) for id in (long, long, long + "x")] == [
        Heard.CONTEXT, Heard.REPEAT, Heard.CONTEXT,
    ]  # fmt: skip
    assert all(len(name) < 300 for name in await desk.redis.keys("*"))


async def test_a_word_that_leaves_is_an_ordinary_word_where_no_chat_is_open(desk: Desk) -> None:
    assert await told(desk, "regresar") is Heard.CONTEXT
    assert [entry.text for entry in await context.read(desk.redis, "tienda", "ana", 24)] == ["regresar"]


async def test_who_leaves_twice_leaves_once(desk: Desk) -> None:
    hold = await desk.active(user="ana")
    assert [await told(desk, "regresar", f"wamid.{n}") for n in range(2)] == [Heard.LEFT, Heard.CONTEXT]
    end = await lanes.take(desk.redis, hold, Lane.SALESFORCE)
    assert isinstance(end, Taken) and end.item.kind is Kind.END
    assert await lanes.take(desk.redis, hold, Lane.SALESFORCE, Settled(end.number, "delivered")) == Pause(None)


MB = 1_000_000


async def memory(desk: Desk) -> int:
    return int((await desk.redis.info("memory"))["used_memory"])


async def test_what_a_webhook_brings_is_kept_about_once(desk: Desk) -> None:
    """An id, a caption and an address of a megabyte each were kept six times, for a month."""
    bridge: Any = SimpleNamespace(redis=desk.redis)
    hold = await desk.active(user="ana")
    caption = "la caja " * 120_000
    message = Message("ana", "i" * MB, False, "image", 1, url="https://x/" + "u" * 8000, caption=caption)
    await told(desk, "hola", "warm-up")
    before = await memory(desk)
    await hear(bridge, replace(SHOP, org=None), message)
    said = "".join(await desk.drain(hold, Lane.SALESFORCE))
    assert said.endswith(caption.rstrip())
    assert await memory(desk) - before < 2.2 * len(caption)


async def test_beyond_a_bots_quota_nothing_is_kept_until_the_hour_is_over(desk: Desk) -> None:
    bridge: Any = SimpleNamespace(redis=desk.redis)
    shop = replace(SHOP, intake_limit=1)
    hold = await desk.active(user="ana")

    async def brings(id: str, size: int, whose: Bot = shop) -> Heard:
        return (await hear(bridge, whose, Message("ana", id, False, "text", 1, "x" * size))).heard

    assert await brings("m1", MB) is Heard.LANE
    with pytest.raises(Unavailable, match=r"1 MB within an hour: send it again in (36|35)\d\d s"):
        await brings("m2", 5)
    assert await brings("m1", MB) is Heard.REPEAT
    assert await brings("m3", 5, replace(shop, slug="banco")) is Heard.CONTEXT  # another's quota is another's
    assert await brings("m4", 5, replace(shop, intake_limit=0)) is Heard.LANE
    assert 0 < await desk.redis.ttl(key("intake", "tienda")) <= 3600
    await desk.redis.delete(key("intake", "tienda"))  # the hour is over
    assert await brings("m2", 5) is Heard.LANE
    said = await desk.drain(hold, Lane.SALESFORCE)
    assert [len(words) for words in said[-2:]] == [5, 5]


async def test_who_kept_a_message_is_told_its_number(desk: Desk) -> None:
    hold = await desk.active()
    receipt = await desk.hear(hold, "hola", "WA.1")
    taken = await lanes.take(desk.redis, hold, Lane.SALESFORCE)
    assert isinstance(taken, lanes.Taken)
    assert receipt.number == int(taken.number)
    assert (await desk.hear(hold, "hola", "WA.1")).number == 0  # known already
