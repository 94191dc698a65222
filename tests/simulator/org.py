"""A client of the data API that asks what a test says, and an app with a key of its own."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from .conftest import Answer, Sim

KEY, SECRET, USER = "3MVG9.simulated.consumer.key", "simulated-consumer-secret", "bridge@example.org"
PASSWORD, SECURITY_TOKEN = "simulated-password", "simulatedToken"
BASIC = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
V = "/services/data/v59.0"
APP = {"key": KEY, "secret": SECRET, "run_as": USER, "approved": [USER]}


@cache
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate() -> str:
    return private_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def assertion(header: Any = None, key: rsa.RSAPrivateKey | None = None, **changes: Any) -> str:
    """A good one, but for the changes."""
    claims = {"iss": KEY, "sub": USER, "aud": "https://login.salesforce.com", "exp": int(time.time()) + 180} | changes
    signed = ".".join(encoded(json.dumps(part).encode()) for part in (header or {"alg": "RS256"}, claims))
    signature = (key or private_key()).sign(signed.encode(), PKCS1v15(), SHA256())
    return f"{signed}.{encoded(signature)}"


async def opened(sim: Sim) -> Org:
    """The org with an app that has a certificate, and a token of the client-credentials flow."""
    await sim.do("PUT", "/org", {"apps": [APP | {"certificate": certificate()}]})
    org = Org(sim, "")
    answer = await org.log_in(grant_type="client_credentials", client_id=KEY, client_secret=SECRET)
    org.token = answer.json["access_token"]
    return org


@dataclass
class Org:
    """The org, and a token for it."""

    sim: Sim
    token: str

    async def log_in(self, **form: str) -> Answer:
        return await self.sim.ask("POST", "/services/oauth2/token", data=form)

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        path = path if path.startswith("/services") else f"{V}/{path}"
        return await self.sim.ask(method, path, json=body, headers=headers, **more)

    async def query(self, soql: str) -> Answer:
        return await self.call("GET", "query", params={"q": soql})

    async def ids(self, soql: str) -> list[str]:
        answer = await self.query(soql)
        assert answer.status == 200, answer
        return [record["Id"] for record in answer.json["records"]]

    async def create(self, kind: str, **fields: Any) -> str:
        answer = await self.call("POST", f"sobjects/{kind}", fields)
        assert answer.status == 201, answer
        return str(answer.json["id"])

    async def seed(self, kind: str, **fields: Any) -> str:
        return str((await self.sim.do("POST", f"/org/records/{kind}", fields))["Id"])

    async def records(self, kind: str) -> list[Any]:
        return (await self.sim.do("GET", f"/org/records/{kind}"))["records"]

    async def setup(self, **parts: Any) -> None:
        await self.sim.do("PUT", "/org", parts)

    async def replay(self, request: Any) -> Answer:
        """A request as a payload file writes it."""
        headers = {name: value.format(basic=BASIC) for name, value in request.get("headers", {}).items()}
        if "form" in request:
            form = {name: value.format(assertion=assertion()) for name, value in request["form"].items()}
            return await self.sim.ask("POST", request["path"], data=form, headers=headers)
        headers = {"Authorization": f"Bearer {self.token}"} | headers
        more = {"data": request["text"].encode()} if "text" in request else {"json": request.get("json")}
        return await self.sim.ask(
            request["method"], request["path"], params=request.get("query"), headers=headers, **more
        )


def error(answer: Answer) -> tuple[int, str]:
    """Status and errorCode of the only error."""
    (one,) = answer.json
    return answer.status, one["errorCode"]
