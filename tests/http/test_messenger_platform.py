"""The webhook of a bot on Meta's own Messenger Platform: what Meta signed is kept, and never answered 4xx."""

import hashlib
import hmac
import json
import re
from typing import Any

import pytest
import requests

from tests.http.cases import error, message
from tests.http.conftest import Doors, both_roads
from tests.http.stage import META_APP, META_PAGE, SECRETS, VERIFY

pytestmark = both_roads

BOT = "meta-fb"
HOOK = f"/v1/bots/{BOT}/webhook"
AT = 1772000010000
KEPT = message("insert success")


def signed(body: bytes, key: str = SECRETS[BOT]) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}


def tell(doors: Doors, body: object, key: str = SECRETS[BOT]) -> requests.Response:
    """`<user>` stands for the test's own."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    content = content.replace(b"<user>", doors.user.encode())
    return doors.ask("POST", HOOK, content, headers=signed(content, key))


def event(n: int = 1, **more: object) -> dict[str, Any]:
    said = {"message": {"mid": f"m_{n}.<user>", "text": f"m{n}"}}
    return {"sender": {"id": "<user>"}, "recipient": {"id": META_PAGE}, "timestamp": AT + n, **(more or said)}


def echo(**said: object) -> dict[str, Any]:
    told = {"mid": "m_h.<user>", "is_echo": True, "text": "de la página", **said}
    return {"sender": {"id": META_PAGE}, "recipient": {"id": "<user>"}, "timestamp": AT, "message": told}


def batch(*events: object, side: str = "messaging", page: str = META_PAGE) -> dict[str, Any]:
    return {"object": "page", "entry": [{"id": page, "time": AT, side: [each]} for each in events or (event(),)]}


def past(doors: Doors) -> list[str]:
    return [f"{entry['from']}: {entry['text']}" for entry in doors.context(BOT) or []]


STORED = {
    "one": (batch(), ["user: m1"]),
    "many, by their clocks": (batch(event(3), event(1), event(2)), ["user: m1", "user: m2", "user: m3"]),
    "the same twice": (batch(event(1), event(1)), ["user: m1"]),
    "another app has the talk": (batch(side="standby"), ["user: m1"]),
    "a tap": (batch(event(postback={"title": "Ayuda", "payload": "HELP"})), ["user: Ayuda"]),
    "another page beside": (
        {"object": "page", "entry": [*batch(page="9")["entry"], *batch()["entry"]]},
        ["user: m1"],
    ),
    "no event beside one": (batch("hola", event(1), None), ["user: m1"]),
    "an unknown event beside one": (batch(event(2, brand_new={"a": 1}), event(1)), ["user: m1"]),
    "a delivery beside one": (batch(event(2, delivery={"mids": ["m_x"], "watermark": AT}), event(1)), ["user: m1"]),
    "said in the page's inbox": (batch(echo(app_id=263902037430900)), ["bot: de la página"]),
    "said by a bot that shares our app": (batch(echo(app_id=int(META_APP))), ["bot: de la página"]),
}


@pytest.mark.parametrize("name", STORED)
def test_every_event_of_a_webhook_is_kept_once(doors: Doors, name: str) -> None:
    body, said = STORED[name]
    for _ in range(2):  # and a repeat of the whole adds nothing
        answer = tell(doors, body)
        assert (answer.status_code, answer.json()) == (200, KEPT)
    assert past(doors) == said


def counted(doors: Doors) -> float:
    told = r'^bridge_tolerated_total\{oddity="content that cannot be shown"\} (.*)$'
    found = re.search(told, doors.ask("GET", "/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_what_nobody_can_read_is_told_and_counted_once(doors: Doors) -> None:
    before = counted(doors)
    odd = {"mid": "m_o.<user>", "text": "mira", "attachments": [{"type": "image", "payload": "x"}, 5]}
    for _ in range(2):
        assert tell(doors, batch(event(message=odd))).status_code == 200
    assert past(doors) == ["user: mira\n[imagen]\n[mensaje que no se puede mostrar aquí]"]
    assert counted(doors) - before == 2


NOT_STORED = {
    "nothing in it": {"object": "page"},
    "another object": {"object": "instagram", "entry": []},
    "another page's": batch(page="9"),
    "a read mark": batch(event(read={"watermark": AT})),
    "our own echo": batch(echo(app_id=META_APP, metadata="0/1")),
    "a policy's news": batch({"recipient": {"id": META_PAGE}, "policy_enforcement": {"action": "warning"}}),
    "a user_ref": batch({"sender": {"user_ref": "r"}, "recipient": {"id": META_PAGE}, "message": {"text": "x"}}),
    "a NUL in the user": batch(event(1) | {"sender": {"id": "<user>\0"}}),
    "entries that are none": {"object": "page", "entry": "x"},
    "a text": "hola",
    "null": None,
    "no JSON": b"{",
    "nothing": b"",
    "no UTF-8": b"\xff\xfe",
}


@pytest.mark.parametrize("name", NOT_STORED)
def test_whatever_meta_signed_is_200(doors: Doors, name: str) -> None:
    assert tell(doors, NOT_STORED[name]).status_code == 200
    assert past(doors) == []


@pytest.mark.parametrize(("headers", "status"), [({}, 401), (signed(b"another"), 403)], ids=["nothing", "wrong"])
def test_only_meta_is_heard(doors: Doors, headers: dict[str, str], status: int) -> None:
    content = json.dumps(batch()).replace("<user>", doors.user).encode()
    assert doors.ask("POST", HOOK, content, headers=headers).status_code == status
    assert doors.ask("POST", f"{HOOK}?token={SECRETS[BOT]}", content).status_code == 401
    assert past(doors) == []


def test_escapes_that_a_proxy_wrote_out_are_known(doors: Doors) -> None:
    body = batch(event(message={"mid": f"m.{doors.user}", "text": "¿ñandú? 👋"}) | {"sender": {"id": doors.user}})
    escaped = json.dumps(body).encode()
    answer = doors.ask("POST", HOOK, json.dumps(body, ensure_ascii=False).encode(), headers=signed(escaped))
    assert answer.status_code == 200
    assert past(doors) == ["user: ¿ñandú? 👋"]


def test_metas_handshake(doors: Doors) -> None:
    asked = f"{HOOK}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
    answer = doors.ask("GET", asked + VERIFY)
    assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (200, "1158201444", "text/plain")
    refused = doors.ask("GET", asked + "guess")
    assert (refused.status_code, refused.json()) == (403, error("the handshake's verify token is wrong"))


@pytest.mark.parametrize("place", [b'{"x":%s}', b'{"mid":"m.<user>","text":"hola","x":%s}'], ids=["nothing", "said"])
def test_json_of_every_depth_is_200(doors: Doors, place: bytes) -> None:
    whole = json.dumps(batch(event(message="<message>"))).encode().replace(b'"<message>"', place)
    for depth in (*range(80, 110, 5), *range(900, 1000, 10), 5_000):
        assert tell(doors, whole % (b"[" * depth + b"]" * depth)).status_code == 200, depth
