"""Messenger's webhook: batches, every way to be authenticated, whose it is (section 2.8, rulings 9 and 11)."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from tests.http.cases import NOTHING, Row, error, message, row
from tests.http.conftest import Doors, both_roads
from tests.http.stage import BOT, PAGE, SECRETS, VERIFY

pytestmark = both_roads

HOOK = "/v1/integrations/facebook/webhook?token=<page>"
OF_PAGE = "/v1/integrations/facebook/webhook?bot=demo-fb&token=<page>"
KEPT, AT = message("insert success"), 1772000010000
NOT_JSON, WRONG = error("Invalid payload received : …"), "Invalid payload received : "
REFUSED = error("this webhook's secret or signature is wrong")
NOTHING_SHOWN = error("this webhook must be authenticated: nothing was shown")


def item(n: int = 1, **more: object) -> dict[str, Any]:
    words = {"mid": f"m_{n}.<user>", "text": f"m{n}"}
    whole = {"sender": {"id": "<user>"}, "recipient": {"id": PAGE}, "timestamp": AT + n, "message": words} | more
    return {name: value for name, value in whole.items() if value is not None}


def batch(*items: object, **more: object) -> dict[str, Any]:
    entries = [{"id": PAGE, "time": AT, "messaging": [each]} for each in items or (item(),)]
    return {"authorRole": "user", "botId": "tienda-fb", "message": {"object": "page", "entry": entries}} | more


def required(*names: str) -> dict[str, str]:
    sentence = "Key: 'IntegrationsFacebookRequest.{0}' Error:Field validation for '{0}' failed on the 'required' tag"
    return error("Error validating payload : " + "\n".join(sentence.format(name) for name in names))


def hook(id: str, status: int, wanted: Any, body: object, path: str = OF_PAGE, **more: Any) -> Any:
    return row(id, "POST", path, status, wanted, body=body, caller=None, **more)


BY_PAGE = item(sender={"id": PAGE}, recipient={"id": "<user>"})
STORED = [
    (hook("one", 200, KEPT, batch()), ["user: m1"]),
    (hook("many-entries", 200, KEPT, batch(item(1), item(2), item(3))), ["user: m1", "user: m2", "user: m3"]),
    (hook("many-items", 200, KEPT, batch(message={"entry": [{"messaging": [item(1), item(2)]}]})),
     ["user: m1", "user: m2"]),
    (hook("the-same-twice", 200, KEPT, batch(item(1), item(1))), ["user: m1"]),
    (hook("by-the-bot", 200, KEPT, batch(BY_PAGE, authorRole="bot")), ["bot: m1"]),
    (hook("any-other-role-is-the-bot", 200, KEPT, batch(BY_PAGE, authorRole="admin")), ["bot: m1"]),
    (hook("postback-without-mid", 200, KEPT,
          batch(item(message=None, postback={"title": "Ayuda", "payload": "HELP"}))), ["user: Ayuda"]),
    (hook("text-and-image", 200, KEPT,
          batch(item(message={"mid": "m_1.<user>", "text": "mira", "attachments": [
              {"type": "image", "payload": {"url": "https://cdn.example.net/i.jpg"}}]}))), ["user: mira"]),
    (hook("whose-page-it-is-says-the-botId", 200, KEPT, batch(), HOOK), ["user: m1"]),
    (hook("or-the-slug", 200, KEPT, batch(botId="demo-fb"), HOOK), ["user: m1"]),
    (hook("or-the-entry", 200, KEPT, batch(botId="unknown"), HOOK), ["user: m1"]),
    (hook("at-the-bots-own-address", 200, KEPT, batch(), "/v1/bots/demo-fb/webhook?token=<page>"), ["user: m1"]),
    (hook("no-timestamp", 200, KEPT, batch(item(timestamp=None))), ["user: m1"]),
    (hook("an-unknown-event-beside", 200, KEPT, batch(item(2, message=None, brand_new={"a": 1}), item(1))),
     ["user: m1"]),
    (hook("a-delivery-beside", 200, KEPT, batch(item(1), item(message=None, delivery={"mids": ["m"]}))),
     ["user: m1"]),
]  # fmt: skip

NOT_STORED = [
    hook("no-entries", 200, KEPT, batch(message={"object": "page"})),
    hook("empty-entries", 200, KEPT, batch(message={"object": "page", "entry": []})),
    hook("a-delivery", 200, KEPT, batch(item(message=None, delivery={"mids": ["m"]}))),
    hook("an-unknown-event", 200, KEPT, batch(item(message=None, brand_new={"text": "hola"}))),
    hook("a-tap-as-text", 200, KEPT, batch(item(message=None, postback="hola"))),
    hook("nobody-speaks", 200, KEPT, batch(item(sender=None))),
    hook("a-nul-in-the-user", 200, KEPT, batch(item(sender={"id": "<user>\0"}))),
    hook("a-user-of-201-characters", 200, KEPT, batch(item(sender={"id": "5" * 201}))),
    hook("bad-json", 400, NOT_JSON, "{"),
    hook("no-body", 400, NOT_JSON, NOTHING),
    hook("a-list", 400, error(WRONG + "a JSON object is expected"), [batch()]),
    hook("null", 400, required("AuthorRole", "BotID", "Message"), None),
    hook("no-role", 400, required("AuthorRole"), batch(authorRole="")),
    hook("no-botId", 400, required("BotID"), batch(botId=None)),
    hook("no-message", 400, required("Message"), batch(message=None)),
    hook("role-as-number", 400, error(WRONG + "authorRole must be a string"), batch(authorRole=1)),
    hook("botId-as-number", 400, error(WRONG + "botId must be a string"), batch(botId=100200300)),
    hook("message-as-text", 400, error(WRONG + "message must be an object"), batch(message="hola")),
    hook("entry-as-object", 400, error(WRONG + "entry must be a list"), batch(message={"entry": {}})),
    hook("entries-as-text", 400, error(WRONG + "entry must hold objects"), batch(message={"entry": ["x"]})),
    hook("messaging-as-text", 400, error(WRONG + "messaging must be a list"),
         batch(message={"entry": [{"messaging": "x"}]})),
    hook("item-as-text", 400, error(WRONG + "messaging must hold objects"), batch(item(1), "hola")),
    hook("sender-as-text", 400, error(WRONG + "sender must be an object"), batch(item(1), item(2, sender="x"))),
    hook("sender-id-as-number", 400, error(WRONG + "id must be a string"), batch(item(1), item(2, sender={"id": 7}))),
    hook("text-as-number", 400, error(WRONG + "text must be a string"), batch(item(1), item(2, message={"text": 7}))),
    hook("mid-as-number", 400, error(WRONG + "mid must be a string"),
         batch(item(1), item(2, message={"mid": 7, "text": "x"}))),
    hook("no-secret", 401, NOTHING_SHOWN, batch(), "/v1/integrations/facebook/webhook"),
    hook("wrong-secret", 403, REFUSED, batch(), "/v1/integrations/facebook/webhook?bot=demo-fb&token=guess"),
    hook("of-the-other-bot", 403, REFUSED, batch(), "/v1/integrations/facebook/webhook?bot=demo-fb&token=<secret>"),
    hook("nobodys-page", 400, error("which bot? Say it with ?bot=: several are configured for this provider"), batch(
        message={"entry": [{"id": "9", "messaging": [item()]}]}, botId="unknown"), HOOK),
    hook("a-bot-of-the-other-provider", 400, error(f"the bot {BOT} is on whatsapp, not on messenger"), batch(),
         f"/v1/integrations/facebook/webhook?bot={BOT}&token=<secret>"),
    hook("unknown-bot", 401, NOTHING_SHOWN, batch(), "/v1/integrations/facebook/webhook?bot=nobody"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "said"), [pytest.param(*each.values, said, id=each.id) for each, said in STORED])
def test_every_item_of_a_webhook_is_kept(doors: Doors, row: Row, said: list[str]) -> None:
    doors.holds(row)
    doors.holds(row)  # and a repeat of the whole adds nothing
    assert [f"{entry['from']}: {entry['text']}" for entry in doors.context("demo-fb")] == said


@pytest.mark.parametrize("row", NOT_STORED)
def test_what_says_nothing_or_is_refused_leaves_nothing(doors: Doors, row: Row) -> None:
    doors.holds(row)
    assert doors.context("demo-fb") is None


def signature(body: bytes, key: str = SECRETS["signed-fb"]) -> str:
    return "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def of(doors: Doors) -> bytes:
    return json.dumps(batch(botId="signed-fb")).replace("<user>", doors.user).encode()


SIGNED = "/v1/bots/signed-fb/webhook"


def test_a_signature_over_the_bytes_opens(doors: Doors) -> None:
    body = of(doors)
    answer = doors.ask("POST", SIGNED, body, headers={"X-Hub-Signature-256": signature(body)})
    assert (answer.status_code, answer.json()) == (200, KEPT)
    assert len(doors.context("signed-fb")) == 1


@pytest.mark.parametrize(
    ("shown", "status"),
    [(None, 401), ("", 401), ("sha256=", 403), ("sha1=x", 403), ("sha256=" + "0" * 64, 403), ("ñ", 403)],
)
def test_a_wrong_signature_does_not(doors: Doors, shown: str | None, status: int) -> None:
    headers = {} if shown is None else {"X-Hub-Signature-256": shown.encode()}
    answer = doors.ask("POST", SIGNED, of(doors), headers=headers)
    assert (answer.status_code, answer.json()) == (status, REFUSED if status == 403 else NOTHING_SHOWN)
    assert doors.context("signed-fb") is None


def test_a_signature_of_another_body_does_not(doors: Doors) -> None:
    body = of(doors)
    answer = doors.ask("POST", SIGNED, body + b" ", headers={"X-Hub-Signature-256": signature(body)})
    assert (answer.status_code, answer.json()) == (403, REFUSED)
    assert doors.context("signed-fb") is None


def test_a_bot_that_chose_none_by_hand_is_open(doors: Doors) -> None:
    doors.holds(Row("POST", "/v1/integrations/facebook/webhook", 200, KEPT, batch(botId="open-fb"), caller=None))
    assert len(doors.context("open-fb")) == 1


HANDSHAKES = [
    (f"hub.mode=subscribe&hub.challenge=1158&hub.verify_token={VERIFY}", 200, "1158"),
    (f"hub.mode=subscribe&hub.challenge=<b>&hub.verify_token={VERIFY}", 200, "<b>"),
    (f"hub.mode=subscribe&hub.verify_token={VERIFY}", 200, ""),
    (f"hub.mode=unsubscribe&hub.challenge=1&hub.verify_token={VERIFY}", 403, None),
    (f"hub.challenge=1&hub.verify_token={VERIFY}", 403, None),
    ("hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess", 403, None),
    ("hub.mode=subscribe&hub.challenge=1", 403, None),
    ("", 403, None),
]


@pytest.mark.parametrize(("query", "status", "text"), HANDSHAKES)
def test_metas_handshake(doors: Doors, query: str, status: int, text: str | None) -> None:
    answer = doors.ask("GET", f"{SIGNED}?{query}")
    assert answer.status_code == status
    if text is None:
        assert answer.json() == error("the handshake's verify token is wrong")
    else:
        assert (answer.text, answer.headers["Content-Type"]) == (text, "text/plain")


def test_a_bot_without_a_verify_token_shakes_no_hands(doors: Doors) -> None:
    assert doors.ask("GET", "/v1/bots/demo-fb/webhook?hub.mode=subscribe&hub.verify_token=").status_code == 403


DEEP = {
    "in-an-item": b'{"authorRole":"user","botId":"open-fb","message":{"entry":[{"messaging":[{"sender":{"id":"deep"},'
    b'"message":{"text":"x"},"x":%s}]}]}}',
    "where-a-number-is-looked-for": b'{"authorRole":"user","botId":"x","from":%s,'
    b'"message":{"entry":[{"id":"open-fb"}]}}',
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP)
def test_json_of_every_depth_is_kept_or_refused(doors: Doors, body: bytes) -> None:
    answers = {
        doors.ask("POST", "/v1/integrations/facebook/webhook", body % (b"[" * depth + b"]" * depth)).text
        for depth in (*range(80, 110), *range(900, 1000, 10))
    }
    assert {json.loads(answer)[name] for answer in answers for name in json.loads(answer)} == {
        "insert success",
        WRONG + "nested too deeply",
    }
