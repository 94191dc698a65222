"""Files as no honest platform serves them: that each is the trouble that it says it is."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest


def get(sim, what, **more):
    return sim.http.get(f"{sim.url}/media/trouble/{what}", **more)


async def test_a_redirect_leads_where_one_wants_or_round_in_a_circle(sim):
    async with get(sim, "redirect?to=http://10.0.0.1/x", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "http://10.0.0.1/x")
    with pytest.raises(aiohttp.TooManyRedirects):
        await get(sim, "redirect")


@pytest.mark.parametrize(("what", "length"), [("endless.jpg", None), ("huge.mp4", 10 * 1024**3)])
async def test_a_stream_goes_on_and_on(sim, what, length):
    async with get(sim, what) as answer:
        assert answer.content_length == length
        assert len(await answer.content.readexactly(1024 * 1024)) == 1024 * 1024


async def test_a_drip_keeps_a_connection_open_without_saying_much(sim):
    async with get(sim, "drip") as answer:
        assert await answer.content.readexactly(2) == b"\xff\xff"


async def test_silence_lasts(sim):
    with pytest.raises(TimeoutError):
        await get(sim, "silent", timeout=aiohttp.ClientTimeout(total=0.1))


async def test_a_file_breaks_off(sim):
    async with get(sim, "cut.png") as answer:
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()


async def test_a_bomb_is_small_on_the_wire_only(sim):
    async with get(sim, "bomb") as answer:
        assert int(answer.headers["Content-Length"]) < 100_000
        assert len(await answer.read()) == 64 * 1024 * 1024


@pytest.mark.parametrize(
    ("what", "kind", "begins"),
    [
        ("page.jpg", "image/jpeg", b"<!doctype"),
        ("program.pdf", "application/pdf", b"MZ"),
        ("untyped", "application/octet-stream", b"\x89PNG"),
        ("empty.png", "image/png", b""),
    ],
)
async def test_a_type_and_a_content_that_differ(sim, what, kind, begins):
    async with get(sim, what) as answer:
        assert answer.content_type == kind
        assert (await answer.read()).startswith(begins)


async def test_any_status_can_be_had(sim):
    for query, status in (("", 404), ("?code=410", 410), ("?code=503", 503), ("?code=x", 404)):
        async with get(sim, f"status{query}") as answer:
            assert answer.status == status


async def test_whoever_hangs_up_ends_the_stream(sim):
    before = len(asyncio.all_tasks())
    async with get(sim, "endless") as answer:
        await answer.content.readexactly(1)
        answer.close()
    async with asyncio.timeout(10):
        while len(asyncio.all_tasks()) > before:
            await asyncio.sleep(0.01)
