"""A key that we lost, a database that does not answer: our fault, so what was said has to come again (503)."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography.fernet import Fernet

from simulator.processes import until
from tests.http.conftest import both_roads, marked
from tests.http.stage import BOT, PAGE, SECRETS, VERIFY, Street

BODY = {"authorRole": "user", "botId": "x", "message": {"object": "page", "entry": []}}


@pytest.fixture(scope="module")
def street() -> Iterator[Street]:
    with Street() as street:
        street.web.stop()
        street.env |= {"ENCRYPTION_KEYS": Fernet.generate_key().decode()}  # those of before are gone
        street.start_web()
        until("it answers", lambda: answers(street), [street.web])
        yield street


def answers(street: Street) -> bool:
    try:
        return requests.get(f"{street.url}/healthz", timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.mark.parametrize(
    ("slug", "shown"),
    [
        ("demo-fb", {"params": {"token": SECRETS["demo-fb"]}}),
        ("demo-fb", {"headers": {"Authorization": "Bearer guess"}}),
        ("signed-fb", {"headers": {"X-Hub-Signature-256": "sha256=x"}}),
        (BOT, {"params": {"token": "x"}}),
    ],
)
@both_roads
def test_a_webhook_whose_secret_no_key_opens_is_sent_again(
    street: Street, road: str, slug: str, shown: dict[str, dict[str, str]]
) -> None:
    headers = shown.get("headers", {}) | marked(road)
    url = f"{street.url}/v1/bots/{slug}/webhook"
    answer = requests.post(url, json=BODY, timeout=10, headers=headers, params=shown.get("params"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "send it again" in answer.json()["ErrorDescription"]


@both_roads
def test_who_shows_nothing_is_still_told_to_show_something(street: Street, road: str) -> None:
    url = f"{street.url}/v1/bots/demo-fb/webhook"
    assert requests.post(url, json=BODY, timeout=10, headers=marked(road)).status_code == 401


def test_a_handshake_whose_token_no_key_opens_is_asked_again(street: Street) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": VERIFY}
    answer = requests.get(f"{street.url}/v1/bots/signed-fb/webhook", params=query, timeout=10)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_a_webhook_is_not_registered_with_a_secret_that_nobody_can_show(street: Street) -> None:
    login = {"username": "caller", "password": "a good long password"}
    token = requests.post(f"{street.url}/v1/authenticate", json=login, timeout=30).json()["token"]
    for method, what in (("POST", "register"), ("DELETE", "remove")):
        answer = requests.request(
            method, f"{street.url}/v1/integrations/webhook/{what}/facebook?bot=demo-fb", timeout=10,
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip
        assert answer.status_code == 500
        assert "no key of ENCRYPTION_KEYS opens" in answer.json()["ErrorDescription"]
    assert "facebook" not in street.world.ask("GET", "/platform")["registered"]


def test_while_the_database_cannot_be_read_nothing_is_called_unknown_or_wrong(street: Street) -> None:
    """The last snapshot serves on; what it does not hold may be new, and is asked for again."""
    login = {"username": "caller", "password": "a good long password"}
    token = requests.post(f"{street.url}/v1/authenticate", json=login, timeout=30).json()["token"]
    database = sqlite3.connect(Path(street.directory) / "bridge.sqlite3", timeout=30)
    tables = ("interconnections_bot", "auth_user")
    try:
        for table in tables:
            database.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
        database.commit()
        ask = {"headers": {"Authorization": f"Bearer {token}"}, "timeout": 30}

        def snapshot_is_old() -> bool:
            return (
                requests.post(f"{street.url}/v1/bots/new-bot/webhook?token=x", json=BODY, timeout=30).status_code
                == 503
            )

        until("the configuration was looked for in vain", snapshot_is_old, [street.web])
        assert requests.post(f"{street.url}/v1/bots/open-fb/webhook", json=BODY, timeout=30).status_code == 200
        for answer in (
            requests.post(f"{street.url}/v1/authenticate", json=login, timeout=30),
            requests.get(f"{street.url}/v1/tokens/check", **ask),  # type: ignore[arg-type]
            requests.get(f"{street.url}/v1/context/{PAGE}", **ask),  # type: ignore[arg-type]
            requests.delete(f"{street.url}/v1/chat/finish/{PAGE}", **ask),  # type: ignore[arg-type]
            requests.post(f"{street.url}/v1/chats/connect", json={}, **ask),  # type: ignore[arg-type]
        ):
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2"), answer.text
    finally:
        for table in tables:
            database.execute(f"ALTER TABLE {table}_away RENAME TO {table}")
        database.commit()
        database.close()
