"""WhatsApp's webhook and the context (sections 2.6 and 2.7, rulings 9, 11 and 12)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.http.cases import NOTHING, Row, error, message, row
from tests.http.conftest import Doors, both_roads
from tests.http.stage import BOT

pytestmark = both_roads

HOOK = f"/v1/integrations/whatsapp/webhook?bot={BOT}&token=<secret>"
KEPT, AT = message("insert success"), 1772000000123
WRONG, NOT_JSON = "Invalid payload received : ", error("Invalid payload received : …")


def said(**more: object) -> dict[str, Any]:
    return {
        "id": "WA.<user>",
        "timestamp": str(AT),
        "type": "text",
        "from": "<user>",
        "text": {"body": "hola"},
    } | more


def media(kind: str, **part: object) -> dict[str, Any]:
    whole = said(type=kind) | {kind: {"url": "https://media.example.net/wa/9001"} | part}
    return {name: value for name, value in whole.items() if name != "text"}


def skipped(kind: str) -> dict[str, str]:
    return message(f"message type: {kind} was skipped")


def required(*names: str) -> dict[str, str]:
    sentence = "Key: 'IntegrationsRequest.{0}' Error:Field validation for '{0}' failed on the 'required' tag"
    return error("Error validating payload : " + "\n".join(sentence.format(name) for name in names))


def hook(id: str, status: int, wanted: Any, body: object, path: str = HOOK, **more: Any) -> Any:
    return row(id, "POST", path, status, wanted, body=body, caller=None, **more)


TEXT = {"text": "hola", "from": "user"}
STORED = [
    (hook("text", 200, KEPT, said()), TEXT),
    (hook("by-the-bot", 200, KEPT, said() | {"from": "525500009999", "to": "<user>"}),
     {"text": "hola", "from": "bot"}),
    (hook("without-the-bots-name", 200, KEPT, said(),
          "/v1/integrations/whatsapp/webhook?token=<secret>"), TEXT),
    (hook("at-the-bots-own-address", 200, KEPT, said(), f"/v1/bots/{BOT}/webhook?token=<secret>"), TEXT),
    (hook("secret-in-the-header", 200, KEPT, said(), f"/v1/bots/{BOT}/webhook",
          headers={"Authorization": "Bearer <secret>"}), TEXT),
    (hook("yalos-signature-is-not-read", 200, KEPT, said(), headers={"x-yalochat-signature": "x"}), TEXT),
    (hook("trailing-data", 200, KEPT, json.dumps(said()) + '{"id": 1}'), TEXT),
    (hook("unknown-keys", 200, KEPT, said(context={"x": [1]})), TEXT),
    (hook("image", 200, KEPT, media("image", mimeType="image/jpeg", caption="la caja")),
     {"url": "https://media.example.net/wa/9001", "mimeType": "image/jpeg", "caption": "la caja", "from": "user"}),
    (hook("voice", 200, KEPT, media("voice", mimeType="audio/ogg")),
     {"url": "https://media.example.net/wa/9001", "mimeType": "audio/ogg", "from": "user"}),
    (hook("location", 200, KEPT, said(type="location", text=None, location={"latitude": 1, "longitude": 2})),
     {"text": "https://maps.google.com/?q=1,2", "from": "user"}),
    (hook("n-is-not-ignored", 200, KEPT, said(type="n")), TEXT),  # the old service matched substrings
]  # fmt: skip

NOT_STORED = [
    hook("status", 200, skipped("status"), said(type="status")),
    hook("notification-status", 200, skipped("notification-status"), {"type": "notification-status"}),
    hook("no-type", 200, skipped(""), {name: value for name, value in said().items() if name != "type"}),
    hook("empty-type", 200, skipped(""), said(type="")),
    hook("null-type", 200, skipped(""), said(type=None)),
    hook("null", 200, skipped(""), None),
    hook("empty-object", 200, skipped(""), {}),
    hook("empty-text", 200, KEPT, said(text={"body": ""})),
    hook("no-text", 200, KEPT, said(text=None)),
    hook("bad-json", 400, NOT_JSON, '{"id": '),
    hook("no-body", 400, NOT_JSON, NOTHING),
    hook("a-form", 400, NOT_JSON, "type=text&from=<user>"),
    hook("a-list", 400, error(WRONG + "a JSON object is expected"), [said()]),
    hook("a-text", 400, error(WRONG + "a JSON object is expected"), '"hola"'),
    hook("not-a-number", 400, error(WRONG + "NaN is not JSON"), '{"type": NaN}'),
    hook("no-id", 400, required("ID"), said(id="")),
    hook("no-timestamp", 400, required("Timestamp"), said(timestamp=None)),
    hook("neither", 400, required("ID", "Timestamp"), {"type": "text"}),
    hook("nobody", 400, error("Error validating payload : neither 'from' nor 'to' names a user"),
         said() | {"from": ""}),
    hook("a-nul-in-the-user", 400, error("Error validating payload : a user id cannot hold a NUL"),
         said() | {"from": "<user>\0"}),
    hook("a-user-of-201-characters", 400, error("Error validating payload : a user id has at most 200 characters"),
         said() | {"from": "5" * 201}),
    hook("type-as-number", 400, error(WRONG + "type must be a string"), said(type=7)),
    hook("id-as-number", 400, error(WRONG + "id must be a string"), said(id=7)),
    hook("timestamp-as-number", 400, error(WRONG + "timestamp must be a string"), said(timestamp=AT)),
    hook("from-as-number", 400, error(WRONG + "from must be a string"), said() | {"from": 521}),
    hook("to-as-list", 400, error(WRONG + "to must be a string"), said(to=["<user>"])),
    hook("text-as-string", 400, error(WRONG + "text must be an object"), said(text="hola")),
    hook("body-as-number", 400, error(WRONG + "text.body must be a string"), said(text={"body": 7})),
    hook("image-as-list", 400, error(WRONG + "image must be an object"), media("image") | {"image": []}),
    hook("url-as-object", 400, error(WRONG + "image.url must be a string"), media("image", url={})),
    hook("no-secret", 401, error("this webhook must be authenticated: nothing was shown"), said(),
         "/v1/integrations/whatsapp/webhook"),
    hook("empty-secret", 401, error("this webhook must be authenticated: nothing was shown"), said(),
         f"/v1/integrations/whatsapp/webhook?bot={BOT}&token="),
    hook("wrong-secret", 403, error("this webhook's secret or signature is wrong"), said(),
         f"/v1/integrations/whatsapp/webhook?bot={BOT}&token=guess"),
    hook("of-another-bot", 403, error("this webhook's secret or signature is wrong"), said(),
         f"/v1/integrations/whatsapp/webhook?bot={BOT}&token=<page>"),
    hook("an-api-token", 403, error("this webhook's secret or signature is wrong"), said(),
         f"/v1/bots/{BOT}/webhook", headers={"Authorization": "Bearer <demo>"}),
    hook("wrong-header-beside-the-right-query", 403, error("this webhook's secret or signature is wrong"), said(),
         headers={"Authorization": "Bearer x"}),
    hook("a-bot-of-the-other-provider", 400, error("the bot demo-fb is on messenger, not on whatsapp"), said(),
         "/v1/integrations/whatsapp/webhook?bot=demo-fb&token=<page>"),
    row("get-at-the-old-address", "GET", HOOK, 405, error("only POST is answered here"), caller=None),
    row("a-handshake-without-a-token", "GET", f"/v1/bots/{BOT}/webhook?hub.mode=subscribe&hub.verify_token=",
        403, error("the handshake's verify token is wrong"), caller=None),
    row("put", "PUT", f"/v1/bots/{BOT}/webhook", 405, error("only POST and GET are answered here"), caller=None),
]  # fmt: skip


@pytest.mark.parametrize(("row", "entry"), [pytest.param(*each.values, entry, id=each.id) for each, entry in STORED])
def test_what_is_said_outside_a_chat_becomes_context(doors: Doors, row: Row, entry: dict[str, str]) -> None:
    doors.holds(row)
    [stored] = doors.context()
    gone = datetime.fromisoformat(stored.pop("ttl"))
    assert stored == entry | {"userId": doors.user, "client": "salesforce", "timestamp": AT}
    assert abs(gone - datetime.now(UTC) - timedelta(hours=24)) < timedelta(minutes=5)


@pytest.mark.parametrize("row", NOT_STORED)
def test_what_is_skipped_or_refused_is_not_stored(doors: Doors, row: Row) -> None:
    doors.holds(row)
    assert doors.context() is None


def test_a_message_is_stored_once_however_often_it_comes(doors: Doors) -> None:
    for _ in range(3):
        doors.holds(Row("POST", HOOK, 200, KEPT, said(), caller=None))
    assert len(doors.context()) == 1


@pytest.mark.parametrize("timestamp", ["2026-02-25T10:00:00Z", "-1", "9" * 40, "٣", "x"])
def test_a_bad_timestamp_loses_nothing(doors: Doors, timestamp: str) -> None:
    doors.holds(Row("POST", HOOK, 200, KEPT, said(timestamp=timestamp), caller=None))
    [stored] = doors.context()
    age = datetime.now(UTC) - datetime.fromtimestamp(stored["timestamp"] / 1000, UTC)
    assert timedelta(minutes=-5) < age < timedelta(minutes=5)


def test_a_refused_message_may_be_mended_under_the_same_id(doors: Doors) -> None:
    """The old service answered such a repeat with success, and lost it (W14)."""
    doors.holds(Row("POST", HOOK, 400, NOT_JSON, '{"id": "WA.<user>"', caller=None))
    doors.holds(Row("POST", HOOK, 200, KEPT, said(), caller=None))
    assert len(doors.context()) == 1


MB = b"x" * 1024 * 1024


def endless() -> Any:
    yield from [b'{"text": "', MB, MB, MB, MB, b'"}']


@pytest.mark.parametrize("body", [MB * 4, endless], ids=["declared", "chunked"])
@pytest.mark.parametrize("path", [HOOK, "/v1/authenticate", "/v1/chats/connect", "/v1/nowhere"])
def test_four_megabytes_are_refused_and_the_answer_is_seen(doors: Doors, path: str, body: Any) -> None:
    answer = doors.ask("POST", path.replace("<secret>", doors.words["secret"]), body() if callable(body) else body)
    assert (answer.status_code, answer.json()) == (413, error("the body is larger than 3 MB"))
    assert doors.context() is None


CONTEXT = [
    row("nothing-said", "GET", "/v1/context/<user>", 200, None),
    row("nothing-said-to-this-bot", "GET", f"/v1/context/<user>?bot={BOT}", 200, None),
    row("unknown-bot", "GET", "/v1/context/<user>?bot=nobody", 404, error("there is no bot with the slug 'nobody'")),
    row("odd-user", "GET", "/v1/context/%00%ff%2F..%2F<user>", 200, None),
    row("no-user", "GET", "/v1/context/", 301),
    row("post", "POST", "/v1/context/<user>", 405, error("only GET is answered here")),
]


@pytest.mark.parametrize("row", CONTEXT)
def test_a_context_without_anything_is_null(doors: Doors, row: Row) -> None:
    doors.holds(row)


def test_a_context_is_sorted_by_the_platforms_clock(doors: Doors) -> None:
    for n in (3, 1, 2):
        body = said(id=f"WA.{n}.{doors.user}", timestamp=str(AT + n), text={"body": f"m{n}"}) | {"from": doors.user}
        assert doors.tells(body).json() == KEPT
    answer = doors.api("GET", f"/v1/context/{doors.user}").json()
    assert [entry["text"] for entry in answer] == ["m1", "m2", "m3"]


def test_who_talked_to_two_bots_must_be_asked_for_with_one(doors: Doors) -> None:
    page = {"sender": {"id": doors.user}, "recipient": {"id": "1"}, "timestamp": AT,
            "message": {"mid": f"m.{doors.user}", "text": "en la página"}}  # fmt: skip
    doors.tells(said(id=f"WA.{doors.user}") | {"from": doors.user})
    doors.tells({"authorRole": "user", "botId": "x", "message": {"entry": [{"messaging": [page]}]}}, "demo-fb")
    answer = doors.api("GET", f"/v1/context/{doors.user}")
    sentence = f"this user has talked to several bots ({BOT}, demo-fb): say which with ?bot="
    assert (answer.status_code, answer.json()) == (409, error(sentence))
    assert [entry["text"] for entry in doors.context("demo-fb")] == ["en la página"]
    assert [entry["text"] for entry in doors.context(BOT)] == ["hola"]
