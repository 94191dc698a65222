"""One call of Graph: who calls, about which object, and the body in whatever form it came (WA §1, FB §6)."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass

from aiohttp import web

from ..protocol_options import Json, Rules
from .accounts import App, Token
from .refusal import GraphRefused
from .server import Graph

FAILS_LATER: web.RequestKey[str] = web.RequestKey("fails_later", str)


@dataclass(frozen=True)
class Upload:
    """A file in a multipart body."""

    name: str
    mime: str
    content: bytes


@dataclass
class Call:
    """What every door needs."""

    request: web.Request
    graph: Graph
    token: Token
    app: App
    node: str
    body: Json
    file: Upload | None = None

    @property
    def rules(self) -> Rules:
        """The switches."""
        return self.graph.rules

    @property
    def origin(self) -> str:
        """Where the simulator is."""
        return str(self.request.url.origin())

    @property
    def fails_later(self) -> str | None:
        """A fault: what is taken now is told to have failed, with this code."""
        return self.request.get(FAILS_LATER)

    def scope(self, *names: str) -> None:
        """The token must have one of these permissions."""
        if not set(names) & set(self.token.scopes):
            raise GraphRefused(10 if "whatsapp" in names[0] else 200, f"Requires {names[0]} permission")


async def body_of(request: web.Request) -> tuple[Json, Upload | None]:
    """The parameters, of the query too, and the file."""
    found: Json = {name: value for name, value in request.query.items() if name != "access_token"}
    if request.method in ("GET", "DELETE") or not request.body_exists:
        return found, None
    if request.content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return await _form(request, found)
    raw = await request.read()
    if not raw.strip():
        return found, None
    try:
        body = json.loads(raw)
    except ValueError:
        raise GraphRefused(100, "The body is not JSON, and no form") from None
    if request.content_type != "application/json" or not isinstance(body, dict):
        raise GraphRefused(100, "The body must be a JSON object, sent as application/json")
    return found | body, None


async def _form(request: web.Request, found: Json) -> tuple[Json, Upload | None]:
    """In forms what is no string is JSON in a string."""
    upload = None
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            upload = Upload(value.filename, value.content_type, value.file.read())
        else:
            text = value if isinstance(value, str) else value.decode()
            found[name] = _parsed(text) if text[:1] in "{[" and text else text
    found.pop("access_token", None)
    return found, upload


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


async def token_of(request: web.Request) -> str:
    """Bearer, or access_token in query or form."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme in ("Bearer", "OAuth") and token.strip():
        return token.strip()
    if "access_token" in request.query:
        return request.query["access_token"]
    if request.content_type == "application/x-www-form-urlencoded":
        return str((await request.post()).get("access_token", ""))
    return ""


def admitted(graph: Graph, token: str, proof: str | None) -> tuple[Token, App]:
    """Whose token it is; 190 if it is nobody's (any longer)."""
    if not token:
        raise GraphRefused(190, "An access token is required to request this resource.")
    found = graph.setup.token(token)
    if found is None:
        raise GraphRefused(190)
    if found.expired:
        raise GraphRefused(190, "Error validating access token: Session has expired", subcode=463)
    app = graph.setup.app(found.app)
    assert app is not None
    wanted = hmac.new(app.secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    if proof is not None and not hmac.compare_digest(proof.encode(), wanted.encode()):
        raise GraphRefused(100, "Invalid appsecret_proof provided in the API argument")
    if proof is None and app.proof:
        raise GraphRefused(100, "API calls from the server require an appsecret_proof argument")
    return found, app
