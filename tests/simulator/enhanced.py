"""An end user of Enhanced Chat who does exactly what a test says: plain requests, a plain reader of the stream."""

from __future__ import annotations

import asyncio
import base64
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from .conftest import Answer, Sim

ORG, CLIENT, VERIFIED = "00D000000000001", "Bridge_Client", "Bridge_Verified"
ISSUER, AUDIENCE, KID = "bridge", "https://example.my.salesforce-scrt.com", "key-1"
API = "/iamessage/api/v2"
SSE = "/eventrouter/v1/sse"


@cache
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def other_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem() -> str:
    return private_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def jwk() -> dict[str, str]:
    numbers = private_key().public_key().public_numbers()
    n, e = (encoded(number.to_bytes((number.bit_length() + 7) // 8, "big")) for number in (numbers.n, numbers.e))
    return {"kty": "RSA", "kid": KID, "alg": "RS256", "use": "sig", "n": n, "e": e}


def customer_token(
    sub: Any = "wa:521", key: rsa.RSAPrivateKey | None = None, header: Any = None, **changes: Any
) -> str:
    """A good one, but for the changes."""
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": sub, "iat": now, "exp": now + 300} | changes
    claims = {name: value for name, value in claims.items() if value is not ...}
    signed = ".".join(
        encoded(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": KID} | (header or {}), claims)
    )
    return f"{signed}.{encoded((key or private_key()).sign(signed.encode(), PKCS1v15(), SHA256()))}"


def claims_of(token: str) -> dict[str, Any]:
    middle = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))))


def new_id() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Event:
    """A frame of the stream."""

    id: str | None
    name: str
    data: str

    @property
    def body(self) -> Any:
        return json.loads(self.data)

    @property
    def entry(self) -> Any:
        return self.body["conversationEntry"]

    @property
    def payload(self) -> Any:
        return json.loads(self.entry["entryPayload"])


@dataclass
class Listener:
    """A stream that was opened."""

    response: aiohttp.ClientResponse
    raw: bytes = b""
    events: list[Event] = field(default_factory=list)

    async def next(self, seconds: float = 5) -> Event:
        """The next frame that is whole; EOFError at the end of the stream."""
        async with asyncio.timeout(seconds):
            while b"\n\n" not in self.raw:
                chunk = await self.response.content.readany()
                if not chunk:
                    raise EOFError(self.raw.decode())
                self.raw += chunk
        frame, _, self.raw = self.raw.partition(b"\n\n")
        lines = dict(line.split(": ", 1) for line in frame.decode().split("\n"))
        event = Event(lines.get("id"), lines["event"], lines["data"])
        self.events.append(event)
        return event

    async def until(self, name: str) -> Event:
        while (event := await self.next()).name != name:
            pass
        return event

    async def take(self, count: int) -> list[Event]:
        return [await self.next() for _ in range(count)]

    async def rest(self) -> str:
        """What comes until the stream ends: whole frames are in `events`, this is what was no frame."""
        try:
            while True:
                await self.next()
        except EOFError as end:
            return str(end)
        except aiohttp.ClientError:
            return self.raw.decode()


@dataclass
class Guest:
    """A user with a token, and perhaps a conversation."""

    sim: Sim
    token: str
    last: str
    subject: str
    deployment: str = CLIENT
    id: str = field(default_factory=new_id)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def stream_headers(self) -> dict[str, str]:
        return self.headers | {"Accept": "text/event-stream", "X-Org-Id": ORG, "Last-Event-Id": self.last}

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        headers = self.headers | more.pop("headers", {})
        path = path if path.startswith("/") else f"{API}/conversation/{path}"
        return await self.sim.ask(method, path, json=body, headers=headers, **more)

    async def mine(self, method: str, path: str = "", body: Any = None, **more: Any) -> Answer:
        return await self.call(method, f"{self.id}{'/' if path else ''}{path}", body, **more)

    async def create(self, **changes: Any) -> Answer:
        body = {
            "conversationId": self.id,
            "esDeveloperName": self.deployment,
            "routingAttributes": {"_firstName": "Ana", "_lastName": "P."},
            "language": "es_MX",
        } | changes
        body = {name: value for name, value in body.items() if value is not ...}
        return await self.call("POST", f"{API}/conversation", body)

    async def say(self, text: str, *, first: bool = False, id: str | None = None, **changes: Any) -> Answer:
        message = {
            "id": id or new_id(),
            "messageType": "StaticContentMessage",
            "staticContent": {"formatType": "Text", "text": text},
        }
        return await self.send(message, first=first, **changes)

    async def send(self, message: Any, *, first: bool = False, **changes: Any) -> Answer:
        body: dict[str, Any] = {"message": message, "esDeveloperName": self.deployment}
        if first:
            body |= {"isNewMessagingSession": True, "routingAttributes": {}, "language": "es_MX"}
        body = {name: value for name, value in (body | changes).items() if value is not ...}
        return await self.mine("POST", "message", body)

    async def send_file(
        self,
        name: str,
        content: bytes,
        mime: str = "image/jpeg",
        *,
        parts: str = "messageEntry,fileData",
        **changes: Any,
    ) -> Answer:
        message = {"id": new_id(), "fileId": new_id(), "text": ""} | changes
        form = aiohttp.FormData(quote_fields=False)
        for part in parts.split(","):
            if part == "messageEntry":
                entry = {"esDeveloperName": self.deployment, "message": message}
                form.add_field("messageEntry", json.dumps(entry), content_type="application/json")
            elif part == "fileData":
                form.add_field("fileData", content, filename=name, content_type=mime)
            else:
                form.add_field(part, "x")
        path = f"{API}/conversation/{self.id}/file"
        return await self.sim.ask("POST", path, data=form, headers=self.headers)

    async def waiting(self) -> Guest:
        """A conversation whose first message asked for an agent."""
        assert (await self.create()).status == 201
        assert (await self.say("hola", first=True)).status == 202
        return self

    async def active(self) -> Guest:
        await self.waiting()
        await self.agent("accept", name="Luz R.")
        return self

    async def agent(self, verb: str, *, expect: int = 200, **body: Any) -> Any:
        return await self.sim.do("POST", f"/chats/{self.id}/{verb}", body, expect=expect)

    async def chat(self, query: str = "") -> Any:
        return await self.sim.do("GET", f"/chats/{self.id}{query}")

    async def entries(self, **query: Any) -> list[Any]:
        answer = await self.mine("GET", "entries", params={name: str(value) for name, value in query.items()})
        assert answer.status == 200, answer
        return list(answer.json["conversationEntries"])

    @asynccontextmanager
    async def listening(self, after: str | None = None, **headers: str) -> AsyncIterator[Listener]:
        asked = self.stream_headers | ({"Last-Event-Id": after} if after else {}) | headers
        async with self.sim.http.get(f"{self.sim.url}{SSE}?_ts=1", headers=asked) as response:
            assert response.status == 200, await response.text()
            yield Listener(response)


def token_body(**changes: Any) -> dict[str, Any]:
    body = {
        "orgId": ORG,
        "esDeveloperName": CLIENT,
        "capabilitiesVersion": "1",
        "platform": "Web",
        "context": {"appName": "test", "clientVersion": "1.0.0"},
    } | changes
    return {name: value for name, value in body.items() if value is not ...}


async def ask_token(sim: Sim, **changes: Any) -> Answer:
    path = f"{API}/authorization/unauthenticated/access-token"
    return await sim.ask("POST", path, json=token_body(**changes))


async def ask_verified(sim: Sim, customer: str, **changes: Any) -> Answer:
    asked = {"esDeveloperName": VERIFIED, "authorizationType": "JWT", "customerIdentityToken": customer}
    body = token_body(**(asked | changes))
    return await sim.ask("POST", f"{API}/authorization/authenticated/access-token", json=body)


def guest_of(sim: Sim, answer: Answer, deployment: str = CLIENT) -> Guest:
    assert answer.status == 200, answer
    subject = answer.json["context"]["endUser"]["subject"]
    return Guest(sim, answer.json["accessToken"], answer.json["lastEventId"], subject, deployment)


async def guest(sim: Sim, **changes: Any) -> Guest:
    return guest_of(sim, await ask_token(sim, **changes))


async def register_key(sim: Sim, **changes: Any) -> None:
    keys = {"name": "bridgeKeys", "issuer": ISSUER, "audience": AUDIENCE, "keys": [jwk()]} | changes
    await sim.do("PUT", "/enhanced", {"key_sets": [keys]})


async def customer(sim: Sim, sub: str = "wa:521") -> Guest:
    return guest_of(sim, await ask_verified(sim, customer_token(sub)), VERIFIED)
