"""A caller who is given bots acts for those alone: every call, for every caller (rulings 10)."""

from typing import Any

import pytest

from tests.http.cases import Row, error
from tests.http.conftest import Doors
from tests.http.stage import BOT, CALLERS

REGISTER, REMOVE = "/v1/integrations/webhook/register", "/v1/integrations/webhook/remove"
NOT_THERE = error(f"there is no bot with the slug '{BOT}'")
INVALID = error("Invalid Authorization token.")
ABSENT = error("An Authorization header or an Query Param with name token is required.")
NOT_FOUND = error("could not finish chat in salesforce : error not found interconnection: not found interconnection")
WISH = {
    "userID": "<user>", "name": "Ana", "provider": "whatsapp", "botSlug": BOT, "botId": "1", "email": "a@example.org",
}  # fmt: skip

# of a user who talks through BOT: call -> (method, path, body, what who may gets, what another bot's caller gets)
CALLS: dict[str, tuple[str, str, object, int, tuple[int, object]]] = {
    "connect": ("POST", "/v1/chats/connect", WISH, 409,
                (404, error("could not create chat in salesforce : there is no bot with the slug 'demo-bot'"))),
    "connect-on-the-wrong-provider": ("POST", "/v1/chats/connect", WISH | {"provider": "facebook"}, 400,
        (404, error("could not create chat in salesforce : there is no bot with the slug 'demo-bot'"))),
    "context": ("GET", "/v1/context/<user>", None, 200, (200, None)),
    "context-of-the-bot": ("GET", f"/v1/context/<user>?bot={BOT}", None, 200, (404, NOT_THERE)),
    "register": ("POST", f"{REGISTER}/whatsapp", None, 200,
                 (500, error("error register webhook: no bot is configured for whatsapp"))),
    "register-of-the-bot": ("POST", f"{REGISTER}/whatsapp?bot={BOT}", None, 200, (404, NOT_THERE)),
    "remove": ("DELETE", f"{REMOVE}/whatsapp", None, 200,
               (500, error("error remove webhook: no bot is configured for whatsapp"))),
    "remove-of-the-bot": ("DELETE", f"{REMOVE}/whatsapp?bot={BOT}", None, 200, (404, NOT_THERE)),
    "finish-of-the-bot": ("DELETE", f"/v1/chat/finish/<user>?bot={BOT}", None, 200, (404, NOT_THERE)),
    "finish": ("DELETE", "/v1/chat/finish/<user>", None, 200, (404, NOT_FOUND)),
}  # fmt: skip
MAY, MAY_NOT, NO_RIGHT = ("demo", "caller", "own"), ("other", "gone"), ("desk", "stranger")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("who", [*MAY, *MAY_NOT, *NO_RIGHT, None])
def test_a_call_is_for_who_was_given_the_bot(doors: Doors, call: str, who: str | None) -> None:
    method, path, body, allowed, refused = CALLS[call]
    doors.api("POST", f"{REGISTER}/whatsapp")
    doors.tells({"id": f"W{doors.user}", "timestamp": "1772000000123", "type": "text", "from": doors.user,
                 "text": {"body": "hola"}})  # fmt: skip
    assert doors.connect().status_code == 200
    status, told = refused if who in MAY_NOT else (403, INVALID) if who in NO_RIGHT else (401, ABSENT)
    more: dict[str, Any] = {} if body is None else {"body": body}
    if who in MAY:
        answer = doors.send(Row(method, path, allowed, caller=who, **({"body": b""} | more)))
        assert answer.status_code == allowed, answer.text
        if call.startswith("context"):
            assert [entry["text"] for entry in answer.json()] == ["hola"]
        if call.startswith("finish"):
            return
    else:
        answer = doors.send(Row(method, path, status, caller=who, **({"body": b""} | more)))
        assert (answer.status_code, answer.json()) == (status, told)
        assert "whatsapp" in doors.street.world.ask("GET", "/platform")["registered"]
    assert doors.finish().status_code == 200  # it was open: nobody else's call ended it


def test_every_kind_of_caller_is_in_the_matrix() -> None:
    assert {*MAY, *MAY_NOT, *NO_RIGHT} == {"demo", *CALLERS}


def test_a_question_which_bot_names_only_the_callers_own(doors: Doors) -> None:
    answer = doors.send(Row("POST", f"{REGISTER}/facebook", 409, body=b"", caller="other"))
    sentence = "error register webhook: say which bot with ?bot= (demo-fb, signed-fb)"
    assert (answer.status_code, answer.json()) == (409, error(sentence))


def test_a_user_of_two_bots_is_of_one_to_who_was_given_one(doors: Doors) -> None:
    doors.connect()
    doors.connect("demo-fb")
    assert doors.api("DELETE", f"/v1/chat/finish/{doors.user}").status_code == 409
    assert doors.send(Row("DELETE", "/v1/chat/finish/<user>", 200, body=b"", caller="own")).status_code == 200
    assert doors.finish("demo-fb").status_code == 200  # is still open


def test_who_is_given_nothing_any_more_is_not_given_everything(doors: Doors) -> None:
    """The only bot of `gone` was deleted."""
    doors.holds(Row("GET", "/v1/tokens/check", 200, {"username": "gone", "role": "YALO_ROLE"}, b"", caller="gone"))
    for slug in (BOT, "demo-fb", "open-fb"):
        assert doors.send(Row("GET", f"/v1/context/1?bot={slug}", 404, body=b"", caller="gone")).status_code == 404
