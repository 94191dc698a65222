"""What a webhook sets going, it sets going once: a repeat does nothing again, and a refused try drops nothing."""

from types import SimpleNamespace
from typing import Any

import pytest

from interconnections.bridge.hear import hear
from interconnections.errors import StoreAway
from interconnections.items import Kind, Lane
from interconnections.lifecycle import Reason
from interconnections.platforms.words import Message
from interconnections.store import context, lanes
from interconnections.store.lanes import Heard, Pause, Settled, Taken
from tests.pure.bots import bot
from tests.store.conftest import Desk

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


async def test_a_word_that_leaves_is_an_ordinary_word_where_no_chat_is_open(desk: Desk) -> None:
    assert await told(desk, "regresar") is Heard.CONTEXT
    assert [entry.text for entry in await context.read(desk.redis, "tienda", "ana", 24)] == ["regresar"]


async def test_who_leaves_twice_leaves_once(desk: Desk) -> None:
    hold = await desk.active(user="ana")
    assert [await told(desk, "regresar", f"wamid.{n}") for n in range(2)] == [Heard.LEFT, Heard.CONTEXT]
    end = await lanes.take(desk.redis, hold, Lane.SALESFORCE)
    assert isinstance(end, Taken) and end.item.kind is Kind.END
    assert await lanes.take(desk.redis, hold, Lane.SALESFORCE, Settled(end.number, "delivered")) == Pause(None)
