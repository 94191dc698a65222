"""What only WhatsApp's Cloud API has, between real processes: set-up, users' names, files behind a token, limits."""

import hashlib
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import requests

from simulator.configuration import CLOUD_BOT, LOGIN, PAGE_BOT, Row, login, org
from simulator.graph.accounts import CLOUD_TOKEN, NUMBER, PAGE, WABA
from simulator.processes import manage
from simulator.sample_media import photo
from simulator.stage import ROOT
from tests.story.meta import MetaStage, Talk

people = itertools.count(random.randrange(10**6) * 100)


class CloudStage(MetaStage):
    """With contacts and cases; its bots list no host of files, and Meta can be told where the bridge is."""

    more = {"media_hosts": []}
    keeps_records = True

    def environment(self) -> dict[str, str]:
        return super().environment() | {"PUBLIC_URL": self.url}

    def fixture(self) -> list[Row]:
        return [org(self.world.url, **login(self.world.url)), *super().fixture()[1:]]


@pytest.fixture(scope="module")
def stage() -> Iterator[CloudStage]:
    with CloudStage(workers=2) as stage:
        yield stage


@pytest.fixture
def rules(stage: CloudStage) -> Iterator[Callable[..., None]]:
    before = stage.world.ask("GET", "/rules")
    yield lambda **wanted: stage.world.ask("PUT", "/rules", wanted)
    stage.world.ask("PUT", "/rules", before)


@pytest.fixture
def talk(stage: CloudStage) -> Iterator[Talk]:
    """With a user who has just written; the bot has not asked for a human yet."""
    talk = Talk(stage, stage.bot, CLOUD_BOT, f"5217{next(people):09}")
    talk.say("antes")
    yield talk
    stage.world.ask("DELETE", "/faults")
    if talk.chat:
        stage.world.act(talk.chat, "end")


def test_a_number_is_told_where_its_webhooks_go(stage: CloudStage) -> None:
    url = f"{stage.url}/v1/bots/{CLOUD_BOT}/webhook"
    manage(stage.env, ["subscribe", CLOUD_BOT], cwd=stage.release)
    assert url in str(stage.world.ask("GET", "/graph")["subscriptions"]["numbers"])
    manage(stage.env, ["subscribe", CLOUD_BOT, "--remove"], cwd=stage.release)
    assert url not in str(stage.world.ask("GET", "/graph")["subscriptions"]["numbers"])


def test_from_an_empty_app_one_command_leads_to_the_first_chat(stage: CloudStage) -> None:
    """Nobody clicks in Meta's dashboard; Check says what is missing before it, and nothing after it."""
    missing = "nothing that users say arrives"
    stage.world.ask("DELETE", "/graph/subscriptions")
    assert (
        doctor(stage).count(missing) == 4
    )  # the account and the field of the one, the page and the app of the other
    manage(stage.env, ["subscribe", CLOUD_BOT], ["subscribe", PAGE_BOT], cwd=stage.release)
    assert missing not in doctor(stage)
    talk = Talk(stage, stage.bot, CLOUD_BOT, f"5217{next(people):09}")
    talk.say("hola")
    talk.connect()
    talk.accept()
    talk.answer("¿En qué ayudo?")
    assert talk.received() == talk.answered
    stage.world.act(talk.chat, "end")


GUIDES = {"whatsapp-cloud": (CLOUD_BOT, NUMBER), "messenger-platform": (PAGE_BOT, PAGE)}


def commands(guide: str, first: str) -> str:
    """Those of a guide from this word on, as they stand there."""
    page = (ROOT / f"docs/{guide}.md").read_text()
    [block] = re.findall(rf"^ {{7}}({re.escape(first)}.*?)\n\n", page, re.DOTALL | re.MULTILINE)
    return textwrap.dedent(" " * 7 + block)


def shell(script: str, **environment: str) -> str:
    if not all(map(shutil.which, ("bash", "curl"))):
        pytest.skip("needs bash and curl")
    known = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(["bash", "-euc", script], env=known, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guides_own_commands_open_the_first_chat(stage: CloudStage, guide: str) -> None:
    slug, account = GUIDES[guide]
    user = f"5217{next(people):09}"
    script = commands(guide, "TOKEN=")
    for there, here in (
        ("5215587650001", user), ("7766554433221100", user), ("<slug>", slug), ("<phone number id>", account),
        ("<page id>", account), ('"username": "…"', f'"username": "{LOGIN[0]}"'),
        ('"password": "…"', f'"password": "{LOGIN[1]}"'),
    ):  # fmt: skip
        script = script.replace(there, here)
    assert shell(script, BRIDGE=stage.url) == '{"Message": "Chat created succefully"}'
    assert requests.delete(f"{stage.url}/v1/chat/finish/{user}?bot={slug}", headers=stage.bot.headers, timeout=30).ok


def test_the_guides_command_subscribes_the_app_to_the_account(stage: CloudStage) -> None:
    script = commands("whatsapp-cloud", "curl -X POST").replace("<account id>", WABA)
    script = script.replace("https://graph.facebook.com", stage.world.url)
    assert json.loads(shell(script, API_TOKEN=CLOUD_TOKEN)) == {"success": True}


def doctor(stage: CloudStage) -> str:
    program = [sys.executable, "manage.py", "doctor"]
    return subprocess.run(program, cwd=stage.release, env=stage.env, capture_output=True, text=True).stdout


def test_doctor_asks_meta(stage: CloudStage) -> None:
    told = doctor(stage)
    assert "Meta serves 525500001111 (Tienda), quality GREEN" in told
    assert "the webhook secret is the App secret" in told
    assert f"Meta sends this number's webhooks to {urlsplit(stage.url).netloc}" in told


def test_to_how_many_users_the_business_may_write_first_is_a_figure(stage: CloudStage) -> None:
    numbers = stage.world.ask("GET", "/graph")["setup"]["numbers"]  # which a worker may ask meanwhile
    for told, figure in (("TIER_10K", "10000.0"), ("TIER_UNLIMITED", "+Inf")):
        stage.world.ask("PUT", "/graph", {"numbers": [row | {"tier": told} for row in numbers]})
        value = {"display_phone_number": "525500001111", "event": "UPGRADE", "current_limit": told}
        wish = {"field": "phone_number_quality_update", "value": value}
        stage.world.ask("POST", f"/graph/accounts/{NUMBER}/tell", wish)
        metrics = requests.get(f"{stage.url}/metrics", timeout=30).text
        assert f'bridge_platform_reach{{bot="{CLOUD_BOT}"}} {figure}\n' in metrics


def test_what_is_no_text_is_told_in_words(talk: Talk) -> None:
    talk.connect()
    talk.accept()
    asked = talk.say("¿Y mi pedido?\nEs el 123")["id"]
    talk.say("Zócalo", type="location")
    talk.say("Sí", type="button", more={"payload": "SI"})
    talk.say("", type="flow", more={"response_json": '{"flow_token":"t","talla":"M"}'})
    talk.say("❤️", type="reaction", quotes=asked)
    talk.say("listo")
    told = "\n".join(talk.heard(9))
    for words in ("¿Y mi pedido?\nEs el 123", "[ubicación] Zócalo", "Sí", "talla: M", "↪ ", "[reacción] ❤️", "listo"):
        before, found, told = told.partition(words)
        assert found, (words, told)
        assert "{" not in before


def test_an_id_goes_into_the_field_that_meta_takes_today(
    stage: CloudStage, talk: Talk, rules: Callable[..., None]
) -> None:
    """Some numbers take a BSUID as `recipient`, others as `to`; and it may change while a worker runs."""
    id = f"MX.{next(people)}abd"
    stage.world.ask("PUT", f"/graph/people/{talk.user}", {"number": None, "user_id": id, "username": "otro"})
    talk.say("hola")
    talk.connect(user=id)
    talk.accept()
    talk.answer("uno")
    assert talk.received() == ["uno"]
    rules(cloud_user_id_goes_in="to")
    talk.answer("dos")
    assert talk.received() == ["uno", "dos"]
    rules(cloud_user_id_goes_in="recipient")
    talk.answer("tres")
    assert talk.received() == ["uno", "dos", "tres"]


def test_a_bot_may_spell_a_number_in_its_own_way(talk: Talk) -> None:
    """Section 10: WhatsApp says 521…, the bot 52…."""
    talk.connect(user=f"52{talk.user.removeprefix('521')}")
    talk.accept()
    talk.say("¿me leen?")
    assert talk.heard(3)[-1] == "¿me leen?"
    talk.answer("Sí, la leo")
    assert talk.received() == ["Sí, la leo"]


def test_a_file_that_only_the_token_opens_goes_onto_the_case(stage: CloudStage, talk: Talk) -> None:
    medium = stage.world.shelve("caja.png", "image", "image/png", photo())
    talk.connect()
    talk.accept()
    talk.say("la caja rota", media=medium["id"])
    talk.heard(3)
    details = stage.world.chat(talk.chat)["prechat_details"]
    case = next(detail["value"] for detail in details if detail["label"] == "CaseId")
    files = stage.world.ask("GET", "/org/files", record=case, until=1, timeout=60)["files"]
    assert [file["sha256"] for file in files] == [hashlib.sha256(photo()).hexdigest()]


@pytest.mark.parametrize("kind", ["drop", "status_after"])
def test_a_send_that_gets_no_answer_is_neither_lost_nor_shown_twice(stage: CloudStage, talk: Talk, kind: str) -> None:
    """`drop`: Meta took nothing, so no status shows it, and it is sent again after the wait."""
    talk.connect()
    talk.accept()
    fault = {"on": "cloud_send", "kind": kind, "times": 1} | ({"status": 502} if kind == "status_after" else {})
    stage.world.ask("POST", "/faults", fault)
    talk.answer("uno")
    talk.answer("dos")
    assert talk.received() == ["uno", "dos"]
    assert talk.thread()["twice"] == []


def test_a_user_to_whom_meta_slows_us_down_loses_nothing(talk: Talk, rules: Callable[..., None]) -> None:
    rules(cloud_pair_burst=2, cloud_pair_seconds=0.5)
    talk.connect()
    talk.accept()
    for n in range(8):
        talk.answer(f"línea {n}")
    assert talk.received() == talk.answered
