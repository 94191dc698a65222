"""Opening and ending chats (sections 2.4 and 2.5, with 409 and 404 as section 8 and rulings 11 to 13 have them)."""

import json

import pytest

from tests.http.cases import Row, error, message, row
from tests.http.conftest import Doors
from tests.http.stage import BOT, CLOSED_BUTTON

CONNECT = "/v1/chats/connect"
WISH = {
    "userID": "<user>", "name": "Zoë O'Hara-Ñuñez", "provider": "whatsapp", "botSlug": BOT, "botId": "525500009999",
    "email": "zoe+tienda@example.org",
}  # fmt: skip
PAGE_WISH = WISH | {"provider": "facebook", "botSlug": "demo-fb"}
CREATED = message("Chat created succefully")
FIELDS = {"userID": "UserID", "name": "Name", "provider": "Provider", "botSlug": "BotSlug", "botId": "BotId",
          "email": "Email"}  # fmt: skip
STRING, FAILED = "Invalid payload received : ", "could not create chat in salesforce : "


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in WISH.items() if name not in names}


def missing(*names: str) -> dict[str, str]:
    sentence = "Key: 'ChatPayload.{0}' Error:Field validation for '{0}' failed on the 'required' tag"
    return error("Error validating payload : " + "\n".join(sentence.format(name) for name in names))


ACCEPTED = [
    row("whole", "POST", CONNECT, 200, CREATED,
        body=WISH | {"phoneNumber": "5215587650001", "extraData": {"source_flow_bot": "PEDIDO", "order_id": "A-77"}}),
    row("minimal", "POST", CONNECT, 200, CREATED, body=WISH),
    row("keys-in-any-case", "POST", CONNECT, 200, CREATED,
        body={name.swapcase(): value for name, value in WISH.items()}),
    row("userId-as-many-write-it", "POST", CONNECT, 200, CREATED, body=without("userID") | {"userId": "<user>"}),
    row("unknown-keys", "POST", CONNECT, 200, CREATED, body=WISH | {"sticker": {"x": [1]}}),
    row("trailing-data", "POST", CONNECT, 200, CREATED, body=json.dumps(WISH) + "]]"),
    row("spaces-pass", "POST", CONNECT, 200, CREATED, body=WISH | {"name": " ", "email": " "}),
    row("no-content-type", "POST", CONNECT, 200, CREATED, body=WISH, headers={"Content-Type": ""}),
    row("as-a-form", "POST", CONNECT, 200, CREATED, body=WISH,
        headers={"Content-Type": "application/x-www-form-urlencoded"}),
    row("token-in-the-query", "POST", f"{CONNECT}?token=<demo>", 200, CREATED, body=WISH, caller=None),
    row("extra-null", "POST", CONNECT, 200, CREATED, body=WISH | {"extraData": None}),
    row("extra-with-numbers", "POST", CONNECT, 200, CREATED, body=WISH | {"extraData": {"n": 7, "big": 10**30}}),
    row("extra-nested", "POST", CONNECT, 200, CREATED, body=WISH | {"extraData": {"a": [{"b": {"c": None}}]}}),
    row("flow-as-number", "POST", CONNECT, 200, CREATED, body=WISH | {"extraData": {"source_flow_bot": 7}}),
    row("flow-as-object", "POST", CONNECT, 200, CREATED, body=WISH | {"extraData": {"source_flow_bot": {"a": 1}}}),
    row("flow-as-list", "POST", CONNECT, 200, CREATED, body=WISH | {"extraData": {"source_flow_bot": ["a"]}}),
    row("description-as-object", "POST", CONNECT, 200, CREATED, body=WISH | {"extraData": {"description": {"a": 1}}}),
    row("half-an-emoji", "POST", CONNECT, 200, CREATED,
        body=json.dumps(WISH | {"name": "Ana \ud83d", "extraData": {"\ud83d": "\ud83d"}})),
    row("nul-in-extra", "POST", CONNECT, 200, CREATED, body=WISH | {"phoneNumber": "\0", "extraData": {"\0": "\0"}}),
    row("as-long-as-may-be", "POST", CONNECT, 200, CREATED,
        body=WISH | {"name": "ñ" * 1000, "extraData": {"description": "x" * 190_000}}),
    row("facebook", "POST", CONNECT, 200, CREATED, body=PAGE_WISH),
    row("messenger-is-facebook", "POST", CONNECT, 200, CREATED, body=PAGE_WISH | {"provider": "messenger"}),
]  # fmt: skip

REFUSED = [
    *(row(f"without-{name}", "POST", CONNECT, 400, missing(shown), body=without(name))
      for name, shown in FIELDS.items()),
    *(row(f"empty-{name}", "POST", CONNECT, 400, missing(shown), body=WISH | {name: ""})
      for name, shown in FIELDS.items()),
    row("without-two", "POST", CONNECT, 400, missing("BotId", "Email"), body=without("botId", "email")),
    row("null", "POST", CONNECT, 400, missing(*FIELDS.values()), body=None),
    row("empty-object", "POST", CONNECT, 400, missing(*FIELDS.values()), body={}),
    row("null-field", "POST", CONNECT, 400, missing("Name"), body=WISH | {"name": None}),
    row("bad-json", "POST", CONNECT, 400, error(STRING + "…"), body='{"userID": '),
    row("no-body", "POST", CONNECT, 400, error(STRING + "…")),
    row("not-utf-8", "POST", CONNECT, 400, error(STRING + "…"), body=b'{"userID": "\xff"}'),
    row("a-list", "POST", CONNECT, 400, error(STRING + "a JSON object is expected"), body=[WISH]),
    row("a-number", "POST", CONNECT, 400, error(STRING + "a JSON object is expected"), body=7),
    *(row(f"{name}-as-number", "POST", CONNECT, 400, error(f"{STRING}{name} must be a string"), body=WISH | {name: 7})
      for name in (*FIELDS, "phoneNumber")),
    row("extra-as-list", "POST", CONNECT, 400, error(STRING + "extraData must be an object"),
        body=WISH | {"extraData": []}),
    row("extra-as-text", "POST", CONNECT, 400, error(STRING + "extraData must be an object"),
        body=WISH | {"extraData": "x"}),
    row("extra-too-large-a-number", "POST", CONNECT, 400, error(STRING + "a number is too large"),
        body=json.dumps(WISH)[:-1] + ', "extraData": {"n": 1e999}}'),
    row("nul-in-a-field", "POST", CONNECT, 400, error("Error validating payload : a field cannot hold a NUL"),
        body=WISH | {"name": "a\0"}),
    row("user-of-201-characters", "POST", CONNECT, 400,
        error("Error validating payload : userID is longer than 200 characters"), body=WISH | {"userID": "5" * 201}),
    *(row(f"{name}-of-1001-characters", "POST", CONNECT, 400,
          error(f"Error validating payload : {name} is longer than 1000 characters"), body=WISH | {name: "5" * 1001})
      for name in ("name", "botSlug", "botId", "email")),
    row("phone-of-201-characters", "POST", CONNECT, 400,
        error("Error validating payload : phoneNumber is longer than 200 characters"),
        body=WISH | {"phoneNumber": "5" * 201}),
    row("extra-too-large", "POST", CONNECT, 400, error("Error validating payload : extraData is larger than 200 KB"),
        body=WISH | {"extraData": {"x": "ñ" * 100_000}}),
    row("unknown-provider", "POST", CONNECT, 400,
        error("Error validating payload : provider must be whatsapp or facebook"), body=WISH | {"provider": "sms"}),
    row("provider-in-another-case", "POST", CONNECT, 400,
        error("Error validating payload : provider must be whatsapp or facebook"),
        body=WISH | {"provider": "WhatsApp"}),
    row("bot-on-another-provider", "POST", CONNECT, 400,
        error(f"Error validating payload : the bot {BOT} is on whatsapp, not on messenger"),
        body=WISH | {"provider": "facebook"}),
    row("unknown-bot", "POST", CONNECT, 404, error(f"{FAILED}there is no bot with the slug 'nobody'"),
        body=WISH | {"botSlug": "nobody"}),
    row("get", "GET", CONNECT, 405, error("only POST is answered here")),
]  # fmt: skip


@pytest.mark.parametrize("row", ACCEPTED)
def test_a_chat_is_opened(doors: Doors, row: Row) -> None:
    doors.holds(row)
    bot = row.body["botSlug"] if isinstance(row.body, dict) and "botSlug" in row.body else BOT
    assert doors.finish(bot).status_code == 200


@pytest.mark.parametrize("row", REFUSED)
def test_a_wish_is_refused_and_nothing_is_opened(doors: Doors, row: Row) -> None:
    doors.holds(row)
    assert doors.finish().json() == error(NOT_FOUND)


NOT_FOUND = "could not finish chat in salesforce : error not found interconnection: not found interconnection"
NOT_OPEN = "could not finish chat in salesforce : this contact does not have an interconnection"


def test_a_second_chat_is_a_conflict_in_words(doors: Doors) -> None:
    assert doors.connect().json() == CREATED
    again = doors.connect()
    sentence = f"{FAILED}session exists with this userID (OnHold: waiting for an agent)"
    assert (again.status_code, again.json()) == (409, error(sentence))
    [chat] = [chat["id"] for chat in doors.street.world.ask("GET", "/chats")["chats"][-1:]]
    doors.street.world.act(chat, "accept")
    doors.street.world.chat(chat, until_heard=1, timeout=30)
    sentence = f"{FAILED}session exists with this userID (Active: talking to an agent)"
    assert doors.connect().json() == error(sentence)
    doors.finish()


def test_a_bot_without_a_way_to_agents_fails_as_before(doors: Doors) -> None:
    answer = doors.connect("closed-fb")
    assert (answer.status_code, answer.json()) == (500, error(f"{FAILED}no route for this flow, nor a default"))
    assert doors.finish("closed-fb").json() == error(NOT_OPEN)
    states = doors.street.world.user(doors.user, until_states=1, timeout=30)["states"]
    assert [state["state"] for state in states] == ["from-sf-timeout"]


@pytest.mark.parametrize(
    ("bot", "status", "told"),
    [("demo-fb", 500, error(f"{FAILED}no agent is available")), ("open-fb", 200, CREATED)],
    ids=["who-asks-before-is-told-at-once", "who-does-not-is-told-by-the-first-poll"],
)
def test_a_closed_route_gives_the_user_back_to_the_bot(
    doors: Doors, bot: str, status: int, told: dict[str, str]
) -> None:
    doors.street.world.ask("PUT", "/rules", {"closed_buttons": [CLOSED_BUTTON]})
    answer = doors.connect(bot, extraData={"source_flow_bot": "CERRADO"})
    states = doors.street.world.user(doors.user, until_states=1, timeout=30)["states"]
    doors.street.world.ask("PUT", "/rules", {"closed_buttons": []})
    assert (answer.status_code, answer.json()) == (status, told)
    assert [(state["state"], state["via"]) for state in states] == [("from-sf-timeout", "studio_ng")]
    assert doors.finish(bot).json() == error(NOT_OPEN)


def test_salesforces_refusal_is_told_and_may_be_tried_again(doors: Doors) -> None:
    doors.street.world.ask("POST", "/faults", {"on": "session_id", "kind": "status", "status": 500, "times": 3})
    answer = doors.connect()
    assert (answer.status_code, answer.json()["ErrorDescription"].startswith(FAILED)) == (500, True)
    assert doors.connect().json() == CREATED
    doors.finish()


def test_a_paused_bot_hands_nobody_over_and_its_user_reads_why(doors: Doors) -> None:
    answer = doors.connect("paused-fb")
    assert (answer.status_code, answer.json()) == (403, error(f"{FAILED}new hand-overs of this bot are paused"))
    told = doors.street.world.user(doors.user, until_states=1, timeout=30)
    assert told["texts"] == ["We are back at nine."]
    assert [state["state"] for state in told["states"]] == ["from-sf-timeout"]
    assert doors.finish("paused-fb").json() == error(NOT_OPEN)


FINISH = [
    row("unknown-user", "DELETE", "/v1/chat/finish/<user>", 404, error(NOT_FOUND)),
    row("unknown-user-of-a-bot", "DELETE", f"/v1/chat/finish/<user>?bot={BOT}", 404, error(NOT_FOUND)),
    row("unknown-bot", "DELETE", "/v1/chat/finish/<user>?bot=nobody", 404,
        error("there is no bot with the slug 'nobody'")),
    row("user-with-a-slash", "DELETE", "/v1/chat/finish/a%2Fb<user>", 404, error(NOT_FOUND)),
    row("user-with-a-nul", "DELETE", "/v1/chat/finish/%00<user>", 404, error(NOT_FOUND)),
    row("user-not-utf-8", "DELETE", "/v1/chat/finish/%ff<user>", 404, error(NOT_FOUND)),
    row("get", "GET", "/v1/chat/finish/<user>", 405, error("only DELETE is answered here")),
    row("plural", "DELETE", "/v1/chats/finish/<user>", 404),
    row("no-user", "DELETE", "/v1/chat/finish/", 308),
]  # fmt: skip


@pytest.mark.parametrize("row", FINISH)
def test_there_is_nothing_to_finish(doors: Doors, row: Row) -> None:
    doors.holds(row)


def test_a_chat_is_finished_once(doors: Doors) -> None:
    doors.connect()
    path = f"/v1/chat/finish/{doors.user}"
    doors.holds(Row("DELETE", path, 200, message("Chat finished successfully")))
    doors.holds(Row("DELETE", path, 404, error(NOT_OPEN)))


def test_who_talks_through_two_bots_must_be_named_with_one(doors: Doors) -> None:
    doors.connect()
    doors.connect("demo-fb")
    answer = doors.api("DELETE", f"/v1/chat/finish/{doors.user}")
    sentence = f"this user has chats with several bots ({BOT}, demo-fb): say which with ?bot="
    assert (answer.status_code, answer.json()) == (409, error(sentence))
    assert doors.finish("demo-fb").json() == message("Chat finished successfully")
    assert doors.api("DELETE", f"/v1/chat/finish/{doors.user}").json() == message("Chat finished successfully")
    assert doors.finish("demo-fb").json() == error(NOT_OPEN)


def test_a_bot_whose_row_cannot_be_read_says_so_and_stops_nobody(doors: Doors) -> None:
    answer = doors.connect("misread-fb")
    assert answer.status_code == 500
    assert "the bot misread-fb cannot be read: prefixes of phones: This must be a list" in answer.text
    assert doors.connect().json() == CREATED
    doors.finish()
