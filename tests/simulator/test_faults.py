"""Faults on the endpoints of both worlds."""

from __future__ import annotations

import asyncio
import json
import time

import aiohttp
import pytest

BEARER = {"Authorization": "Bearer x"}
LOST = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


def send(sim, user="5215", message="m1"):
    body = {"id": message, "type": "text", "userId": user, "text": {"body": "hola"}}
    return sim.ask("POST", "/api/outgoing_webhook/bots/b1/messages", json=body, headers=BEARER)


async def fired(sim):
    return [fault["fired"] for fault in (await sim.do("GET", "/faults"))["faults"]]


async def test_status_refuses_without_processing(sim):
    await sim.fault("platform", "status", status=429, retry_after=5, times=1)
    async with sim.http.post(f"{sim.url}/api/outgoing_webhook/bots/b1/messages", json={}) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "5")
    assert (await send(sim)).status == 200
    assert await fired(sim) == [1]


async def test_status_after_processes_and_answers_the_error(sim):
    await sim.fault("chat_message", "status_after", status=500, times=1)
    visitor = await sim.active()
    assert (await visitor.say("hola", number=2)).status == 500
    assert (await visitor.say("hola", number=2)).status == 200
    assert (await visitor.chat())["heard"] == ["hola"]


async def test_drop_closes_without_processing(sim):
    await sim.fault("chat_message", "drop", times=1)
    visitor = await sim.active()
    with pytest.raises(LOST):
        await visitor.say("hola", number=2)
    assert (await visitor.chat())["heard"] == []
    assert (await visitor.say("hola", number=2)).status == 200


async def test_drop_after_processes_and_loses_the_answer(sim):
    await sim.fault("chat_message", "drop_after", times=1)
    visitor = await sim.active()
    with pytest.raises(LOST):
        await visitor.say("hola", number=2)
    assert (await visitor.say("hola", number=2)).status == 200
    chat = await visitor.chat()
    assert (chat["heard"], chat["duplicates"]) == (["hola"], 1)


async def test_slow_answers_late_but_processes_at_once(sim):
    await sim.fault("chat_message", "slow", seconds=0.1)
    visitor = await sim.active()
    began = time.monotonic()
    post = asyncio.create_task(visitor.say("hola"))
    assert (await visitor.chat("?until_heard=1"))["heard"] == ["hola"]
    assert (await post).status == 200
    assert time.monotonic() - began >= 0.1


async def test_truncated_breaks_off_in_the_middle(sim):
    visitor = await sim.active()
    await visitor.agent("say", text="hello")
    await sim.fault("messages", "truncated", times=1)
    with pytest.raises(aiohttp.ClientPayloadError):
        await visitor.poll()
    assert (await visitor.poll()).types == ["ChatMessage"]  # the ack had not advanced


async def test_garbage_is_a_200_that_is_not_json(sim):
    await sim.fault("botrunner", "garbage", times=1)
    answer = await sim.ask("POST", "/b/send-to", json={"userId": "1", "state": "s", "message": ""})
    assert answer.status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)
    assert len((await sim.do("GET", "/users/1"))["states"]) == 1


async def test_every_second_request(sim):
    await sim.fault("platform", "status", status=503, every=2)
    assert [(await send(sim)).status for _ in range(4)] == [200, 503, 200, 503]


async def test_only_for_one_user(sim):
    await sim.fault("platform", "status", key="5215")
    assert [(await send(sim, user)).status for user in ("5215", "5216")] == [500, 200]


async def test_only_for_one_chat(sim):
    one, other = await sim.active(), await sim.active()
    await sim.fault("chat_message", "status", key=one.id)
    assert [(await visitor.say("x")).status for visitor in (one, other)] == [500, 200]


@pytest.mark.parametrize(("on", "statuses"), [("live_agent", [500, 200]), ("yalo", [200, 500]), ("*", [500, 500])])
async def test_groups_name_a_whole_world(sim, on, statuses):
    visitor = await sim.active()
    await sim.fault(on, "status")
    assert [(await visitor.say("x")).status, (await send(sim)).status] == statuses


async def test_the_first_fault_that_fits_is_met_until_it_is_used_up(sim):
    await sim.fault("platform", "status", status=500, times=1)
    await sim.fault("platform", "status", status=503, times=1)
    assert [(await send(sim)).status for _ in range(3)] == [500, 503, 200]


async def test_faults_can_be_taken_away(sim):
    one, _ = await sim.fault("messages", "drop"), await sim.fault("platform", "drop")
    await sim.do("DELETE", f"/faults/{one}")
    assert [fault["on"] for fault in (await sim.do("GET", "/faults"))["faults"]] == ["platform"]
    await sim.do("DELETE", f"/faults/{one}", expect=404)
    await sim.do("DELETE", "/faults")
    assert (await send(sim)).status == 200


@pytest.mark.parametrize(
    "wish",
    [
        {"on": "nothing", "kind": "drop"},
        {"on": "messages", "kind": "explode"},
        {"on": "messages", "kind": "status", "status": 700},
        {"on": "messages", "kind": "status", "status": "500"},
        {"on": "messages", "kind": "slow", "seconds": -1},
        {"on": "messages", "kind": "drop", "times": 0},
        {"on": "messages", "kind": "drop", "every": 1.5},
        {"on": "messages", "kind": "drop", "key": 7},
        {"on": "messages", "kind": "drop", "after": 1},
        {},
    ],
)
async def test_nonsense_is_no_fault(sim, wish):
    assert (await sim.do("POST", "/faults", wish, expect=400))["error"].endswith(".")


async def test_the_directors_chair_has_no_faults(sim):
    await sim.fault("*", "drop")
    assert await sim.do("GET", "/chats") == {"chats": []}


async def test_a_dropped_poll_is_not_open(sim):
    visitor = await sim.active()
    await sim.fault("messages", "drop", times=2)  # aiohttp itself repeats a GET once on an old connection
    with pytest.raises(LOST):
        await visitor.poll()
    await visitor.agent("say", text="hello")
    assert (await visitor.poll()).types == ["ChatMessage"]


async def test_a_client_that_keeps_the_rules_loses_nothing_and_doubles_nothing(sim):
    """Every third request of each sort suffers, each in its own way; 30 texts go each way."""
    await sim.rules(hold_seconds=0.05, html_entities="none")
    visitor = await sim.active()
    for on, kind in [
        ("messages", "drop_after"),
        ("messages", "truncated"),
        ("messages", "garbage"),
        ("chat_message", "drop"),
        ("chat_message", "drop_after"),
        ("chat_message", "status_after"),
    ]:
        await sim.fault(on, kind, every=3)

    async def speak():
        for text in range(30):
            number = text + 2
            while True:
                try:
                    if (await visitor.say(str(text), number=number)).status == 200:
                        break
                except aiohttp.ClientError:
                    continue

    async def listen():
        seen = []
        while len(seen) < 30:
            try:
                answer = await visitor.poll()
                assert answer.json is not None or answer.status == 204
            except (aiohttp.ClientError, TypeError, AssertionError):
                continue
            if answer.status == 200:
                seen += [event["message"]["text"] for event in answer.json["messages"]]
        return seen

    async def desk():
        for text in range(30):
            await visitor.agent("say", text=str(text))

    _, seen, _ = await asyncio.gather(speak(), listen(), desk())
    wanted = [str(text) for text in range(30)]
    assert seen == wanted
    assert (await visitor.chat())["heard"] == wanted
