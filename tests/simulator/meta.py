"""A business at Meta as a test plays it: it calls Graph with its token, and takes webhooks at its callback."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from simulator.bell import Bell
from simulator.graph import accounts

from .conftest import Answer, Sim

ANA, ANA_USER_ID, SOFIA = "5215587650001", "MX.40011223344556677889", "7766554433221100"
VERIFY = "let-me-in"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@dataclass
class Business:
    """One app's callback and its calls; `answers` are the statuses that it gives, one after the other, then 200."""

    sim: Sim
    account: str
    token: str
    app: str = accounts.APP
    secret: str = accounts.APP_SECRET
    url: str = ""
    raw: list[bytes] = field(default_factory=list)
    headers: list[Any] = field(default_factory=list)
    handshakes: list[Any] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    bell: Bell = field(default_factory=Bell)

    # Taking webhooks

    async def take(self, request: web.Request) -> web.Response:
        if request.method == "GET":
            self.handshakes.append(dict(request.query))
            good = request.query.get("hub.verify_token") == VERIFY
            return web.Response(text=request.query["hub.challenge"] if good else "no", status=200 if good else 403)
        self.raw.append(await request.read())
        self.headers.append(request.headers)
        self.bell.ring()
        return web.Response(text="EVENT_RECEIVED", status=self.answers.pop(0) if self.answers else 200)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(raw) for raw in self.raw]

    @property
    def values(self) -> list[Any]:
        """Of WhatsApp's webhooks, in order."""
        return [change["value"] for body in self.bodies for entry in body["entry"] for change in entry["changes"]]

    @property
    def messages(self) -> list[Any]:
        return [one for value in self.values for one in value.get("messages", ())]

    @property
    def statuses(self) -> list[Any]:
        return [one for value in self.values for one in value.get("statuses", ())]

    @property
    def events(self) -> list[Any]:
        """Of Messenger's webhooks: those of `messaging`."""
        return [one for body in self.bodies for entry in body["entry"] for one in entry.get("messaging", ())]

    @property
    def standby(self) -> list[Any]:
        return [one for body in self.bodies for entry in body["entry"] for one in entry.get("standby", ())]

    def with_key(self, key: str) -> list[Any]:
        return [one for one in self.events if key in one]

    async def until(self, what: Any, seconds: float = 20) -> None:
        assert await self.bell.until(what, seconds), self.bodies

    # Calling Graph

    async def call(
        self, method: str, path: str, *, token: str | None = None, version: str = "/v25.0", **more: Any
    ) -> Answer:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return await self.sim.ask(method, f"{version}/{path}", headers=headers, **more)

    async def post(self, body: Any) -> Answer:
        return await self.call("POST", f"{self.account}/messages", json=body)

    async def send(self, text: str = "Hola", **more: Any) -> Answer:
        """A text to the usual person."""
        if self.account == accounts.NUMBER:
            body = {"messaging_product": "whatsapp", "to": f"+{ANA}", "type": "text", "text": {"body": text}}
        else:
            body = {"recipient": {"id": SOFIA}, "messaging_type": "RESPONSE", "message": {"text": text}}
        return await self.post({name: one for name, one in (body | more).items() if one is not ...})

    async def say(self, text: str | None = "hola", *, user: str = "", expect: int = 200, **more: Any) -> Any:
        user = user or (ANA if self.account == accounts.NUMBER else SOFIA)
        body = {"account": self.account, "text": text, **more}
        return await self.sim.do("POST", f"/users/{user}/say", body, expect=expect)

    async def lines(self) -> Any:
        """What the phone shows."""
        (thread,) = (await self.sim.do("GET", f"/graph/threads?account={self.account}"))["threads"]
        return thread["lines"]

    async def thread(self, verb: str, user: str = "", *, expect: int = 200, **body: Any) -> Any:
        user = user or (ANA if self.account == accounts.NUMBER else SOFIA)
        return await self.sim.do("POST", f"/graph/threads/{self.account}/{user}/{verb}", body, expect=expect)

    def signed(self, place: int = -1) -> bool:
        wanted = hmac.new(self.secret.encode(), self.raw[place], hashlib.sha256).hexdigest()
        return bool(self.headers[place]["X-Hub-Signature-256"] == f"sha256={wanted}")


@asynccontextmanager
async def business(
    sim: Sim, account: str, token: str, app: str = accounts.APP, **more: Any
) -> AsyncIterator[Business]:
    """Subscribed, with a callback of its own."""
    secret = next(one.secret for one in sim.world.graph.setup.apps if one.id == app)
    one, server = Business(sim, account, token, app, secret), web.Application()
    server.router.add_route("*", "/webhook", one.take)
    async with TestServer(server) as callback:
        one.url = str(callback.make_url("/webhook"))
        wish = {"account": account, "app": app, "callback": one.url, "verify_token": VERIFY, **more}
        await sim.do("POST", "/graph/subscribe", wish)
        yield one


def error(answer: Answer) -> tuple[int, Any]:
    """(code, subcode) of a refusal."""
    body = answer.json["error"]
    return body["code"], body.get("error_subcode")
