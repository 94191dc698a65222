"""PostgreSQL holds the configuration: it dies and returns, and who talks does not notice."""

import re
from collections.abc import Iterator

import pytest
import requests

from simulator.postgres_server import PostgresServer
from simulator.processes import until
from simulator.stage import BotCaller, Stage
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

    postgres.crash()
    missed = until("the probe says it", lambda: not_ready(stage), stage.processes)
    assert missed["database"] == "does not answer"
    assert requests.get(f"{stage.url}/readyz?of=process", timeout=30).status_code == 200  # with what was read last
    for word in ("uno", "dos"):
        talk.say(f"mientras {word}")
        talk.answer(f"mientras {word}")
    assert talk.whole()

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
    assert [process.name for process in stage.processes if not process.alive()] == []


def database_up(stage: Stage) -> float:
    [told] = re.findall(
        r"^bridge_database_up (\S+)$", requests.get(f"{stage.url}/metrics", timeout=30).text, re.MULTILINE
    )
    return float(told)


def not_ready(stage: Stage) -> dict[str, object] | None:
    answer = requests.get(f"{stage.url}/readyz", timeout=30)
    found: dict[str, object] = answer.json()
    return found if answer.status_code == 503 else None
