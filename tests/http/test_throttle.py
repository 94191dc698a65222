"""Guessing passwords: counted before they are looked at, by who asks, and at nobody else's cost."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.contrib.auth.hashers import make_password
from redis import Redis

from simulator.processes import until
from tests.http.conftest import failures
from tests.http.stage import CALLERS, PASSWORD, Street, caller

LOGIN = "/v1/authenticate"
WAIT = "too many failed log-ins; wait 5 minutes"
OLD_LINE = ("--no-access-log",)  # without --no-proxy-headers: the server reads X-Forwarded-For for itself
QUICK = {"DJANGO_SETTINGS_MODULE": "tests.http.quick_hashing"}


class Throttled(Street):
    """With callers whose passwords are hashed in no time, where a web process knows such hashes."""

    def fixture(self) -> list[dict[str, object]]:
        password = make_password(PASSWORD, hasher="md5")
        quick = enumerate(CALLERS.items(), 100)
        return [
            *super().fixture(),
            *(caller(pk, f"quick-{name}", groups, password) for pk, (name, groups) in quick),
        ]


@pytest.fixture(scope="module")
def plain() -> Iterator[Street]:
    with Throttled() as street:
        yield street
        assert not failures(street.web.log.read_text(errors="replace"))


@pytest.fixture(params=[Street.server_options, OLD_LINE], ids=["", "on-the-old-line"], scope="module")
def direct(request: pytest.FixtureRequest, plain: Street) -> Iterator[Street]:
    with plain.beside(server_options=request.param, **QUICK) as street:
        yield street


@pytest.fixture(params=[Street.server_options, OLD_LINE], ids=["", "on-the-old-line"], scope="module")
def proxied(request: pytest.FixtureRequest, plain: Street) -> Iterator[Street]:
    with plain.beside(server_options=request.param, TRUSTED_PROXIES="127.0.0.1", **QUICK) as street:
        yield street


@pytest.fixture(autouse=True)
def nobody_has_tried(plain: Street) -> None:
    """All these web processes count together."""
    assert plain.redis
    with Redis.from_url(plain.redis.url) as redis:
        if names := [*redis.scan_iter("*attempts*")]:
            redis.delete(*names)


def login(street: Street, name: str, password: str, address: str = "") -> requests.Response:
    return requests.post(
        street.url + LOGIN, json={"username": name, "password": password}, timeout=200,
        headers={"X-Forwarded-For": address} if address else {},
    )  # fmt: skip


def at_once(count: int, street: Street, name: str, password: str) -> Counter[int]:
    with ThreadPoolExecutor(count) as crowd:
        return Counter(crowd.map(lambda _: login(street, name, password).status_code, range(count)))


def test_of_forty_simultaneous_guesses_ten_are_looked_at(plain: Street) -> None:
    assert at_once(40, plain, "desk", "guess") == {401: 10, 429: 30}
    answer = login(plain, "desk", PASSWORD)
    assert (answer.status_code, answer.json()) == (429, {"ErrorDescription": WAIT})
    assert 0 < int(answer.headers["Retry-After"]) <= 300


def test_who_knows_the_password_may_ask_many_times_at_once(plain: Street) -> None:
    assert at_once(12, plain, "caller", PASSWORD) == {200: 12}


@pytest.mark.parametrize("spelling", ["stranger", "STRANGER"])
def test_a_forged_address_does_not_begin_anew(direct: Street, spelling: str) -> None:
    told = [login(direct, spelling, "guess", f"203.0.113.{n}").status_code for n in range(10)]
    told += [login(direct, spelling, "guess", f"203.0.113.7, 2001:db8:{n}::1").status_code for n in range(3)]
    assert told[-3:] == [429] * 3
    assert set(told) <= {401, 429}


def test_a_webhook_and_a_call_do_not_wait_for_those_who_log_in(plain: Street) -> None:
    """Every log-in costs 0.2 s of hashing; a webhook whose configuration is old has to ask SQL."""
    token = login(plain, "caller", PASSWORD).json()["token"]
    hook = f"{plain.url}/v1/bots/open-fb/webhook"
    body = {"authorRole": "user", "botId": "open-fb", "message": {"object": "page", "entry": []}}
    began = time.monotonic()
    until("the configuration is old", lambda: time.monotonic() - began > 5.5, [plain.web])
    with ThreadPoolExecutor(12) as crowd:
        guesses = [crowd.submit(login, plain, f"nobody-{n}", "guess") for n in range(12)]
        until("some are looked at", lambda: any(each.done() for each in guesses), [plain.web])
        assert requests.post(hook, json=body, timeout=30).status_code == 200
        show = {"Authorization": f"Bearer {token}"}
        assert requests.get(f"{plain.url}/v1/tokens/check", headers=show, timeout=30).status_code == 200
        assert requests.get(f"{plain.url}/readyz", timeout=30).status_code == 200
        assert sum(each.done() for each in guesses) < len(guesses)
    assert {each.result().status_code for each in guesses} <= {401, 429}


def test_behind_a_proxy_one_address_does_not_lock_out_another(proxied: Street) -> None:
    guesser, bot = "198.51.100.1", "198.51.100.2"
    for n in range(10):
        assert login(proxied, "quick-caller", "guess", f"192.0.2.{n}, {guesser}").status_code == 401
    assert login(proxied, "quick-caller", PASSWORD, guesser).status_code == 429
    assert login(proxied, "quick-caller", PASSWORD, f"{guesser}, {bot}").status_code == 200
    assert login(proxied, "quick-caller", "guess", "10.9.9.9, " + guesser).status_code == 429


def test_behind_a_proxy_a_neighbour_of_the_same_subscriber_is_the_same(proxied: Street) -> None:
    for n in range(10):
        assert login(proxied, "quick-desk", "guess", f"2001:db8:5:5::{n}").status_code == 401
    assert login(proxied, "quick-desk", PASSWORD, "2001:db8:5:5:ffff::1").status_code == 429
    assert login(proxied, "quick-desk", PASSWORD, "[2001:db8:5:6::1]:4711").status_code == 200
