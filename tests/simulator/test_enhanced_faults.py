"""Faults on the paths of Enhanced Chat: before the work, after it, and in the middle of a stream."""

from __future__ import annotations

import time

import aiohttp
import pytest

from . import enhanced
from .enhanced import SSE, ask_token, guest, new_id


async def test_an_answer_is_lost_after_the_message_was_taken(sim):
    visitor = await (await guest(sim)).active()
    await sim.fault("send_message", "drop_after", times=1)
    id = new_id()
    with pytest.raises(aiohttp.ClientError):
        await visitor.say("x", id=id)
    assert (await visitor.chat())["heard"] == ["hola", "x"]
    assert (await visitor.say("x", id=id)).status == 202
    assert (await visitor.chat())["heard"] == ["hola", "x", "x"]


async def test_a_message_is_refused_before_it_was_taken(sim):
    visitor = await (await guest(sim)).active()
    await sim.fault("send_message", "status", status=503, times=1, retry_after=2)
    await sim.fault("send_message", "drop", times=1)
    assert (await visitor.say("x")).status == 503
    with pytest.raises(aiohttp.ClientError):
        await visitor.say("x")
    assert (await visitor.chat())["heard"] == ["hola"]


@pytest.mark.parametrize("kind", ["status", "status_after", "garbage"])
@pytest.mark.parametrize(
    "operation", ["anonymous_token", "create_conversation", "list_entries", "close_conversation"]
)
async def test_every_call_can_be_spoiled(sim, kind, operation):
    visitor = await guest(sim)
    await sim.fault(operation, kind, status=500, times=1)
    calls = {
        "anonymous_token": lambda: ask_token(sim),
        "create_conversation": visitor.create,
        "list_entries": lambda: visitor.mine("GET", "entries"),
        "close_conversation": lambda: visitor.mine("DELETE", params={"esDeveloperName": enhanced.CLIENT}),
    }
    if operation in ("list_entries", "close_conversation"):
        await visitor.create()
    answer = await calls[operation]()
    assert (answer.status, answer.json is None) == ((200, True) if kind == "garbage" else (500, False))


async def test_a_fault_may_be_for_one_conversation_or_one_user(sim):
    first, second = await (await guest(sim)).active(), await (await guest(sim)).active()
    await sim.fault("enhanced_chat", "status", key=first.id)
    assert ((await first.say("x")).status, (await second.say("x")).status) == (500, 202)
    await sim.do("DELETE", "/faults")
    await sim.fault("sse", "status", status=503, key=second.subject)
    async with first.listening() as stream:
        await stream.take(7)
    assert (await sim.ask("GET", SSE, headers=second.stream_headers)).status == 503


@pytest.mark.parametrize("kind", ["status", "status_after"])
async def test_a_stream_is_refused(sim, kind):
    visitor = await guest(sim)
    await sim.fault("sse", kind, status=500, times=1)
    assert (await sim.ask("GET", SSE, headers=visitor.stream_headers)).status == 500
    async with visitor.listening():
        pass


@pytest.mark.parametrize("kind", ["drop_after", "truncated"])
async def test_a_stream_is_cut_some_time_after_it_was_opened(sim, kind):
    visitor = await (await guest(sim)).active()
    await sim.fault("sse", kind, seconds=0.5, times=1)
    async with visitor.listening() as stream:
        events = await stream.take(7)
        await stream.rest()
    async with visitor.listening() as stream:
        assert await stream.take(7) == events


async def test_a_stream_is_never_opened_or_late(sim):
    visitor = await (await guest(sim)).active()
    await sim.fault("sse", "drop", times=2)  # aiohttp asks once more by itself
    with pytest.raises(aiohttp.ClientError):
        await sim.ask("GET", SSE, headers=visitor.stream_headers)
    await sim.fault("sse", "slow", seconds=0.2, times=1)
    began = time.monotonic()
    async with visitor.listening() as stream:
        await stream.take(7)
    assert time.monotonic() - began >= 0.2


async def test_requests_are_counted_by_operation(sim):
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
    counted = await sim.do("GET", "/requests")
    assert {"anonymous_token", "create_conversation", "send_message", "sse"} <= counted.keys()
    assert "enhanced_chat" in (await sim.do("GET", "/choices"))["groups"]
    assert "send_message" in (await sim.do("GET", "/choices"))["operations"]["enhanced_chat"]
