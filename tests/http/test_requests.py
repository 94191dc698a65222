"""Requests that are odd before anybody reads them get a sentence; the log has neither them nor a traceback."""

import json
import socket
from http.client import HTTPResponse

import pytest

from simulator.processes import until
from tests.http.cases import as_json, error
from tests.http.conftest import Doors, failures
from tests.http.stage import BOT

ELSEWHERE = ["10.42.0.17:8000", "[fd00::17]:8000", "elsewhere.example.org", "web", "a_b", "é"]
DEEP = 600


def knock(doors: Doors, head: str, body: bytes = b"") -> tuple[int, bytes]:
    """A request as it is written; gives status and body."""
    host, port = doors.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=15) as wire:
        wire.sendall(head.encode("latin-1") + b"\r\n\r\n" + body)
        answer = HTTPResponse(wire, method=head.split(" ", 1)[0])
        answer.begin()
        return answer.status, answer.read()


def log_of(doors: Doors) -> str:
    return doors.street.web.log.read_text(errors="replace")


@pytest.mark.parametrize("host", ELSEWHERE)
def test_probes_and_metrics_answer_whatever_the_host(doors: Doors, host: str) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        for method in ("GET", "HEAD"):
            status, _ = knock(doors, f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close")
            assert status == 200, (method, path)
    refused = error("this host name is not answered here")
    for path in ("/v1/welcome", f"/v1/bots/{BOT}/webhook", "/v1/nowhere", "/healthz/x"):
        status, body = knock(doors, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close")
        if path.startswith("/v1/"):
            assert (status, json.loads(body)) == (400, refused), path
        else:
            assert status in (400, 404), path


def test_a_probe_needs_no_host_at_all(doors: Doors) -> None:
    assert knock(doors, "GET /healthz HTTP/1.0")[0] == 200


PARAMETERS = "&".join(f"p{n}=1" for n in range(1001))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/integrations/whatsapp/webhook"),
        ("POST", "/v1/integrations/facebook/webhook"),
        ("POST", f"/v1/bots/{BOT}/webhook"),
        ("GET", f"/v1/bots/{BOT}/webhook"),
        ("GET", "/v1/context/1"),
        ("DELETE", "/v1/chat/finish/1"),
        ("POST", "/v1/integrations/webhook/register/whatsapp"),
        ("GET", "/v1/tokens/check"),
    ],
)
def test_a_thousand_and_one_parameters_are_a_sentence(doors: Doors, method: str, path: str) -> None:
    show = {} if path.endswith(("webhook", "check")) else {"Authorization": f"Bearer {doors.tokens['demo']}"}
    answer = doors.ask(method, f"{path}?{PARAMETERS}", headers=show)
    assert (answer.status_code, as_json(answer)) == (400, error("the address has too many parameters"))


def test_the_console_takes_no_thousand_and_one_parameters_either(doors: Doors) -> None:
    before = len(log_of(doors))
    https = {"X-Forwarded-Proto": "https"}
    assert doors.ask("GET", f"/admin/login/?{PARAMETERS}", headers=https).status_code in (200, 400)
    fields = {f"p{n}": "1" for n in range(1001)}
    answer = doors.ask("POST", "/admin/login/", "&".join(f"{name}=1" for name in fields).encode(),
                       headers=https | {"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert answer.status_code in (400, 403)
    assert not failures(log_of(doors)[before:])


@pytest.mark.parametrize("path", ["/ws/nothing/", "/v1/welcome", f"/v1/bots/{BOT}/webhook?token=s3cret", "/admin/",
                                  "/v1/context/5215587650001"])  # fmt: skip
def test_a_websocket_on_any_path_is_a_sentence(doors: Doors, path: str) -> None:
    before = len(log_of(doors))
    head = (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    )
    status, body = knock(doors, head)
    assert (status, json.loads(body)) == (404, error("no WebSocket is answered here"))
    doors.ask("GET", "/healthz")
    said = log_of(doors)[before:]
    assert not failures(said)
    assert "s3cret" not in said
    assert "5215587650001" not in said


def test_the_boards_websocket_is_for_its_own_pages(doors: Doors) -> None:
    head = (
        "GET /ws/board/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    )
    for origin, sentence in (
        ("https://evil.example", "the board is shown to its own pages only"),
        ("http://localhost", "log in as somebody who may see the board"),
    ):
        status, body = knock(doors, f"{head}\r\nOrigin: {origin}")
        assert (status, json.loads(body)) == (403, error(sentence))


@pytest.mark.parametrize("upgrade", ["websocket", "h2c"])
@pytest.mark.parametrize(
    "framing", ["Content-Length: 2\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"]
)
def test_a_body_behind_an_upgrade_is_not_taken_for_an_empty_one(doors: Doors, upgrade: str, framing: str) -> None:
    """The server stops reading there; Java's client asks for h2c with every request over plain HTTP."""
    head = (
        f"POST /v1/authenticate HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: {upgrade}\r\n{framing}"
    )
    status, body = knock(doors, head)
    if upgrade == "websocket":
        assert (status, json.loads(body)) == (404, error("no WebSocket is answered here"))
    else:
        sentence = "the body did not come with the request: do not ask for an Upgrade"
        assert (status, json.loads(body)) == (400, error(sentence))


def test_an_upgrade_without_a_body_does_not_matter(doors: Doors) -> None:
    head = "GET /v1/welcome HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c"
    assert knock(doors, head)[0] == 200


@pytest.mark.parametrize("path", ["/healthz/", "/readyz/", "/metrics/", "/healthz//"])
def test_a_probe_with_a_slash_too_many_is_moved(doors: Doors, path: str) -> None:
    status, _ = knock(doors, f"GET {path} HTTP/1.1\r\nHost: 10.42.0.17:8000\r\nConnection: close")
    assert status == 301
    answer = doors.ask("GET", path)
    assert answer.headers["Location"] == path.rstrip("/")


def nested(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


BODIES = {
    "/v1/authenticate": '{"username": "demo", "password": %s}',
    "/v1/chats/connect": '{"userID": "<user>", "name": "Ana", "provider": "whatsapp", "botSlug": "demo-bot", '
    '"botId": "1", "email": "a@example.org", "extraData": %s}',
    "/v1/integrations/whatsapp/webhook?bot=demo-bot&token=<secret>": '{"id": "d", "timestamp": "1772000000123", '
    '"type": "text", "from": "<user>", "text": {"body": "x"}, "more": %s}',
    "/v1/integrations/facebook/webhook?bot=demo-fb&token=<page>": '{"authorRole": "user", "botId": "tienda-fb", '
    '"message": {"entry": []}, "more": %s}',
    "/v1/bots/demo-fb/webhook?token=<page>": '{"authorRole": "user", "botId": "tienda-fb", "message": {"entry": []}, '
    '"more": %s}',
}


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("levels", [101, DEEP, 990, 5000])
def test_json_nested_too_deeply_is_a_sentence_at_every_door(doors: Doors, path: str, levels: int) -> None:
    body = BODIES[path] % nested(levels)
    for word, own in doors.words.items():
        path, body = path.replace(f"<{word}>", own), body.replace(f"<{word}>", own)
    answer = doors.ask("POST", path, body.encode(), headers={"Authorization": f"Bearer {doors.tokens['demo']}"}
                       if "connect" in path else {})  # fmt: skip
    assert (answer.status_code, answer.json()) == (400, error("Invalid payload received : nested too deeply"))
    assert doors.context() is None


def test_extra_data_may_be_nested_as_deeply_as_anybody_does(doors: Doors) -> None:
    assert doors.connect(extraData=json.loads(nested(90))).status_code == 200
    assert doors.finish().status_code == 200


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "9" * 5000])
def test_a_number_that_is_none_is_a_sentence_at_every_door(doors: Doors, number: str) -> None:
    for path, body in BODIES.items():
        body = body % number
        for word, own in doors.words.items():
            path, body = path.replace(f"<{word}>", own), body.replace(f"<{word}>", own)
        show = {"Authorization": f"Bearer {doors.tokens['demo']}"} if "connect" in path else {}
        answer = doors.ask("POST", path, body.encode(), headers=show)
        assert answer.status_code == 400, path
        assert answer.json()["ErrorDescription"].startswith("Invalid payload received : "), path


def test_an_address_or_a_head_without_end_is_a_sentence(doors: Doors) -> None:
    answer = doors.ask("GET", "/v1/welcome?" + "x" * 9000)
    assert (answer.status_code, answer.json()) == (414, error("the address is longer than 8 KB"))
    answer = doors.ask("GET", "/v1/welcome", headers={f"X-{n}": "x" * 6000 for n in range(11)})
    assert (answer.status_code, answer.json()) == (431, error("the headers are larger than 64 KB"))


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/v1/chats/finish/5215512340000", "no-such-call"),
        ("/v1/chat/finish/5215512340000", "finish"),
        ("/v1/context/5215512340000", "context"),
        ("/v1/bots/5215512340000/webhook", "webhook"),
        ("/5215512340000", "none"),
        ("/v1/%1b%5b31m5215512340000%0a", "no-such-call"),
        ("/admin/interconnections/bot/5215512340000/change/", "admin:interconnections_bot_change"),
    ],
)
def test_the_access_line_names_the_route_and_not_what_was_asked(doors: Doors, path: str, route: str) -> None:
    before = len(log_of(doors))
    doors.ask("GET", path)
    web = [doors.street.web]
    until("the line is written", lambda: f"route={route} " in log_of(doors)[before:], web)
    said = log_of(doors)[before:]
    assert "5215512340000" not in said
    assert "\x1b[31m" not in said
    assert "\\x1b" not in said
