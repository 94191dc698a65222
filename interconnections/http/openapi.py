"""The bots' API as OpenAPI 3.1, at /v1/openapi.json: one row a call, in the order in which a bot needs them.

tests/http/test_openapi.py holds it to the views: every call is here, and none that is not answered.
"""

from collections.abc import Iterable
from functools import cache

from django.http import HttpRequest, JsonResponse

from interconnections.http.answers import answering
from interconnections.http.connect_body import LARGEST_EXTRA, LONGEST, LONGEST_FIELD, REQUIRED
from interconnections.providers import NAMED

Part = dict[str, object]

TEXT: Part = {"type": "string"}
MOST_OF_AN_ID = 200
SENTENCES = {
    400: "not shaped like what is read here",
    401: "nothing that authenticates was shown",
    403: "what was shown is wrong, or not enough",
    404: "there is no such bot, user or conversation",
    405: "this method is not answered here",
    408: "the body did not come in time",
    409: "not now, because of what is there already; or several bots are meant: say which with ?bot=",
    413: "the body is larger than 3 MB",
    414: "the address is longer than 8 KB",
    429: "too many tries: wait as long as Retry-After says",
    431: "the headers are larger than 64 KB",
    500: "Salesforce or the platform did not do it, in its words; nothing was begun",
    503: "it cannot be kept now: send it again after Retry-After seconds",
}
ALWAYS = (400, 405, 414, 431, 503)
WITH_BODY = (408, 413)
WITH_TOKEN = (401, 403)


def _object(properties: dict[str, Part], *, needs: Iterable[str] = ()) -> Part:
    return {"type": "object", "properties": properties, "required": list(needs)}


def _ref(name: str) -> Part:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(schema: Part, kind: str = "application/json") -> Part:
    return {kind: {"schema": schema}}


SAID_KEYS = ("userId", "client", "timestamp", "text", "url", "mimeType", "caption", "from", "ttl")
SCHEMAS: dict[str, Part] = {
    "Error": _object({"ErrorDescription": TEXT}, needs=["ErrorDescription"]),
    "Message": _object({"Message": TEXT}, needs=["Message"]),
    "Login": _object({"username": TEXT, "password": TEXT}, needs=["username", "password"]),
    "Token": _object({"token": TEXT}, needs=["token"]),
    "Caller": _object({"username": TEXT, "role": TEXT}, needs=["username", "role"]),
    "Chat": _object(
        {
            **{
                name: {**TEXT, "minLength": 1, "maxLength": LONGEST.get(ours, LONGEST_FIELD)}
                for ours, (name, _) in REQUIRED.items()
            },
            "provider": {**TEXT, "enum": list(NAMED)},
            "phoneNumber": {**TEXT, "maxLength": LONGEST["phone_number"]},
            "extraData": {
                "type": "object",
                "description": f"at most {LARGEST_EXTRA // 1000} KB; source_flow_bot in it chooses the queue",
            },
        },
        needs=[name for name, _ in REQUIRED.values()],
    ),
    "Said": _object(
        {**dict.fromkeys(SAID_KEYS, TEXT), "timestamp": {"type": "integer"}},
        needs=["userId", "client", "timestamp", "from", "ttl"],
    ),
    "Context": {"type": ["array", "null"], "items": _ref("Said")},
    "Webhook": {"description": "what the bot's platform tells, in its own words"},
}
IN_PATH: dict[str, Part] = {
    "slug": {**TEXT, "pattern": "^[-a-zA-Z0-9_]+$"},
    "provider": {**TEXT, "enum": list(NAMED)},
    "user_id": {**TEXT, "minLength": 1, "maxLength": MOST_OF_AN_ID},
}
WHICH: Part = {"name": "bot", "in": "query", "schema": TEXT, "description": "the bot's slug, where several are meant"}
HANDSHAKE = ["hub.mode", "hub.challenge", "hub.verify_token"]


def _refusals(*statuses: int) -> Part:
    return {
        str(status): {"description": SENTENCES[status], "content": _content(_ref("Error"))} for status in statuses
    }


def _call(
    summary: str, *more: int, answer: str = "Message", body: str = "", secured: str = "token", which: bool = False
) -> Part:
    """`more`: statuses of this call beside those that every call may have; `secured`: token, secret or nothing."""
    statuses = sorted({*ALWAYS, *more, *(WITH_BODY if body else ()), *(WITH_TOKEN if secured else ())})
    found: Part = {
        "summary": summary,
        "security": [{secured: []}, {f"{secured}InQuery": []}] if secured else [],
        "responses": {"200": {"description": "done", "content": _content(_ref(answer))}} | _refusals(*statuses),
    }
    if body:
        found["requestBody"] = {"required": True, "content": _content(_ref(body))}
    if which:
        found["parameters"] = [WHICH]
    return found


def _webhook(which: bool) -> Part:
    return _call("What a platform tells", 404, 409, body="Webhook", secured="secret", which=which)


def _handshake() -> Part:
    names = [{"name": name, "in": "query", "required": True, "schema": TEXT} for name in HANDSHAKE]
    challenge = {"200": {"description": "the challenge", "content": _content(TEXT, "text/plain")}}
    found = _call("Meta's handshake", 401, 403, 404, secured="")
    return found | {"parameters": names, "responses": _refusals(*ALWAYS, 401, 403, 404) | challenge}


CALLS: dict[str, dict[str, Part]] = {
    "/v1/authenticate": {"post": _call("A token for a day", 401, 429, answer="Token", body="Login", secured="")},
    "/v1/tokens/check": {"get": _call("Who the token is", answer="Caller")},
    "/v1/welcome": {"get": _call("A greeting", secured="")},
    "/v1/chats/connect": {"post": _call("Hand a user over to an agent", 404, 409, 429, 500, body="Chat")},
    "/v1/chat/finish/{user_id}": {"delete": _call("End the user's chat", 404, 409, which=True)},
    "/v1/context/{user_id}": {"get": _call("What was said before", 404, 409, answer="Context", which=True)},
    "/v1/integrations/webhook/register/{provider}": {
        "post": _call("Tell the platform where the bot's webhook is", 404, 409, 500, which=True)
    },
    "/v1/integrations/webhook/remove/{provider}": {
        "delete": _call("Tell the platform that it is there no more", 404, 409, 500, which=True)
    },
    "/v1/bots/{slug}/webhook": {"post": _webhook(which=False), "get": _handshake()},
    "/v1/integrations/whatsapp/webhook": {"post": _webhook(which=True)},
    "/v1/integrations/facebook/webhook": {"post": _webhook(which=True)},
    "/v1/openapi.json": {"get": _call("This document", answer="Webhook", secured="")},
}
BEARER: Part = {"type": "http", "scheme": "bearer"}
IN_QUERY: Part = {"type": "apiKey", "in": "query", "name": "token"}


@cache
def document() -> Part:
    paths: Part = {}
    for path, methods in CALLS.items():
        named = [name for name in IN_PATH if f"{{{name}}}" in path]
        inside = [{"name": name, "in": "path", "required": True, "schema": IN_PATH[name]} for name in named]
        paths[path] = {**methods, **({"parameters": inside} if inside else {})}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The bridge, for bots",
            "version": "1",
            "description": "Every call with its answers. Names of keys in bodies match whatever their case.",
        },
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "token": BEARER,
                "tokenInQuery": IN_QUERY,
                "secret": {**BEARER, "description": "the bot's webhook_secret; or X-Hub-Signature-256"},
                "secretInQuery": IN_QUERY,
            },
        },
    }


@answering("GET")
async def openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(document())
