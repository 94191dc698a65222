"""The console's log-in: as bound as the API's, in the reader's language, and open while Redis is away."""

import re

import pytest
from django.test import Client

from interconnections.admin import login as console
from interconnections.throttle import Counts
from tests.admin.conftest import person

URL = "/admin/login/?next=/admin/"
RIGHT = "long enough"


@pytest.fixture
def ada(db):
    return person("ada")


def tries(password, *, name="ada", address="192.0.2.1", **more):
    form = {"username": name, "password": password}
    return Client(REMOTE_ADDR=address).post(URL, form, **more)


def guesses(count, **more):
    for _ in range(count):
        page = tries("guess", **more)
    return page.content.decode()


def test_after_ten_failures_the_right_password_waits_too(ada, small):
    assert "Please enter the correct username" in guesses(10)
    page = tries(RIGHT)
    assert page.status_code == 200
    assert "Too many failed log-ins. Wait 5 minutes." in page.content.decode()
    assert tries(RIGHT, address="192.0.2.2").headers["Location"] == "/admin/"


def test_a_right_password_begins_anew(ada, small):
    for _ in range(3):
        guesses(9)
        assert tries(RIGHT).status_code == 302


def test_who_is_no_staff_is_counted_and_told_no_more(ada, small):
    ada.is_staff = False
    ada.save()
    assert all("Please enter the correct username" in tries(RIGHT).content.decode() for _ in range(10))
    assert "Too many failed log-ins" in tries(RIGHT).content.decode()


def test_a_claimed_address_does_not_begin_anew(ada, small):
    for n in range(10):
        tries("guess", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")
    assert "Too many" in tries(RIGHT, HTTP_X_FORWARDED_FOR="203.0.113.99").content.decode()


def test_behind_a_proxy_of_ours_the_address_is_the_readers(ada, small, settings):
    settings.TRUSTED_PROXIES = ["192.0.2.1"]
    for _ in range(10):
        tries("guess", HTTP_X_FORWARDED_FOR="203.0.113.1")
    assert "Too many" in tries(RIGHT, HTTP_X_FORWARDED_FOR="203.0.113.1").content.decode()
    assert tries(RIGHT, HTTP_X_FORWARDED_FOR="203.0.113.2").status_code == 302


def test_console_and_api_count_together(ada, small):
    names = set()
    tries("guess")
    names |= set(small.scan_iter("*attempts*"))
    assert len(names) == 3
    assert all(re.fullmatch(rb"[0-9a-f]{16,}", name.rpartition(b":")[2]) for name in names)  # digests, never a name


def test_an_empty_field_is_no_try(ada, small):
    for _ in range(12):
        tries("")
        tries("guess", name="")
    assert not list(small.scan_iter("*attempts*"))
    assert tries(RIGHT).status_code == 302


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("es-MX", "Demasiados intentos fallidos. Espera 5 minutos."),
     ("pt-BR", "Muitas tentativas sem sucesso. Espere 5 minutos.")],
)  # fmt: skip
def test_it_is_said_in_the_readers_language(ada, small, language, sentence):
    guesses(10)
    assert sentence in tries(RIGHT, headers={"Accept-Language": language}).content.decode()


def test_while_redis_is_away_supervisors_get_in_and_guesses_are_bound(ada, away, monkeypatch):
    monkeypatch.setattr(console, "_own_counts", Counts())
    assert tries(RIGHT).status_code == 302
    guesses(10)
    assert "Too many failed log-ins" in tries(RIGHT).content.decode()
    assert tries(RIGHT, address="192.0.2.2").status_code == 302


def test_more_at_once_than_there_are_processors_wait_and_then_are_told(ada, small, monkeypatch):
    monkeypatch.setattr(console, "AT_ONCE", 0.01)
    held = 0
    while console._hashing.acquire(blocking=False):
        held += 1
    try:
        assert "Too many log-ins at once" in tries(RIGHT).content.decode()
    finally:
        for _ in range(held):
            console._hashing.release()
    assert tries(RIGHT).status_code == 302
