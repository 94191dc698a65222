"""With real processes: a web process is killed after Salesforce made the case and before it heard so."""

import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests

from simulator.demo_stage import SeveralBots
from simulator.stage import BotCaller

PATIENCE = 60  # seconds; the reservation of a dead starter lasts ten


@pytest.fixture
def stage() -> Iterator[SeveralBots]:
    with SeveralBots(workers=1) as stage:
        yield stage


def test_a_worker_goes_on_where_a_killed_web_process_stood(stage: SeveralBots) -> None:
    world, bot, user = stage.world, BotCaller(stage.url), "5215512340001"
    world.ask("POST", "/faults", {"on": "create", "key": "Case", "kind": "slow", "seconds": 60, "times": 1})

    def ask() -> None:
        with suppress(requests.RequestException):
            bot.connect(user, "Ana", email="ana@example.org")

    caller = threading.Thread(target=ask)
    caller.start()
    assert len(world.ask("GET", "/org/records/Case", until=1, timeout=PATIENCE)["records"]) == 1
    stage.web.kill()
    caller.join(PATIENCE)
    [chat] = world.ask("GET", "/chats", until=1, timeout=PATIENCE)["chats"]
    told = world.user(user, until_received=1, timeout=PATIENCE)["texts"]
    assert told == ["Esperando un agente"]
    [contact], [case] = (world.ask("GET", f"/org/records/{kind}")["records"] for kind in ("Contact", "Case"))
    tied = {detail["label"]: detail["value"] for detail in world.chat(chat["id"])["prechat_details"]}
    assert tied == {"ContactId": contact["Id"], "CaseId": case["Id"]}
