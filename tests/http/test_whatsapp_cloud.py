"""The webhook of a bot on WhatsApp's Cloud API: what Meta signed is kept, and never answered 4xx."""

import hashlib
import hmac
import itertools
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
import redis
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interconnections.store.keys import key
from simulator.configuration import Row, route, whatsapp_bot
from simulator.stage import BotCaller, Stage
from tests.http.conftest import both_roads, failures, marked
from tests.unit.payloads import ROOT, files

pytestmark = both_roads

BOT, NUMBER, SECRET, VERIFY = "cloud-bot", "700100200300", "bridge-app-secret", "agreed on with Meta"
people = itertools.count(random.randrange(10**6) * 1000)


class CloudStreet(Stage):
    """One bot, whose number is at Meta itself; nobody to chat with."""

    def fixture(self) -> list[Row]:
        bot = whatsapp_bot(
            1, BOT, self.world.url, SECRET, platform="whatsapp_cloud", bot_id=NUMBER, webhook_auth="signature",
            verify_token=VERIFY,
        )  # fmt: skip
        return [super().fixture()[0], bot, route(1, 1)]


class Door:
    """Knocks as Meta does; `user` is the test's own."""

    def __init__(self, stage: Stage, caller: BotCaller, road: str) -> None:
        self.stage, self.user, self.caller = stage, f"5215{next(people):09}", caller
        self.hook, self.marked = f"{stage.url}/v1/bots/{BOT}/webhook", marked(road)

    def tells(self, body: object, key: str = SECRET) -> requests.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        content = content.replace(b"<user>", self.user.encode())
        return self.knocks(content, signed(content, key))

    def knocks(self, content: bytes, headers: dict[str, str], query: str = "") -> requests.Response:
        return requests.post(self.hook + query, content, headers=headers | self.marked, timeout=30)

    def past(self, user: str = "") -> list[str]:
        url = f"{self.stage.url}/v1/context/{user or self.user}?bot={BOT}"
        entries = requests.get(url, headers=self.caller.headers, timeout=30).json()
        return [f"{entry['from']}: {entry['text']}" for entry in entries or []]


def signed(content: bytes, key: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": f"sha256={hmac.new(key.encode(), content, hashlib.sha256).hexdigest()}"}


@pytest.fixture(scope="module")
def stage() -> Iterator[CloudStreet]:
    with CloudStreet(workers=1) as stage:
        yield stage
        assert not failures(stage.web.log.read_text(errors="replace"))


@pytest.fixture(scope="module")
def caller(stage: CloudStreet) -> BotCaller:
    return stage.bot


@pytest.fixture
def door(stage: CloudStreet, caller: BotCaller, road: str) -> Door:
    return Door(stage, caller, road)


def said(n: int = 1, **more: object) -> dict[str, Any]:
    words = {"type": "text", "text": {"body": f"m{n}"}}
    return {"from": "<user>", "id": f"wamid.{n}.<user>", "timestamp": str(1772000000 + n), **(more or words)}


def change(*messages: object, number: str = NUMBER, **more: object) -> dict[str, Any]:
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}, "messages": messages}
    return {"field": "messages", "value": value | more}


def batch(*changes: object) -> dict[str, Any]:
    return {"object": "whatsapp_business_account", "entry": [{"id": "990011", "changes": changes}]}


STATUS = {"id": "wamid.O1", "status": "read", "timestamp": "1772000000", "recipient_id": "<user>"}
STORED = {
    "one": (batch(change(said())), ["user: m1"]),
    "many, by their clocks": (batch(change(said(3), said(1)), change(said(2))), ["user: m1", "user: m2", "user: m3"]),
    "the same twice": (batch(change(said(1), said(1))), ["user: m1"]),
    "another number beside": (batch(change(said(2), number="9"), change(said(1))), ["user: m1"]),
    "what cannot be read beside": (batch(5, change("x", said(1), None), {"field": "messages"}), ["user: m1"]),
    "a status beside": (batch(change(said(1), statuses=[STATUS, 5])), ["user: m1"]),
    "an error of the account beside": (batch(change(said(1), errors=[{"code": 130429}])), ["user: m1"]),
    "a type that nobody knows": (
        batch(change(said(1, type="hologram", hologram={"x": 1}))),
        ["user: [mensaje que no se puede mostrar aquí: hologram]"],
    ),
    "said in the phone's own app": (
        batch({
            "field": "smb_message_echoes",
            "value": {
                "metadata": {"phone_number_id": NUMBER},
                "message_echoes": [{**said(1), "from": "525500001111", "to": "<user>"}],
            },
        }),
        ["bot: m1"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STORED)
def test_every_message_of_a_webhook_is_kept_once(door: Door, name: str) -> None:
    body, kept = STORED[name]
    for _ in range(2):  # and a repeat of the whole adds nothing
        assert door.tells(body).status_code == 200
    assert door.past() == kept


def test_a_user_is_found_by_each_of_their_ids(door: Door) -> None:
    id = f"MX.{door.user}"
    both = [{"profile": {"name": "Ana"}, "wa_id": "<user>", "user_id": id}]
    assert door.tells(batch(change(said(1), contacts=both))).status_code == 200
    spelt = f"52{door.user.removeprefix('521')}"
    assert [door.past(each) for each in (id, door.user, spelt)] == [["user: m1"]] * 3


NOT_STORED = {
    "nothing in it": {"object": "whatsapp_business_account", "entry": []},
    "another object": {"object": "page", "entry": []},
    "another number's": batch(change(said(), number="9")),
    "no number's": batch({"field": "messages", "value": {"messages": [said()]}}),
    "a status": batch(change(statuses=[STATUS])),
    "an opened chat": batch(change(said(1, type="request_welcome"))),
    "of a group": batch(change(said(1, type="text", text={"body": "x"}, group_id="G1"))),
    "another field": batch({"field": "account_update", "value": {"event": "x"}}),
    "a NUL in the user": batch(change({**said(), "from": "<user>\0"})),
    "entries that are none": {"object": "whatsapp_business_account", "entry": "x"},
    "a text": "hola",
    "null": None,
    "no JSON": b"{",
    "nothing": b"",
    "no UTF-8": b"\xff\xfe",
}


@pytest.mark.parametrize("name", NOT_STORED)
def test_whatever_meta_signed_is_200(door: Door, name: str) -> None:
    assert door.tells(NOT_STORED[name]).status_code == 200
    assert door.past() == []


def test_every_payload_of_the_sheet_is_200(door: Door) -> None:
    for path in files("whatsapp_cloud/webhooks"):
        assert door.tells(json.loads(path.read_text())["body"]).status_code == 200, path.stem


@pytest.mark.parametrize(("headers", "status"), [({}, 401), (signed(b"another"), 403)], ids=["nothing", "wrong"])
def test_only_meta_is_heard(door: Door, headers: dict[str, str], status: int) -> None:
    content = json.dumps(batch(change(said()))).replace("<user>", door.user).encode()
    assert door.knocks(content, headers).status_code == status
    assert door.knocks(content, {}, f"?token={SECRET}").status_code == 401
    assert door.past() == []


VECTORS = {
    b'{"object":"whatsapp_business_account","entry":[]}': (
        "a1cf0fa7a637add3d114018fcd310cd971d73a2673c0890515c3764b342962a0"
    ),
    (ROOT / "whatsapp_cloud/escaped-unicode.txt").read_bytes(): (
        "029d581e38cd95d12860ad05ddc10b4307f5d02985d83f76227705c1eced3dcc"
    ),
}


@pytest.mark.parametrize("content", VECTORS, ids=["empty", "escaped unicode"])
def test_metas_own_signatures_fit(door: Door, content: bytes) -> None:
    headers = {"X-Hub-Signature-256": f"sha256={VECTORS[content]}"}
    assert door.knocks(content, headers).status_code == 200


def test_metas_handshake(door: Door) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}
    answer = requests.get(door.hook, query, timeout=30)
    assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (200, "1158201444", "text/plain")
    assert requests.get(door.hook, query | {"hub.verify_token": "guess"}, timeout=30).status_code == 403


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10) | st.just("\ud83d"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
NAMES = [
    "from",
    "from_user_id",
    "id",
    "timestamp",
    "type",
    "text",
    "image",
    "context",
    "referral",
    "errors",
    "system",
]


@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(NAMES), ODD), ODD)
def test_odd_parts_of_what_meta_signed_are_200(door: Door, item: dict[str, Any], beside: Any) -> None:
    body = batch(change({**said(), **item}, beside, contacts=beside, statuses=[{**STATUS, **item}]), beside)
    assert door.tells(body).status_code == 200


@pytest.mark.parametrize("place", [b"%s", b'{"body":"hola","x":%s}'], ids=["instead", "beside"])
def test_json_of_every_depth_is_200(door: Door, place: bytes) -> None:
    whole = json.dumps(batch(change(said(1, type="text", text="<text>")))).encode().replace(b'"<text>"', place)
    for depth in (*range(80, 110, 5), *range(900, 1000, 20), 5_000):
        assert door.tells(whole % (b"[" * depth + b"]" * depth)).status_code == 200, depth


def reaches(stage: Stage) -> list[str]:
    lines = requests.get(f"{stage.url}/metrics", timeout=30).text.splitlines()
    return [line for line in lines if line.startswith("bridge_platform_reach{")]


def test_an_older_notice_of_the_accounts_limit_that_is_repeated_changes_nothing(door: Door) -> None:
    assert door.stage.redis
    with redis.from_url(door.stage.redis.url) as store:
        store.delete(key("reach"))  # what a worker was told when it asked is newer than these
    for at, tier in ((1772000005, "TIER_10K"), (1772000002, "TIER_1K")):
        value = {"display_phone_number": "525500001111", "event": "UPGRADE", "current_limit": tier}
        body = batch({"field": "phone_number_quality_update", "value": value})
        body["entry"][0]["time"] = at
        assert door.tells(body).status_code == 200
        assert reaches(door.stage) == [f'bridge_platform_reach{{bot="{BOT}"}} 10000.0']


@pytest.mark.parametrize("bot", [BOT, "deleted"])
def test_what_was_told_of_another_account_is_no_figure(door: Door, bot: str) -> None:
    assert door.stage.redis
    with redis.from_url(door.stage.redis.url) as store:
        before = store.hgetall(key("reach"))
        store.hset(key("reach"), bot, "250 1772000000000 whatsapp_cloud 9")
        assert [line for line in reaches(door.stage) if f'"{bot}"' in line] == []
        store.delete(key("reach"))
        if before:
            store.hset(key("reach"), mapping=before)
