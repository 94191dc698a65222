"""A simulator with its pages, a tiny bridge that notes what it is asked, and a browser if there is one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from simulator.stage import Stage
from tests.pages.browser import Browser, found
from tests.simulator.conftest import Sim, sim

__all__ = ["Sim", "sim"]
NUMBER = "5215512345678"


@dataclass
class FakeBridge:
    """Takes webhooks, logs everybody in, and answers connect and finish as it is told to."""

    url: str = ""
    password: str = "secret"
    connect: int = 200
    webhook: int = 200
    meanwhile: Callable[[], None] = lambda: None  # done while somebody logs in
    calls: list[tuple[str, Any]] = field(default_factory=list)

    def said(self) -> list[tuple[str, str]]:
        """(who, text) of the webhooks."""
        bodies = [body for name, body in self.calls if name == "webhook"]
        return [("bot" if "to" in body else "user", body.get("text", {}).get("body", "")) for body in bodies]

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else None
        path = request.path
        if path == "/webhook":
            self.calls.append(("webhook", body))
            return web.json_response({}, status=self.webhook)
        if path == "/v1/authenticate":
            self.meanwhile()
            right = body == {"username": "bot", "password": self.password}
            return web.json_response({"token": "t1"} if right else {}, status=200 if right else 401)
        assert request.headers["Authorization"] == "Bearer t1"
        self.calls.append((f"{request.method} {request.rel_url.raw_path_qs}", body))
        status = self.connect if path == "/v1/chats/connect" else 200
        return web.json_response({"ErrorDescription": "so it is"} if status != 200 else {}, status=status)


@pytest_asyncio.fixture
async def bridge(sim: Sim) -> AsyncIterator[FakeBridge]:
    """It listens, and the simulator knows where."""
    fake = FakeBridge()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await sim.do("PUT", "/platform", {"webhook": f"{fake.url}/webhook"})
    await sim.do("PUT", "/stage", {"api": fake.url, "login": ["bot", "secret"], "bot": "tienda"})
    yield fake
    await runner.cleanup()


@pytest.fixture(scope="session")
def opened_once() -> Iterator[Browser]:
    if found() is None:
        reason = "there is no chromium on PATH: the pages were not looked at"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with Browser() as one:
        yield one


@pytest.fixture
def browser(opened_once: Browser) -> Iterator[Browser]:
    """Nobody is logged in, and no page of another test is open."""
    with opened_once.private() as alone:
        yield alone


@pytest.fixture(scope="session")
def everything(opened_once: Browser) -> Iterator[Stage]:
    with Stage(workers=1) as stage:
        yield stage


@pytest.fixture
def stage(everything: Stage) -> Stage:
    """The whole product, and nobody has said anything yet."""
    everything.world.ask("POST", "/reset")
    return everything
