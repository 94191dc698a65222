"""Any request at any door: never a 500 that is not documented, never silence.

Some twenty seconds in `make test`; for as long as you like with the environment variable DOORS_FUZZ_MINUTES:

    DOORS_FUZZ_MINUTES=10 .venv/bin/python -m pytest tests/http/test_fuzz.py --timeout 0
"""

import hashlib
import hmac
import json
import os
import socket
import time
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any
from urllib.parse import quote, quote_from_bytes

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.conftest import Doors
from tests.http.stage import BOT, META_APP, META_PAGE, PAGE, SECRETS, VERIFY

MINUTES = float(os.environ.get("DOORS_FUZZ_MINUTES", "0.3"))
A_ROUND = 50  # requests
AT_LEAST = 600  # requests, however slow the machine
PATIENCE = 15  # seconds for one answer
DOCUMENTED = ("could not create chat in salesforce", "error register webhook", "error remove webhook")
SLUGS = [BOT, "demo-fb", "signed-fb", "open-fb", "closed-fb", "meta-fb"]
ROUTES = [
    ("POST", "/v1/authenticate"),
    ("GET", "/v1/tokens/check"),
    ("POST", "/v1/chats/connect"),
    ("DELETE", "/v1/chat/finish/{}"),
    ("GET", "/v1/context/{}"),
    ("POST", "/v1/integrations/whatsapp/webhook"),
    ("POST", "/v1/integrations/facebook/webhook"),
    ("POST", "/v1/integrations/webhook/register/{}"),
    ("DELETE", "/v1/integrations/webhook/remove/{}"),
    ("GET", "/v1/welcome"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("POST", "/v1/bots/{}/webhook"),
    ("GET", "/v1/bots/{}/webhook"),
    ("GET", "/{}"),
]
PEOPLE = [f"52188000{n}" for n in range(6)]  # few, so that few chats are opened

hard = st.sampled_from(
    [
        "",
        " ",
        "\0",
        "\ud83d",
        "👩‍🔬",
        "ñ",
        "\r\n",
        "%s",
        "../",
        "null",
        "0",
        "{bridge}:",
        "a:b",
        "'",
        "x" * 300,
        "\u202e",
    ]
) | st.text(max_size=12)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([10**400, 2**63, -(2**63), 1e308])
    | hard
    | st.sampled_from([*PEOPLE, *SLUGS, "whatsapp", "facebook", "text", "image", "status", "user", "bot"])
)
keys = hard | st.sampled_from(
    ["id", "type", "from", "to", "text", "body", "url", "message", "entry", "messaging", "sender", "mid", "payload"]
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)


def rarely(odd: Any, *usual: Any) -> Any:
    """One of `usual`, values or strategies; once in a while something odd."""
    ways = [each if isinstance(each, st.SearchStrategy) else st.just(each) for each in usual]
    return st.integers(0, 11).flatmap(lambda n: st.one_of(ways) if n else odd)


person = st.sampled_from(PEOPLE)
wishes = st.fixed_dictionaries(
    {
        "userID": person,
        "name": hard.filter(bool),
        "provider": st.sampled_from(["whatsapp", "facebook", "messenger"]),
        "botSlug": st.sampled_from(SLUGS),
        "botId": hard.filter(bool),
        "email": hard.filter(bool),
    },
    optional={"phoneNumber": hard, "extraData": st.dictionaries(hard | st.just("source_flow_bot"), anything)},
)
numbers = st.integers(0, 10**15).map(str) | hard
KINDS = ["text", "image", "audio", "voice", "document", "video", "sticker", "location", "contacts", "interactive",
         "button", "reaction", "status", "ephemeral"]  # fmt: skip
messages = st.fixed_dictionaries(
    {"id": hard, "timestamp": numbers, "type": st.sampled_from(KINDS), "from": person},
    optional={"to": person | hard, **dict.fromkeys(KINDS, anything)},
)
items = st.fixed_dictionaries(
    {
        "sender": st.fixed_dictionaries({"id": person}),
        "recipient": st.fixed_dictionaries({"id": person | st.just(PAGE)}),
    },
    optional={
        "timestamp": anything,
        "message": st.fixed_dictionaries({}, optional={"mid": hard, "text": hard, "attachments": anything}),
        "postback": anything,
        "reaction": anything,
    },
)
pages = st.fixed_dictionaries(
    {
        "authorRole": st.sampled_from(["user", "bot"]) | hard,
        "botId": st.sampled_from(SLUGS) | hard,
        "message": st.fixed_dictionaries(
            {"entry": st.lists(st.fixed_dictionaries({"messaging": st.lists(items, max_size=3)}), max_size=3)}
        ),
    }
)

EVENTS = ["postback", "reaction", "message_edit", "referral", "delivery", "read", "optin", "take_thread_control",
          "pass_thread_control", "policy_enforcement", "app_roles", "account_linking", "order"]  # fmt: skip
echoes = st.fixed_dictionaries(
    {"is_echo": st.booleans() | hard},
    optional={"mid": hard, "app_id": st.just(META_APP) | hard, "metadata": hard, "text": hard},
)
events = st.fixed_dictionaries(
    {
        "sender": st.fixed_dictionaries({"id": person | st.just(META_PAGE)}),
        "recipient": st.fixed_dictionaries({"id": person | st.just(META_PAGE)}),
    },
    optional={"timestamp": anything, "message": echoes | anything, **dict.fromkeys(EVENTS, anything)},
)
of_meta = st.fixed_dictionaries(
    {
        "object": rarely(hard, "page"),
        "entry": st.lists(
            st.fixed_dictionaries(
                {"id": rarely(anything, META_PAGE)},
                optional={
                    side: st.lists(events | anything, max_size=3) for side in ("messaging", "standby", "changes")
                },
            ),
            max_size=3,
        ),
    }
)


@st.composite
def spoilt(draw: Any, good: Any) -> Any:
    """A good body, of which up to two fields became anything."""
    body = dict(draw(good))
    for name in draw(st.lists(st.sampled_from(sorted(body)), max_size=2)):
        body[name] = draw(anything)
    return body


def as_sent(value: object) -> bytes:
    return json.dumps(value).encode()


some = spoilt(st.one_of(wishes, messages, pages, of_meta)).map(as_sent)
bodies = st.one_of(
    some,
    anything.map(as_sent),
    st.binary(max_size=60),
    st.integers(0, 1200).map(lambda depth: b"[" * depth + b"]" * depth),
    st.tuples(some, st.binary(max_size=4), st.integers(0, 200)).map(
        lambda cut: cut[0][: cut[2]] + cut[1] + cut[0][cut[2] :]
    ),
)
FITTING = {
    "/v1/chats/connect": wishes,
    "/v1/integrations/whatsapp/webhook": messages,
    "/v1/integrations/facebook/webhook": pages,
    "/v1/bots/{}/webhook": messages | pages | of_meta,
}
segments = (
    person
    | st.sampled_from([*SLUGS, "whatsapp", "facebook", "sms"])
    | hard.map(lambda text: quote(text.encode("utf-8", "surrogatepass"), safe=""))
    | st.binary(max_size=6).map(quote_from_bytes)
)
header_bytes = st.binary(max_size=30).filter(lambda value: not set(value) & set(b"\r\n"))


@dataclass(frozen=True)
class Knock:
    method: str
    target: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes
    chunked: bool

    def bytes(self) -> bytes:
        framing = b"Transfer-Encoding: chunked" if self.chunked else b"Content-Length: %d" % len(self.body)
        lines = [b"%s %s HTTP/1.1" % (self.method.encode(), self.target), framing, b"Connection: close"]
        lines += [name + b": " + value for name, value in self.headers]
        body = b"%x\r\n%s\r\n" % (len(self.body), self.body) if self.body else b""
        return b"\r\n".join(lines) + b"\r\n\r\n" + (body + b"0\r\n\r\n" if self.chunked else self.body)


@st.composite
def knocks(draw: Any, words: dict[str, str]) -> Knock:
    own, path = draw(st.sampled_from(ROUTES))
    odd = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
    method = draw(rarely(odd, own))
    target = path.format(draw(segments)) + draw(st.sampled_from([*[""] * 9, "/", "//"]))
    query = draw(
        st.lists(
            st.sampled_from([f"bot={slug}" for slug in SLUGS])
            | st.sampled_from([f"token={words[name]}" for name in ("secret", "page", "demo")])
            | st.sampled_from(["hub.mode=subscribe", f"hub.verify_token={quote(VERIFY)}", "hub.challenge=%ff%0d%0a"])
            | st.tuples(st.sampled_from(["bot", "token", "hub.challenge", "x"]), segments).map("=".join)
            | segments,
            max_size=3,
        )
    )
    shown = [f"Bearer {words[name]}".encode() for name in ("demo", "demo", "demo", "desk", "secret", "page")]
    kinds = [b"application/json", b"application/json; charset=utf-16", b"multipart/form-data; boundary=x",
             b"multipart/form-data", b"application/x-www-form-urlencoded"]  # fmt: skip
    wanted = {
        b"Host": rarely(header_bytes, b"localhost"),
        b"Authorization": rarely(header_bytes, *shown),
        b"Content-Type": rarely(header_bytes, *kinds),
        b"X-Hub-Signature-256": rarely(header_bytes, b""),
        b"Cookie": rarely(header_bytes, b""),
        b"X-Forwarded-Proto": rarely(header_bytes, b"https", b""),
        b"Accept-Language": rarely(header_bytes, b""),
    }
    headers = [(name, value) for name, each in wanted.items() if (value := draw(each))]
    raw = target.encode() + (b"?" + "&".join(query).encode() if query else b"")
    body = draw(rarely(bodies, spoilt(FITTING[path]).map(as_sent)) if path in FITTING else bodies)
    return Knock(method, raw, headers, body, draw(st.booleans()))


def answered(host: str, port: int, knock: Knock) -> tuple[int, bytes]:
    with socket.create_connection((host, port), timeout=PATIENCE) as wire:
        wire.sendall(knock.bytes())
        answer = HTTPResponse(wire, method=knock.method)
        answer.begin()
        return answer.status, answer.read()


def documented(status: int, body: bytes) -> bool:
    if status < 500:
        return True
    if status != 500:
        return False
    return str(json.loads(body)["ErrorDescription"]).startswith(DOCUMENTED)


def test_no_request_makes_a_door_fail_or_fall_silent(doors: Doors) -> None:
    host, port = doors.url.removeprefix("http://").split(":")
    tally: dict[int, int] = {}

    @settings(max_examples=A_ROUND, database=None, suppress_health_check=list(HealthCheck), print_blob=False)
    @given(knock=knocks(doors.words))
    def round_(knock: Knock) -> None:
        status, body = answered(host, int(port), knock)
        tally[status] = tally.get(status, 0) + 1
        assert documented(status, body), (status, body[:300])

    until = time.monotonic() + MINUTES * 60
    while time.monotonic() < until or sum(tally.values()) < AT_LEAST:
        round_()
    print(f"{sum(tally.values())} requests: {dict(sorted(tally.items()))}")  # noqa: T201
    assert {200, 400, 401, 403, 404, 405} <= tally.keys()  # every kind of answer was met: the doors were really tried
    for bot in (BOT, "demo-fb", "signed-fb", "open-fb", "meta-fb"):
        for user in PEOPLE:
            doors.api("DELETE", f"/v1/chat/finish/{user}?bot={bot}")


def test_whatever_meta_signs_is_200(doors: Doors) -> None:
    """A 4xx would be repeated for days, or end the page's subscription."""

    @settings(max_examples=150, database=None, suppress_health_check=list(HealthCheck))
    @given(body=rarely(bodies, of_meta.map(as_sent), spoilt(of_meta).map(as_sent)))
    def told(body: bytes) -> None:
        digest = hmac.new(SECRETS["meta-fb"].encode(), body, hashlib.sha256).hexdigest()
        answer = doors.ask(
            "POST", "/v1/bots/meta-fb/webhook", body, headers={"X-Hub-Signature-256": f"sha256={digest}"}
        )
        assert answer.status_code == 200, answer.text[:300]

    told()
