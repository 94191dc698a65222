"""Dead letters: listed, sent again once and in order, dropped; and the command that does it."""

import asyncio
import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from interconnections.bridge.inbound import receive
from interconnections.items import Change, Lane, Origin
from interconnections.lifecycle import Status
from interconnections.store import deadletters, lanes, polls, unread
from interconnections.store.connection import for_pages
from interconnections.store.keys import key
from interconnections.store.lanes import Settled, Taken
from interconnections.store.leases import Hold
from interconnections.tally import Tally
from tests.store.conftest import Desk, text
from tests.unit.bots import bot

TO_USER, TO_AGENT = Lane.INTEGRATION, Lane.SALESFORCE


async def killed(desk: Desk, hold: Hold, *words: str, lane: Lane = TO_USER) -> list[str]:
    """These become dead letters; gives their numbers."""
    change = Change(to_user=tuple(text(word, Origin.AGENT) for word in words))
    if lane is TO_AGENT:
        for word in words:
            await desk.hear(hold, word)
    else:
        await polls.store_change(desk.redis, hold, change)
    numbers = []
    found = await lanes.take(desk.redis, hold, lane)
    while isinstance(found, Taken):
        numbers.append(found.number)
        found = await lanes.take(desk.redis, hold, lane, Settled(found.number, "dead", "answered 400"))
    return numbers


def ids() -> list[str]:
    return [letter.id for letter in deadletters.letters(for_pages())]


async def test_they_go_again_in_order_under_their_old_numbers(desk: Desk) -> None:
    hold = await desk.active()
    numbers = await killed(desk, hold, "uno", "dos")
    assert [deadletters.resend(for_pages(), id, hold.id)[0] for id in ids()] == ["resent", "resent"]
    head = await lanes.take(desk.redis, hold, TO_USER)
    assert isinstance(head, Taken)
    assert head.number == numbers[0]  # so the platform knows it again, had it arrived after all
    assert await desk.drain(hold, TO_USER) == ["uno", "dos"]


async def test_asking_twice_sends_once(desk: Desk) -> None:
    hold = await desk.active()
    await killed(desk, hold, "uno")
    [id] = ids()
    session = (await desk.fields(hold.id))["sessionId"]
    assert deadletters.resend(for_pages(), id, hold.id) == ("resent", session, "integration.w1")
    assert deadletters.resend(for_pages(), id, hold.id)[0] == "no such"
    assert await desk.drain(hold, TO_USER) == ["uno"]


async def test_an_agent_that_is_gone_is_not_written_to(desk: Desk) -> None:
    hold = await desk.active()
    await killed(desk, hold, "uno", lane=TO_AGENT)
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED))
    assert deadletters.resend(for_pages(), ids()[0], hold.id)[0] == "over"
    assert len(ids()) == 1  # it stays


async def test_a_user_is_written_to_after_the_chat_too(desk: Desk) -> None:
    hold = await desk.active()
    await killed(desk, hold, "uno")
    await polls.store_change(desk.redis, hold, Change(to=Status.CLOSED))
    assert deadletters.resend(for_pages(), ids()[0], hold.id) == (
        "resent",
        (await desk.fields(hold.id))["sessionId"],
        "",
    )
    [again] = await desk.claimed()
    assert await desk.drain(again, TO_USER) == ["uno"]


async def test_to_salesforce_it_goes_under_a_number_of_its_own(desk: Desk) -> None:
    hold = await desk.active()
    await killed(desk, hold, "uno", lane=TO_AGENT)  # bound to 2
    deadletters.resend(for_pages(), ids()[0], hold.id)
    head = await lanes.take(desk.redis, hold, TO_AGENT)
    assert isinstance(head, Taken)
    assert (head.sequence, head.again) == (3, False)


async def told(*arguments: str, **options: object) -> str:
    out = io.StringIO()
    await asyncio.to_thread(call_command, "deadletters", *arguments, stdout=out, **options)
    return out.getvalue()


async def test_the_command_lists_without_anybodys_words_or_number(desk: Desk) -> None:
    hold = await desk.active(user="5215512345678")
    await killed(desk, hold, "mi secreto")
    listed = await told("list")
    assert "answered 400" in listed
    assert "1 dead letter\n" in listed
    assert "secreto" not in listed
    assert "5215512345678" not in listed
    assert "'mi secreto'" in await told("list", texts=True)


async def test_the_command_sends_one_session_and_drops_another(desk: Desk) -> None:
    one, other = await desk.active(), await desk.active()
    await killed(desk, one, "uno")
    await killed(desk, other, "otra")
    session = (await desk.fields(one.id))["sessionId"]
    assert "1 of 1 on their way again" in await told("retry", session=session)
    assert await desk.drain(one, TO_USER) == ["uno"]
    assert "1 dropped" in await told("drop", *ids())
    assert "0 dead letters" in await told("list")


async def test_the_command_wants_to_know_which() -> None:
    with pytest.raises(CommandError, match="say which"):
        await told("drop")


async def test_old_letters_are_forgotten_with_the_conversations(desk: Desk) -> None:
    from interconnections.store.purge import purge_due

    hold = await desk.active()
    await desk.redis.xadd(key("dead"), {"id": hold.id}, id="1000-0")
    await desk.redis.xadd(key("dead"), {"id": hold.id})
    await purge_due(desk.redis)
    assert await desk.redis.xlen(key("dead")) <= 2  # whole nodes only


async def test_a_letter_that_this_release_cannot_read_hides_no_other(desk: Desk) -> None:
    hold = await desk.active()
    await killed(desk, hold, "uno")
    odd = [
        {
            "item": '["hologram", "user", "x", ""]',
            "lane": "agent",
            "id": "a",
            "why": "w",
            "number": "1",
            "at": "9" * 30,
        },
        {"item": "{", "lane": "salesforce", "id": "a", "why": "w", "number": "1", "at": "soon"},
        {"item": "[]"},
    ]
    for fields in odd:
        await desk.redis.xadd(key("dead"), fields)
    told = list(deadletters.letters(for_pages()))
    assert [letter.item.text for letter in told] == ["uno", '["hologram", "user", "x", ""]', "{", "[]"]
    shown = io.StringIO()
    call_command("deadletters", "list", "--texts", stdout=shown)
    assert "4 dead letters" in shown.getvalue() and "hologram" in shown.getvalue()
    call_command("deadletters", "drop", *[letter.id for letter in told[1:]], stdout=shown)
    assert len(ids()) == 1


async def test_a_webhook_that_nobody_can_read_is_a_letter_of_its_own_kind(desk: Desk) -> None:
    for n in range(unread.MOST + 5):
        kept = await unread.keep(desk.redis, "tienda", "an object is expected", f"[{n}]", 60)
        assert kept is (unread.Kept.KEPT if n < unread.MOST else unread.Kept.ENOUGH)
    assert await unread.keep(desk.redis, "tienda", "an object is expected", "[0]", 60) is unread.Kept.REPEAT
    found = list(deadletters.letters(for_pages()))
    assert len(found) == unread.MOST
    assert (found[0].lane, found[0].item.text, found[0].why) == ("webhook", "[0]", "tienda: an object is expected")
    assert deadletters.resend(for_pages(), found[0].id, found[0].interconnection)[0] == "gone"
    assert deadletters.drop(for_pages(), found[0].id)


async def test_what_its_platform_sends_again_because_nobody_answered_is_one_letter(desk: Desk) -> None:
    shop, tally = bot(provider="messenger", platform="messenger", bot_id="100"), Tally()
    bridge: Any = SimpleNamespace(redis=desk.redis, tally=tally)
    event = {"sender": {"id": "7"}, "recipient": {"id": "100"}, "timestamp": 1, "brand_new": {"text": "hola"}}
    for n in range(3):  # another delivery may bring something beside it
        beside = [event | {"brand_new": {"text": f"{n}"}}] if n == 2 else []
        await receive(bridge, shop, {"object": "page", "entry": [{"id": "100", "messaging": [event, *beside]}]})
    assert [json.loads(letter.item.text)["brand_new"] for letter in deadletters.letters(for_pages())] == [
        {"text": "hola"},
        {"text": "2"},
    ]
    assert tally.taken() == {"webhooks unread": 2}
