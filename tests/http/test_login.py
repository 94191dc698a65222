"""Logging in, and what a token opens (section 2.3, with the changes of section 8 and rulings 10)."""

import time

import pytest
from django.core import signing
from django.test import RequestFactory

from interconnections.errors import Unauthenticated
from interconnections.http import tokens as product
from tests.http.cases import Row, error, row
from tests.http.conftest import Doors
from tests.http.stage import PASSWORD

LOGIN, CHECK = "/v1/authenticate", "/v1/tokens/check"
INVALID, MALFORMED = error("Invalid Authorization token."), error("Invalid Authorization token, header invalid.")
ABSENT = error("An Authorization header or an Query Param with name token is required.")
OLD_JWT = "eyJhbGciOiJIUzM4NCJ9.eyJ1c2VybmFtZSI6InlhbG9Vc2VyIiwicm9sZSI6IllBTE9fUk9MRSJ9.c2lnbmF0dXJl"


def shows(header: str) -> dict[str, object]:
    return {"caller": None, "headers": {"Authorization": header}}


def a_token(body: object) -> bool:
    return isinstance(body, dict) and list(body) == ["token"] and len(body["token"]) > 40


def no_password(body: object) -> bool:
    return a_token(body) and PASSWORD not in str(body)


NOT_OBJECT = error("Invalid payload received : a JSON object is expected")
NOT_STRINGS = error("Invalid payload received : username and password must be strings")
WRONG = error("Invalid credentials.")

LOGINS = [
    row("ok", "POST", LOGIN, 200, no_password, body={"username": "caller", "password": PASSWORD}, caller=None),
    row("unknown-keys-are-ignored", "POST", LOGIN, 200, a_token, caller=None,
        body={"username": "caller", "password": PASSWORD, "role": "X"}),
    row("trailing-data-is-ignored", "POST", LOGIN, 200, a_token, caller=None,
        body='{"username": "caller", "password": "' + PASSWORD + '"} and more'),
    row("bad-json", "POST", LOGIN, 400, error("Invalid payload received : …"), body="{", caller=None),
    row("no-body", "POST", LOGIN, 400, error("Invalid payload received : …"), caller=None),
    row("null", "POST", LOGIN, 400, NOT_OBJECT, body=None, caller=None),
    row("a-list", "POST", LOGIN, 400, NOT_OBJECT, body=[], caller=None),
    row("username-as-number", "POST", LOGIN, 400, NOT_STRINGS, body={"username": 1, "password": "x"}, caller=None),
    row("no-password", "POST", LOGIN, 400, NOT_STRINGS, body={"username": "caller"}, caller=None),
    row("unknown-user", "POST", LOGIN, 401, WRONG, body={"username": "n-<user>", "password": "x"}, caller=None),
    row("wrong-password", "POST", LOGIN, 401, WRONG, body={"username": "caller", "password": "x"}, caller=None),
    row("empty-fields", "POST", LOGIN, 401, WRONG, body={"username": "", "password": ""}, caller=None),
    row("nul-in-the-name", "POST", LOGIN, 401, WRONG, body={"username": "a\0<user>", "password": "\0"}, caller=None),
    row("half-an-emoji", "POST", LOGIN, 401, WRONG, body=r'{"username":"\ud83d<user>","password":"x"}', caller=None),
    row("get", "GET", LOGIN, 405, error("only POST is answered here"), caller=None),
]  # fmt: skip

CHECKS = [
    row("ok", "GET", CHECK, 200, {"username": "demo", "role": "YALO_ROLE"}),
    row("of-the-group", "GET", CHECK, 200, {"username": "caller", "role": "YALO_ROLE"}, caller="caller"),
    row("salesforce-role", "GET", CHECK, 200, {"username": "desk", "role": "SALESFORCE_ROLE"}, caller="desk"),
    row("no-role", "GET", CHECK, 403, INVALID, caller="stranger"),
    row("nothing", "GET", CHECK, 401, ABSENT, caller=None),
    row("empty-query", "GET", f"{CHECK}?token=", 401, ABSENT, caller=None),
    row("query", "GET", f"{CHECK}?token=<caller>", 200, {"username": "caller", "role": "YALO_ROLE"}, caller=None),
    row("wrong-query", "GET", f"{CHECK}?token=x", 401, INVALID, caller=None),
    row("lower-case-bearer", "GET", CHECK, 401, MALFORMED, **shows("bearer <demo>")),
    row("no-scheme", "GET", CHECK, 401, MALFORMED, **shows("<demo>")),
    row("two-spaces", "GET", CHECK, 401, MALFORMED, **shows("Bearer  <demo>")),
    row("three-parts", "GET", CHECK, 401, MALFORMED, **shows("Bearer <demo> x")),
    row("basic", "GET", CHECK, 401, MALFORMED, **shows("Basic eDp5")),
    row("malformed-is-not-rescued", "GET", f"{CHECK}?token=<demo>", 401, MALFORMED, **shows("Token <demo>")),
    row("wrong-is-not-rescued", "GET", f"{CHECK}?token=<demo>", 401, INVALID, **shows("Bearer x")),
    row("tampered", "GET", CHECK, 401, INVALID, **shows("Bearer x<demo>")),
    row("cut", "GET", CHECK, 401, INVALID, **shows("Bearer a:b:c")),
    row("of-the-old-service", "GET", CHECK, 401, INVALID, **shows(f"Bearer {OLD_JWT}")),
    row("not-ascii", "GET", CHECK, 401, INVALID, **shows("Bearer ñ")),
]

OTHERS = [
    ("POST", "/v1/chats/connect"),
    ("DELETE", "/v1/chat/finish/1"),
    ("GET", "/v1/context/1"),
    ("POST", "/v1/integrations/webhook/register/whatsapp"),
    ("DELETE", "/v1/integrations/webhook/remove/whatsapp"),
]


@pytest.mark.parametrize("row", LOGINS)
def test_logging_in(doors: Doors, row: Row) -> None:
    doors.holds(row)


@pytest.mark.parametrize("row", CHECKS)
def test_a_token_is_checked(doors: Doors, row: Row) -> None:
    doors.holds(row)


@pytest.mark.parametrize(("method", "path"), OTHERS)
def test_the_api_is_for_yalos_role_alone(doors: Doors, method: str, path: str) -> None:
    doors.holds(Row(method, path, 403, INVALID, b"{}", caller="desk"))
    doors.holds(Row(method, path, 403, INVALID, b"{}", caller="stranger"))
    doors.holds(Row(method, path, 401, ABSENT, b"{}", caller=None))


def test_who_guesses_passwords_has_to_wait_and_nobody_else(doors: Doors) -> None:
    guess = Row("POST", "/v1/authenticate", 401, WRONG, {"username": "g-<user>", "password": "x"}, caller=None)
    for _ in range(10):
        doors.holds(guess)
    answer = doors.send(guess)
    assert (answer.status_code, answer.json()) == (429, error("too many failed log-ins; wait 5 minutes"))
    doors.holds(Row("POST", LOGIN, 200, a_token, {"username": "caller", "password": PASSWORD}, caller=None))


async def test_a_token_ends_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now - product.LASTS - 1)
    token = signing.dumps({"u": "demo", "h": "0" * 16}, salt=product.SALT)
    monkeypatch.undo()
    request = RequestFactory().get("/", headers={"Authorization": f"Bearer {token}"})
    with pytest.raises(Unauthenticated, match="^Invalid Authorization token.$"):
        await product.caller(request)
