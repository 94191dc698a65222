"""The long poll (§5)."""

from __future__ import annotations

import asyncio

import pytest

from .conftest import GONE


async def test_an_empty_poll_is_held_and_then_204_without_a_body(sim):
    await sim.rules(hold_seconds=0.05)
    visitor = await sim.waiting()
    answer = await visitor.poll()
    assert (answer.status, answer.text) == (204, "")


async def test_an_event_ends_the_wait(sim):
    visitor = await sim.waiting()
    poll = await visitor.polled()
    await visitor.agent("accept")
    assert (await poll).types == ["QueueUpdate", "ChatEstablished"]


async def test_waiting_events_come_at_once_and_together(sim):
    visitor = await sim.active()
    for text in ("one", "two", "three"):
        await visitor.agent("say", text=text)
    answer = await visitor.poll()
    assert [event["message"]["text"] for event in answer.json["messages"]] == ["one", "two", "three"]
    assert answer.json["sequence"] == 6


async def test_events_are_repeated_until_the_ack_advances(sim):
    visitor = await sim.active()
    await visitor.agent("say", text="hello")
    first, second = await visitor.poll(ack=3), await visitor.poll(ack=3)
    assert first.json == second.json


async def test_the_poll_counter_is_ignored(sim):
    visitor = await sim.session()
    await visitor.init()
    assert (await visitor.get("Messages?ack=-1&pc=0")).status == 200


@pytest.mark.parametrize("query", ["", "?ack=", "?ack=x", "?ack=-2", "?ack=1.5"])
async def test_an_ack_is_a_whole_number(sim, query):
    visitor = await sim.waiting()
    assert (await visitor.get(f"Messages{query}")).status == 400


async def test_a_second_poll_gets_409_and_the_chat_is_terminated(sim):
    visitor = await sim.active()
    first = await visitor.polled()
    assert (await visitor.poll()).status == 409
    assert (await first).status == 403
    third = await visitor.poll()
    assert (third.status, third.text) == (403, GONE)
    chat = await visitor.chat()
    assert (chat["end_reason"], chat["polls"]["double"]) == ("second poll", 1)


async def test_a_switch_makes_a_second_poll_only_409(sim):
    await sim.rules(second_poll="only_409")
    visitor = await sim.active()
    first = await visitor.polled()
    assert (await visitor.poll()).status == 409
    await visitor.agent("say", text="still here")
    assert (await first).types == ["ChatMessage"]


async def test_a_poll_whose_client_went_away_is_not_open(sim):
    visitor = await sim.active()
    for _ in range(20):
        poll = await visitor.polled()
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)
    await visitor.agent("say", text="hello")
    assert (await visitor.poll()).types == ["ChatMessage"]
    assert (await visitor.chat())["polls"]["double"] == 0


async def test_an_unpolled_session_expires_before_it_is_queued(sim):
    await sim.rules(silence_before_queue_ms=50)
    visitor = await sim.session()
    chat = await visitor.chat("?until_status=ended")
    assert (chat["end_reason"], chat["gone"]) == ("expired", True)
    assert (await visitor.init()).status == 403


async def test_an_unpolled_session_expires_after_the_connection_timeout(sim):
    visitor = await sim.active()
    await sim.rules(connection_timeout_ms=50)
    assert (await visitor.chat("?until_status=ended"))["end_reason"] == "expired"
    assert (await visitor.poll()).text == GONE


async def test_an_open_poll_keeps_the_session_alive(sim):
    await sim.rules(hold_seconds=0.4)
    visitor = await sim.active()
    poll = await visitor.polled()
    await sim.rules(connection_timeout_ms=100)
    assert (await poll).status == 204  # 403, had it expired


async def test_the_last_event_can_be_fetched_until_it_is_confirmed_then_403(sim):
    visitor = await sim.active()
    await visitor.agent("end")
    assert [(await visitor.poll(ack=3)).status for _ in range(2)] == [200, 200]
    assert (await visitor.poll()).status == 403


async def test_polls_and_events_can_be_awaited_from_the_directors_chair(sim):
    visitor = await sim.active()
    await visitor.agent("say", text="hello")
    await visitor.poll()
    waiting = asyncio.create_task(visitor.chat("?until_confirmed=4"))
    poll = visitor.polling()
    assert (await waiting)["confirmed"] == 4
    poll.cancel()


async def test_two_thousand_polls_wait_at_once_and_each_gets_its_own_event(sim):
    visitors = await asyncio.gather(*(sim.session() for _ in range(2000)))
    await asyncio.gather(*(visitor.init() for visitor in visitors))
    await asyncio.gather(*(visitor.poll() for visitor in visitors))
    polls = [visitor.polling() for visitor in visitors]
    floor = sim.world.floor
    every = list(floor.chats.values())
    for chat in every:
        assert await chat.bell.until(lambda chat=chat: chat.polls.open == 1, 20)
    await sim.do("PUT", "/agent", {"auto": True})
    answers = await asyncio.gather(*polls)
    assert all(answer.types == ["QueueUpdate", "ChatEstablished"] for answer in answers)


@pytest.mark.parametrize("switch", ["204", "200"])
async def test_a_server_may_answer_an_empty_poll_at_once(sim, switch):
    """Nobody promises it: for measuring a client that polls again at once (§5)."""
    await sim.rules(empty_poll=switch)
    visitor = await sim.active()
    answer = await asyncio.wait_for(visitor.polling(), 25)
    assert answer.status == int(switch)
    if switch == "200":
        assert answer.json == {"messages": [], "sequence": visitor.ack, "offset": 0}
    await visitor.agent("say", text="hola")
    assert (await visitor.poll()).types == ["ChatMessage"]


async def test_a_server_may_hand_over_at_every_poll(sim):
    visitor = await sim.active()
    await sim.rules(empty_poll="503")
    for _ in range(3):
        assert (await visitor.poll()).status == 503
        assert (await visitor.reconnect()).status == 200
    assert (await sim.do("GET", f"/requests?chat={visitor.id}"))["reconnect"]["total"] == 3
    await sim.rules(empty_poll="held")
    assert (await visitor.poll()).types[0] == "ChasitorSessionData"
