"""PostgreSQL holds the configuration: it dies and returns, and who talks does not notice."""

import re
from collections.abc import Iterator

import pytest
import requests

from simulator.postgres_server import PostgresServer
from simulator.processes import until
from simulator.stage import LOGIN, BotCaller, Stage
from tests.postgres import postgres_or_skip
from tests.story.conversation import Conversation


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    with postgres_or_skip() as server:
        yield server


@pytest.fixture
def on_postgres(postgres: PostgresServer) -> Iterator[Stage]:
    with Stage(workers=2, environment={"DATABASE_URL": postgres.url}) as stage:
        yield stage


def test_postgres_dies_and_returns_while_people_talk(on_postgres: Stage, postgres: PostgresServer) -> None:
    stage = on_postgres
    talk = Conversation(stage, BotCaller(stage.url), "5215500000002")
    talk.connect()
    talk.accept()
    talk.say("antes")
    talk.answer("antes")
    assert talk.whole()

    chief = logged_in(stage)
    postgres.crash()
    missed = until("the probe says it", lambda: not_ready(stage), stage.processes)
    assert missed["database"] == "does not answer"
    assert requests.get(f"{stage.url}/readyz?of=process", timeout=30).status_code == 200  # with what was read last
    for word in ("uno", "dos"):
        talk.say(f"mientras {word}")
        talk.answer(f"mientras {word}")
    assert talk.whole()

    page = chief.get(f"{stage.url}/admin/", headers={"Accept-Language": "es"}, timeout=30)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "La base de datos no responde" in page.text
    until("the figures say it", lambda: database_up(stage) == 0, stage.processes)

    postgres.start()
    stage.until_ready()
    until("the figures say that it is back", lambda: database_up(stage) == 1, stage.processes)
    talk.say("después")
    talk.answer("después")
    assert talk.whole()
    fresh = Conversation(stage, BotCaller(stage.url), "5215500000003")
    fresh.connect()
    fresh.accept()
    fresh.say("hola")
    assert fresh.whole()
    assert chief.get(f"{stage.url}/admin/", timeout=30).status_code == 200
    assert "Traceback" not in stage.web.log.read_text()
    assert [process.name for process in stage.processes if not process.alive()] == []


def logged_in(stage: Stage) -> requests.Session:
    """A browser in the console."""
    browser = requests.Session()
    page = browser.get(f"{stage.url}/admin/login/", timeout=30)
    [token] = re.findall(r'csrfmiddlewaretoken" value="([^"]+)', page.text)
    form = {"csrfmiddlewaretoken": token, "username": LOGIN[0], "password": LOGIN[1], "next": "/admin/"}
    assert browser.post(f"{stage.url}/admin/login/", form, allow_redirects=False, timeout=30).status_code == 302
    return browser


def database_up(stage: Stage) -> float:
    [told] = re.findall(
        r"^bridge_database_up (\S+)$", requests.get(f"{stage.url}/metrics", timeout=30).text, re.MULTILINE
    )
    return float(told)


def not_ready(stage: Stage) -> dict[str, object] | None:
    answer = requests.get(f"{stage.url}/readyz", timeout=30)
    found: dict[str, object] = answer.json()
    return found if answer.status_code == 503 else None
