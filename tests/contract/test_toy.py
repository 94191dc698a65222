"""A platform is one folder and one line: a toy keeps the contract, and carries a chat through real processes."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from interconnections.platforms import PLATFORMS
from interconnections.webhook_request import WebhookRequest
from simulator.processes import until
from tests.contract.conftest import KEY, SECRET, TOY_BOT, ToyServer, ToyStage
from tests.contract.platforms import USER, PlatformContract
from tests.contract.toy import LIMIT, Toy

PATIENCE = 30  # seconds that anything may take to arrive


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def event(id: str, text: str, kind: str = "text") -> dict[str, str]:
    return {"from": USER, "id": id, "kind": kind, "text": text}


class TestToy(PlatformContract):
    name, provider, ways, carries_id = "toy", "whatsapp", ("signature",), True

    @pytest.fixture(autouse=True)
    def its_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(PLATFORMS, "toy", Toy)

    def webhook(self, text: str, id: str) -> object:
        return {"events": [event(id, text)]}

    def proof(self, body: bytes, way: str, secret: str) -> WebhookRequest:
        return WebhookRequest(signed(body, secret), {}, body)

    def shown(self, asked: Any) -> str:
        return str(asked.body["text"])


def tell(stage: ToyStage, *events: dict[str, str], secret: str = SECRET) -> requests.Response:
    body = json.dumps({"events": events}).encode()
    url = f"{stage.url}/v1/bots/{TOY_BOT}/webhook"
    return requests.post(url, body, headers=signed(body, secret), timeout=30)


@pytest.fixture
def chat(stage: ToyStage, toy: ToyServer) -> Iterator[str]:
    caller = stage.bot
    assert caller.connect(USER, "Ana", botSlug=TOY_BOT).status_code == 200
    name = str(stage.world.ask("GET", "/chats")["chats"][-1]["id"])
    stage.world.act(name, "accept")
    stage.world.chat(name, until_heard=1, timeout=PATIENCE)  # the welcome
    yield name
    assert caller.finish(USER).status_code in (200, 404)  # the agent may have ended it
    stage.world.chat(name, until_status="ended", timeout=PATIENCE)


def test_a_chat_goes_both_ways(stage: ToyStage, toy: ToyServer, chat: str) -> None:
    assert tell(stage, event("1", "hola"), event("2", "¿está?"), event("3", "rojo", "poll")).status_code == 200
    assert tell(stage, event("2", "¿está?"), event("4", "¿sí?")).status_code == 200  # 2 is known
    heard = stage.world.chat(chat, until_heard=5, timeout=PATIENCE)["heard"]
    assert heard[1:] == ["hola", "¿está?", "[poll] rojo", "¿sí?"]

    stage.world.act(chat, "typing")
    until("typing is shown", lambda: toy.typing, stage.processes)
    toy.failures[:] = [503]
    words, before = "Claro que sí. " * 9 + "¿Azul?", len(toy.said)
    stage.world.act(chat, "say", text=words)
    until("all is said", lambda: toy.said and toy.said[-1]["text"].endswith("¿Azul?"), stage.processes)
    assert "".join("".join(each["text"] for each in toy.said[before:]).split()) == "".join(words.split())
    assert all(len(each["text"]) <= LIMIT and each["to"] == USER for each in toy.said)
    assert len({each["ref"] for each in toy.said}) == len(toy.said)
    assert not toy.refused


def test_its_bot_gets_its_user_back(stage: ToyStage, chat: str) -> None:
    stage.world.act(chat, "end")
    states = stage.world.user(USER, until_states=1, timeout=PATIENCE)["states"]
    assert states[-1]["state"] == "from-sf-success"


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"events": 1}'])
def test_what_it_cannot_read_is_refused_with_a_sentence(stage: ToyStage, body: bytes) -> None:
    url = f"{stage.url}/v1/bots/{TOY_BOT}/webhook"
    answer = requests.post(url, body, headers=signed(body), timeout=30)
    assert answer.status_code == 400
    assert answer.json()["ErrorDescription"]


def test_only_who_proves_it_is_heard(stage: ToyStage) -> None:
    assert tell(stage, event("9", "x"), secret="another").status_code == 403
    url = f"{stage.url}/v1/bots/{TOY_BOT}/webhook"
    assert requests.post(url, json={"events": []}, timeout=30).status_code == 401
    query = {"hub.mode": "subscribe", "hub.verify_token": "agreed", "hub.challenge": "42"}
    assert requests.get(url, query, timeout=30).text == "42"


def test_it_is_told_where_its_webhook_is(stage: ToyStage, toy: ToyServer) -> None:
    headers = stage.bot.headers
    url = f"{stage.url}/v1/integrations/webhook/register/whatsapp?bot={TOY_BOT}"
    assert requests.post(url, headers=headers, timeout=30).status_code == 200
    assert toy.registered == [{"url": f"https://bridge.example.org/v1/bots/{TOY_BOT}/webhook"}]
    assert KEY not in json.dumps(toy.registered)
