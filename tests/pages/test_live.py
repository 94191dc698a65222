"""The pulse: every change wakes the pages, many changes at once wake them once or twice."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import aiohttp

from simulator.pages.revision import Pulse
from simulator.server import serving
from simulator.world import World

SOON = 10  # s; it is there within milliseconds


@asynccontextmanager
async def listening(sim):
    async with sim.http.ws_connect(f"{sim.url}/sim/live") as socket:
        yield socket, await socket.receive_json(timeout=SOON)


async def after(socket, told):
    news = await socket.receive_json(timeout=SOON)
    assert news["world"] == told["world"]
    assert news["revision"] > told["revision"]
    return news


async def test_a_page_is_told_at_once_where_things_stand(sim):
    async with listening(sim) as (_, first), listening(sim) as (_, second):
        assert first == second


async def test_what_the_director_does_wakes(sim):
    async with listening(sim) as (socket, told):
        await sim.fault("botrunner", "drop")
        told = await after(socket, told)
        await sim.rules(hold_seconds=1)
        await after(socket, told)


async def test_what_the_worlds_are_asked_wakes(sim):
    async with listening(sim) as (socket, told):
        await sim.ask("POST", "/b/send-to", json={"userId": "5215", "state": "done", "message": ""})
        told = await after(socket, told)
        await sim.session()
        await after(socket, told)


async def test_what_a_chat_does_by_itself_wakes(sim):
    await sim.do("PUT", "/agent", {"auto": True, "delay": 0.3})
    visitor = await sim.waiting()
    async with listening(sim) as (socket, told):
        await visitor.say("hola")
        while not (await visitor.chat())["said"]:
            told = await after(socket, told)


async def test_looking_wakes_nobody(sim):
    async with listening(sim) as (_, told):
        for path in ("/sim/desk", "/sim/phones", "/sim/chats", "/sim/stage", "/sim/choices", "/", "/desk"):
            assert (await sim.ask("GET", path)).status == 200
        async with listening(sim) as (_, later):
            assert later == told


async def test_many_changes_are_few_tellings(sim):
    async with listening(sim) as (socket, told):
        first, before = told["revision"], 0
        await asyncio.gather(*(sim.rules(queue_position=number) for number in range(200)))
        async with listening(sim) as (_, latest):
            while told["revision"] < latest["revision"]:
                told = await after(socket, told)
                before += 1
        assert told["revision"] >= first + 200
        assert before < 100


async def test_ears_are_open_only_while_somebody_looks():
    pulse, world = Pulse(), World()
    with pulse.page(world):
        chat = world.live_agent.open("http://x", 58)
        pulse.listen(world)
        await asyncio.sleep(0)  # the ears are tasks
        told = pulse.revision
        chat.bell.ring()
        assert await pulse.after(told, SOON)
        assert len(pulse._ears) == 2
        chat.forget("over")
        pulse.listen(world)
        assert len(pulse._ears) == 1
    assert not pulse._ears
    world.floor.clear()


async def test_the_simulator_stops_although_pages_are_open():
    async with aiohttp.ClientSession() as http:
        async with serving("127.0.0.1", 0) as url:
            socket = await http.ws_connect(f"{url}/sim/live")
            await socket.receive_json(timeout=SOON)
        assert (await socket.receive(timeout=SOON)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
