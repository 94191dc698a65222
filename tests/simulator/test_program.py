"""`python -m simulator`, and the house that it is."""

from __future__ import annotations

import ast
import asyncio
import json
import signal
import sys
import time
from functools import cache
from pathlib import Path

import aiohttp
import pytest

import simulator

from . import enhanced

HOUSE = Path(simulator.__file__).parent
EVERY = sorted(HOUSE.rglob("*.py"))
TOP = [
    "__init__",
    "__main__",
    "bell",
    "faults",
    "faulty",
    "ids",
    "protocol_options",
    "refusal",
    "server",
    "shape",
    "switches",
    "traffic",
    "world",
]
WORLDS = [path for path in EVERY if path.parent != HOUSE or path.stem in TOP]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_where_it_is_and_stops_quickly_with_polls_open(number):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", cwd=HOUSE.parent, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    ready = json.loads(await process.stdout.readline())
    assert ready["ready"] is True
    async with aiohttp.ClientSession() as http:
        base, version = f"{ready['url']}/chat/rest/System", {"X-LIVEAGENT-API-VERSION": "58"}
        async with http.get(f"{base}/SessionId", headers=version | {"X-LIVEAGENT-AFFINITY": "null"}) as response:
            session = await response.json()
        keys = {
            "X-LIVEAGENT-AFFINITY": session["affinityToken"],
            "X-LIVEAGENT-SESSION-KEY": session["key"],
        }
        poll = asyncio.create_task(http.get(f"{base}/Messages?ack=-1", headers=version | keys))
        while True:
            async with http.get(f"{ready['url']}/sim/ledger") as response:
                if (await response.json())["open_polls"] == 1:
                    break
        began = time.monotonic()
        process.send_signal(number)
        assert await process.wait() == 0
        assert time.monotonic() - began < 20  # a poll is held for longer
        await asyncio.gather(poll, return_exceptions=True)
    assert await process.stdout.read() == b""  # one line, and no more


async def test_it_stops_quickly_with_a_stream_open():
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", cwd=HOUSE.parent, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = json.loads(await process.stdout.readline())["url"]
    async with aiohttp.ClientSession() as http:
        path = f"{url}{enhanced.API}/authorization/unauthenticated/access-token"
        async with http.post(path, json=enhanced.token_body()) as response:
            token = await response.json()
        headers = {
            "Authorization": f"Bearer {token['accessToken']}",
            "Accept": "text/event-stream",
            "X-Org-Id": enhanced.ORG,
            "Last-Event-Id": token["lastEventId"],
        }
        async with http.get(f"{url}{enhanced.SSE}", headers=headers) as stream:
            assert stream.status == 200
            began = time.monotonic()
            process.terminate()
            assert await stream.read() == b""
            assert await process.wait() == 0
            assert time.monotonic() - began < 5


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def within(path: Path) -> str:
    return str(path.relative_to(HOUSE))


@cache
def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").partition(".")[0])
    return names


def test_it_knows_neither_the_bridge_nor_django():
    theirs = {"interconnections", "bridgeproject", "django", "channels"}
    assert {within(path): wrong for path in EVERY if (wrong := imported(path) & theirs)} == {}


def test_the_worlds_need_nothing_but_aiohttp():
    ours = set(sys.stdlib_module_names) | {"aiohttp", "uvloop"}
    signatures = {path: {"cryptography"} for path in WORLDS if path.parent.name == "tokens"}
    strange = {path: imported(path) - ours - signatures.get(path, set()) for path in WORLDS}
    assert {within(path): names for path, names in strange.items() if names} == {}


def test_every_file_is_one_idea_said_in_its_first_lines():
    assert [within(path) for path in WORLDS if len(path.read_text().splitlines()) >= 200] == []
    assert [within(path) for path in WORLDS if not ast.get_docstring(tree(path))] == []


def test_the_rules_of_a_chat_know_no_http():
    rules = "sequence event_log events chasitor_init chat nouns acts server_handover sessions patience"
    for path in [*(HOUSE / "desk").glob("*.py"), *(HOUSE / "live_agent" / f"{name}.py" for name in rules.split())]:
        assert "aiohttp" not in imported(path)
    knowing = {path.stem for path in (HOUSE / "enhanced_chat").rglob("*.py") if "aiohttp" in imported(path)}
    assert {name for name in knowing if not name.endswith("_door")} == {"bearer", "routes", "stream"}


def test_only_the_doors_of_the_org_know_http():
    knowing = {path.stem for path in (HOUSE / "salesforce").rglob("*.py") if "aiohttp" in imported(path)}
    assert knowing == {"door", "multipart", "routes"}
