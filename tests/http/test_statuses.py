"""Every row of the paper's table: what a webhook is answered, whatever came and however we are."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import redis
import requests
from cryptography.fernet import Fernet

from simulator.processes import until
from simulator.stage import ROOT
from tests.http.conftest import both_roads, marked
from tests.http.stage import SECRETS, Street

PAPER = (ROOT / "docs/platforms.md").read_text().split("## What a webhook is answered", 1)[1]


class Roads(Street):
    marked: dict[str, str] = {}  # headers that lead a webhook by one road or the other


Trouble = Callable[[Roads], AbstractContextManager[None]]
Ask = Callable[[Roads], requests.Response]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in PAPER.splitlines() if line.startswith("| ")
][1:]
FACEBOOK = "/v1/integrations/facebook/webhook"


@pytest.fixture(scope="module")
def street() -> Iterator[Roads]:
    with Roads() as street:
        yield street


def said(mid: str = "m") -> dict[str, object]:
    item = {"sender": {"id": "u1"}, "recipient": {"id": "p"}, "timestamp": 1772000010000,
            "message": {"mid": mid, "text": "hola"}}  # fmt: skip
    return {"authorRole": "user", "botId": "x", "message": {"object": "page", "entry": [{"messaging": [item]}]}}


def hook(street: Roads, slug: str = "demo-fb", *, token: str | None = None, **more: object) -> requests.Response:
    token = SECRETS.get(slug, "") if token is None else token
    sent = {"json": said(), "headers": {}} | more
    sent["headers"] = sent["headers"] | street.marked  # type: ignore[operator]
    return requests.post(f"{street.url}/v1/bots/{slug}/webhook", params={"token": token}, timeout=30, **sent)  # type: ignore[arg-type]


def whatsapp(street: Roads, body: dict[str, str]) -> requests.Response:
    return hook(street, "demo-bot", token=street.webhook_secret, json=body)


@contextmanager
def other_keys(street: Roads) -> Iterator[None]:
    before = street.env["ENCRYPTION_KEYS"]
    try:
        _restart(street, Fernet.generate_key().decode())
        yield
    finally:
        _restart(street, before)


def _restart(street: Roads, keys: str) -> None:
    street.web.stop()
    street.env |= {"ENCRYPTION_KEYS": keys}
    street.start_web()
    until("it answers", lambda: _alive(street), [street.web])


def _alive(street: Roads) -> bool:
    try:
        return requests.get(f"{street.url}/healthz", timeout=5).ok
    except requests.ConnectionError:
        return False


@contextmanager
def no_bots_in_sql(street: Roads) -> Iterator[None]:
    """And everybody has noticed."""
    database = sqlite3.connect(Path(street.directory) / "bridge.sqlite3", timeout=30)
    try:
        _rename(database, "interconnections_bot", "away")
        until("it was noticed", lambda: hook(street, "new-bot", token="x").status_code == 503, [street.web])
        yield
    finally:
        _rename(database, "away", "interconnections_bot")
        database.close()
        until("it was noticed", lambda: hook(street, "new-bot", token="x").status_code != 503, [street.web])


def _rename(database: sqlite3.Connection, before: str, after: str) -> None:
    database.execute(f"ALTER TABLE {before} RENAME TO {after}")
    database.commit()


@contextmanager
def no_memory(street: Roads) -> Iterator[None]:
    assert street.redis is not None
    with redis.Redis.from_url(street.redis.url) as server:  # as nobody of the bridge's
        server.config_set("maxmemory", "1")
        try:
            yield
        finally:
            server.config_set("maxmemory", "0")


@contextmanager
def no_redis(street: Roads) -> Iterator[None]:
    assert street.redis
    street.redis.kill()
    try:
        yield
    finally:
        street.redis.start()


def secret_missing(street: Roads) -> requests.Response:
    """`loaddata` takes a bot whose secret is empty; no form would."""
    database = sqlite3.connect(Path(street.directory) / "bridge.sqlite3", timeout=30)
    slug = "closed-fb"
    [before] = database.execute("SELECT webhook_secret FROM interconnections_bot WHERE slug=?", (slug,)).fetchone()
    try:
        _set_secret(database, slug, "")
        until("it was noticed", lambda: hook(street, slug).status_code != 200, [street.web])
        return hook(street, slug)
    finally:
        _set_secret(database, slug, before)
        database.close()
        until("it was noticed", lambda: hook(street, slug).status_code == 200, [street.web])


def _set_secret(database: sqlite3.Connection, slug: str, sealed: str) -> None:
    database.execute("UPDATE interconnections_bot SET webhook_secret=? WHERE slug=?", (sealed, slug))
    database.commit()


def while_(trouble: Trouble, ask: Ask) -> Ask:
    def asked(street: Roads) -> requests.Response:
        with trouble(street):
            return ask(street)

    return asked


SITUATIONS: dict[str, Ask] = {
    "something new": lambda street: hook(street, json=said("new")),
    "the same again": lambda street: [hook(street, json=said("again")) for _ in range(2)][1],
    "a type that is skipped": lambda street: whatsapp(street, {"id": "s", "type": "status"}),
    "no JSON": lambda street: hook(street, json=None, data=b"{"),
    "JSON of another shape": lambda street: hook(street, json=[said()]),
    "several bots, none named": lambda street: requests.post(
        f"{street.url}{FACEBOOK}?token={SECRETS['demo-fb']}", json=said(), headers=street.marked, timeout=30
    ),
    "a wrong Host": lambda street: hook(street, headers={"Host": "elsewhere.example.org"}),
    "nothing shown": lambda street: hook(street, token=""),
    "a wrong secret": lambda street: hook(street, token="guess"),
    "a slug that is no bot's": lambda street: hook(
        street, "nobody", token="guess", headers={"X-Hub-Signature-256": "guess"}
    ),
    "another method": lambda street: requests.put(
        f"{street.url}{FACEBOOK}", json=said(), headers=street.marked, timeout=30
    ),
    "a body over 3 MB": lambda street: hook(street, json=None, data=b"x" * (3 * 1024 * 1024 + 1)),
    "a secret that no key opens": while_(other_keys, hook),
    "a bot's secret is missing": secret_missing,
    "a new bot, while SQL is away": while_(no_bots_in_sql, lambda street: hook(street, "new-bot", token="x")),
    "a known bot, while SQL is away": while_(no_bots_in_sql, lambda street: hook(street, json=said("sql"))),
    "Redis is out of memory": while_(no_memory, lambda street: hook(street, json=said("full"))),
    "Redis is away": while_(no_redis, lambda street: hook(street, json=said("away"))),
}


def test_every_row_is_played() -> None:
    assert [row[0] for row in ROWS] == list(SITUATIONS)


@pytest.mark.parametrize(("situation", "status"), [(row[0], int(row[1])) for row in ROWS])
@both_roads
def test_a_webhook_is_answered_as_the_paper_says(street: Roads, road: str, situation: str, status: int) -> None:
    street.marked = marked(road)
    answer = SITUATIONS[situation](street)
    assert answer.status_code == status, answer.text
    told = answer.json()
    assert list(told) == (["Message"] if status == 200 else ["ErrorDescription"])
    if status == 503:
        assert int(answer.headers["Retry-After"]) > 0
    verb = next(row[2] for row in ROWS if row[0] == situation)
    assert verb == {2: "forgets it", 4: "does not repeat it", 5: "sends it again"}[status // 100]
    assert not re.search(r"Traceback|File \"", answer.text)


CALLS = [
    ("POST", "/v1/authenticate", {"username": "caller", "password": "a good long password"}),
    ("POST", "/v1/chats/connect", {"userID": "1", "name": "A", "provider": "facebook", "botSlug": "demo-fb",
                                   "botId": "1", "email": "a@example.org"}),
    ("DELETE", "/v1/chat/finish/1", None),
    ("GET", "/v1/context/1", None),
]  # fmt: skip


@pytest.mark.parametrize("trouble", [no_memory, no_redis], ids=["no-memory", "no-redis"])
def test_a_call_is_asked_for_again_while_the_store_is_away(street: Roads, trouble: Trouble) -> None:
    login = {"username": "caller", "password": "a good long password"}
    token = requests.post(f"{street.url}/v1/authenticate", json=login, timeout=30).json()["token"]
    for method, path, body in CALLS:
        with trouble(street):
            answer = requests.request(
                method, street.url + path, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=60
            )
        goes_on = trouble is no_memory and not path.endswith("connect")  # only what begins something needs memory
        assert answer.status_code in ((200, 404) if goes_on else (503,)), (path, answer.text)
        if not goes_on:
            assert int(answer.headers["Retry-After"]) > 0
