"""One stage for all doors; every test has a user of its own, so that none depends on another."""

import itertools
import random
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pytest
import requests

from tests.http.cases import Row, as_json, encoded, filled, fits
from tests.http.stage import BOT, LOGINS, SECRETS, Street

people = itertools.count(random.randrange(10**6) * 1000)


def marked(road: str) -> dict[str, str]:
    """Headers that lead a webhook there: Django alone knows what to make of such a name."""
    return {} if road == "plain" else {"X_Road": road}


class Doors:
    """Knocks as one user's bot and platform do."""

    def __init__(self, street: Street, tokens: dict[str, str], user: str, road: str = "plain") -> None:
        self.street, self.url, self.tokens, self.user = street, street.url, tokens, user
        self.marked = marked(road)

    @cached_property
    def words(self) -> dict[str, str]:
        return {"user": self.user, "secret": self.street.webhook_secret, "page": SECRETS["demo-fb"], **self.tokens}

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Any = None, **more: Any
    ) -> requests.Response:
        headers = {**(headers or {}), **self.marked}
        return requests.request(
            method, self.url + path, data=body, headers=headers, timeout=30, allow_redirects=False, **more
        )

    def send(self, row: Row) -> requests.Response:
        headers = filled(row.headers or {}, self.words)
        if row.caller and "Authorization" not in headers:
            headers["Authorization"] = f"Bearer {self.tokens[row.caller]}"
        body = encoded(filled(row.body, self.words))
        return self.ask(row.method, filled(row.path, self.words), body, headers=headers)

    def holds(self, row: Row) -> None:
        """Sends it, and compares what came back."""
        answer = self.send(row)
        got = as_json(answer)
        assert answer.status_code == row.status, got
        wanted = row.wanted if callable(row.wanted) else filled(row.wanted, self.words)
        assert fits(wanted, got), got

    def api(self, method: str, path: str, body: Any = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.tokens['demo']}"}
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=60)

    def context(self, bot: str = BOT) -> Any:
        return self.api("GET", f"/v1/context/{self.user}?bot={bot}").json()

    def connect(self, bot: str = BOT, **more: object) -> requests.Response:
        provider = "whatsapp" if bot == BOT else "facebook"
        wish = {"userID": self.user, "name": "Ana", "provider": provider, "botSlug": bot, "botId": "1",
                "email": "ana@example.org"}  # fmt: skip
        return self.api("POST", "/v1/chats/connect", wish | more)

    def finish(self, bot: str = BOT) -> requests.Response:
        return self.api("DELETE", f"/v1/chat/finish/{self.user}?bot={bot}")

    def tells(self, body: object, bot: str = BOT) -> requests.Response:
        """The platform's webhook, authenticated."""
        secret = self.street.webhook_secret if bot == BOT else SECRETS.get(bot, "")
        url = f"{self.url}/v1/bots/{bot}/webhook?token={secret}"
        return requests.post(url, json=body, headers=self.marked, timeout=30)


@pytest.fixture(scope="package")
def street() -> Iterator[Street]:
    with Street() as street:
        yield street
        assert not failures(street.web.log.read_text(errors="replace"))


@pytest.fixture(scope="package")
def tokens(street: Street) -> dict[str, str]:
    found = {}
    for name, (username, password) in LOGINS.items():
        body = {"username": username, "password": password}
        found[name] = requests.post(f"{street.url}/v1/authenticate", json=body, timeout=30).json()["token"]
    return found


@pytest.fixture
def road(request: pytest.FixtureRequest) -> str:
    """How a webhook is read: "plain", or by "Django"; `both_roads` for tests that hold for either."""
    return getattr(request, "param", "plain")


both_roads = pytest.mark.parametrize("road", ["plain", "Django"], indirect=True)


@pytest.fixture
def doors(street: Street, tokens: dict[str, str], road: str) -> Iterator[Doors]:
    street.world.ask("DELETE", "/faults")
    doors = Doors(street, tokens, f"5217{next(people):09}", road)
    yield doors
    street.world.ask("DELETE", "/faults")


def failures(log: str) -> list[str]:
    """What went wrong inside the web process; that a Host header was refused is written with a traceback too."""
    lines = log.splitlines()
    return [
        "\n".join(lines[n - 1 : n + 60])
        for n, line in enumerate(lines)
        if line.startswith("Traceback") and "[django.security." not in lines[n - 1]
    ]
