"""Registration, probes, and addresses that are none (sections 2.1, 2.9 and 2.10)."""

from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.http.cases import Row, error, message, row
from tests.http.conftest import Doors
from tests.http.stage import BOT, LOGINS, PAGE, PUBLIC_URL, SECRETS

REGISTER, REMOVE = "/v1/integrations/webhook/register", "/v1/integrations/webhook/remove"


def registered(doors: Doors) -> Any:
    return doors.street.world.ask("GET", "/platform")["registered"]


def test_a_whatsapp_webhook_is_registered_and_removed(doors: Doors) -> None:
    text = "Register webhook success with provider : whatsapp"
    doors.holds(Row("POST", f"{REGISTER}/whatsapp", 200, message(text)))
    secret = quote(doors.words["secret"], safe="")
    assert registered(doors)["whatsapp"] == {
        "phone": "+525500009999",
        "webhook": f"{PUBLIC_URL}/v1/integrations/whatsapp/webhook?bot={BOT}&token={secret}",
        "provider": "whatsapp",
        "version": 0,
    }
    text = "Remove webhook success with provider : whatsapp"
    doors.holds(Row("DELETE", f"{REMOVE}/whatsapp", 200, message(text)))
    assert "whatsapp" not in registered(doors)


def test_a_messenger_webhook_is_registered_and_removed(doors: Doors) -> None:
    text = "Register webhook success with provider : facebook"
    doors.holds(Row("POST", f"{REGISTER}/facebook?bot=demo-fb", 200, message(text)))
    assert registered(doors)["facebook"] == {
        "phone": PAGE,
        "webhook": f"{PUBLIC_URL}/v1/integrations/facebook/webhook?bot=demo-fb&token={SECRETS['demo-fb']}",
        "provider": "facebook",
        "version": 3,
    }
    doors.holds(Row("DELETE", f"{REMOVE}/facebook?bot=demo-fb", 200, message(text.replace("Register", "Remove"))))
    assert "facebook" not in registered(doors)


@pytest.mark.parametrize("slug", ["open-fb", "signed-fb"])
def test_an_address_carries_no_secret_where_none_is_shown_in_it(doors: Doors, slug: str) -> None:
    doors.holds(Row("POST", f"{REGISTER}/messenger?bot={slug}", 200))
    assert registered(doors)["facebook"]["webhook"] == f"{PUBLIC_URL}/v1/integrations/facebook/webhook?bot={slug}"


SEVERAL = (
    "say which bot with ?bot= (demo-fb, signed-fb, open-fb, closed-fb, bounded-fb, misread-fb, meta-fb, paused-fb)"
)
REGISTRATIONS = [
    row("unknown-provider", "POST", f"{REGISTER}/sms", 500,
        error("error register webhook: there is no provider 'sms'")),
    row("remove-unknown-provider", "DELETE", f"{REMOVE}/sms", 500,
        error("error remove webhook: there is no provider 'sms'")),
    row("which-of-several", "POST", f"{REGISTER}/facebook", 409, error(f"error register webhook: {SEVERAL}")),
    row("remove-which-of-several", "DELETE", f"{REMOVE}/facebook", 409, error(f"error remove webhook: {SEVERAL}")),
    row("unknown-bot", "POST", f"{REGISTER}/whatsapp?bot=nobody", 404,
        error("there is no bot with the slug 'nobody'")),
    row("bot-of-another-provider", "POST", f"{REGISTER}/whatsapp?bot=demo-fb", 500,
        error("error register webhook: no bot is configured for whatsapp")),
    row("get", "GET", f"{REGISTER}/whatsapp", 405, error("only POST is answered here")),
    row("remove-by-post", "POST", f"{REMOVE}/whatsapp", 405, error("only DELETE is answered here")),
    row("no-provider", "POST", REGISTER, 404),
]  # fmt: skip


@pytest.mark.parametrize("row", REGISTRATIONS)
def test_a_registration_that_cannot_be(doors: Doors, row: Row) -> None:
    doors.holds(row)


@pytest.mark.parametrize("status", [400, 401, 404, 500, 200])
def test_a_platform_that_does_not_take_it_is_a_500_with_the_old_words(doors: Doors, status: int) -> None:
    for on, method, path in (("register", "POST", REGISTER), ("remove", "DELETE", REMOVE)):
        doors.street.world.ask("POST", "/faults", {"on": on, "kind": "status", "status": status, "times": 1})
        wanted = error(f"error {on} webhook: the platform did not take it (answered {status})")
        doors.holds(Row(method, f"{path}/whatsapp", 500, wanted))


def test_a_platform_that_hangs_up_is_a_500_too(doors: Doors) -> None:
    doors.street.world.ask("POST", "/faults", {"on": "register", "kind": "drop", "times": 1})
    doors.holds(Row("POST", f"{REGISTER}/whatsapp", 500, error("error register webhook: the platform …")))


PROBES = [
    row("welcome", "GET", "/v1/welcome", 200, message("Welcome to API!"), caller=None),
    row("welcome-by-post", "POST", "/v1/welcome", 405, error("only GET is answered here"), caller=None),
    row("healthz", "GET", "/healthz", 200, {"status": "alive"}, caller=None),
    row("healthz-head", "HEAD", "/healthz", 200, lambda body: body == "", caller=None),
    row("readyz", "GET", "/readyz", 200, {"status": "ready", "redis": "ok", "database": "ok", "workers": 1},
        caller=None),
    row("readyz-of-process", "GET", "/readyz?of=process", 200,
        {"status": "ready", "redis": "ok", "configuration": "ok"}, caller=None),
    row("readyz-head", "HEAD", "/readyz", 200, lambda body: body == "", caller=None),
    row("healthz-by-post", "POST", "/healthz", 405, error("only GET and HEAD are answered here"), caller=None),
    row("metrics", "GET", "/metrics", 200, lambda body: "bridge" in body, caller=None),
    row("metrics-by-post", "POST", "/metrics", 405, caller=None),
    row("welcome-head", "HEAD", "/v1/welcome", 405, caller=None),
    row("options", "OPTIONS", "/v1/chats/connect", 405),
    row("unknown-method", "BREW", "/v1/chats/connect", 400),  # by the server itself
    row("patch", "PATCH", "/v1/tokens/check", 405),
    row("unknown-path", "GET", "/v1/nowhere", 404),
    row("unknown-version", "GET", "/v2/welcome", 301),  # to https, as everything that is not for bots and probes
    row("profiler-of-the-old-service", "GET", "/v1/debug/pprof", 404),
    row("a-slug-that-is-none", "POST", "/v1/bots/a%20b/webhook", 404),
    row("two-slashes", "GET", "//v1/welcome", 301),
]  # fmt: skip


@pytest.mark.parametrize("row", PROBES)
def test_an_address(doors: Doors, row: Row) -> None:
    doors.holds(row)


def test_a_405_names_what_is_allowed(doors: Doors) -> None:
    assert doors.ask("GET", "/v1/chats/connect").headers["Allow"] == "POST"
    assert doors.ask("PUT", f"/v1/bots/{BOT}/webhook").headers["Allow"] == "POST, GET"


@pytest.mark.parametrize("path", ["/v1/welcome/", "/v1/tokens/check/", "/v1/context/<user>/", "/v1/nowhere/"])
def test_a_trailing_slash_moves_who_asks(doors: Doors, path: str) -> None:
    path = path.replace("<user>", doors.user)
    answer = doors.ask("GET", f"{path}?bot={BOT}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{path[:-1]}?bot={BOT}")


def test_a_trailing_slash_loses_neither_method_nor_body(doors: Doors) -> None:
    body = dict(zip(("username", "password"), LOGINS["caller"], strict=True))
    answer = requests.post(f"{doors.url}/v1/authenticate/", json=body, timeout=30)
    assert [each.status_code for each in answer.history] == [308]
    assert (answer.status_code, list(answer.json())) == (200, ["token"])


def test_answers_are_json_as_before(doors: Doors) -> None:
    for path in ("/v1/welcome", "/v1/tokens/check", "/v1/chats/connect"):
        assert doors.ask("GET", path).headers["Content-Type"] == "application/json"
