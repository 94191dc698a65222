"""A user on Messenger talks with an agent: from the page's webhook to the Send API and back, state by Studio NG."""

from typing import Any

import pytest

from tests.http.conftest import Doors
from tests.http.stage import PAGE

PATIENCE = 30  # seconds that anything may take to arrive


@pytest.fixture
def chat(doors: Doors) -> str:
    world = doors.street.world
    hook = f"{doors.url}/v1/integrations/facebook/webhook?bot=demo-fb&token={doors.words['page']}"
    world.ask("PUT", "/platform", {"webhook": {"whatsapp": doors.street.webhook, "facebook": hook}})
    assert doors.connect("demo-fb").status_code == 200
    name = world.ask("GET", "/chats")["chats"][-1]["id"]
    world.act(name, "accept")
    world.chat(name, until_heard=1, timeout=PATIENCE)
    return str(name)


def say(doors: Doors, **what: Any) -> None:
    answer = doors.street.world.ask("POST", f"/users/{doors.user}/say", {"provider": "facebook", **what})
    assert [each["status"] for each in answer["answers"]] == [200]


def postback(doors: Doors) -> dict[str, Any]:
    item = {"sender": {"id": doors.user}, "recipient": {"id": PAGE}, "timestamp": 1772000010200,
            "postback": {"title": "Ayuda", "payload": "HELP"}}  # fmt: skip
    message = {"object": "page", "entry": [{"id": PAGE, "time": 1772000010600, "messaging": [item]}]}
    return {"authorRole": "user", "botId": "tienda-fb", "provider": "facebook", "message": message}


def test_a_user_of_a_page_talks_with_an_agent(doors: Doors, chat: str) -> None:
    world = doors.street.world
    say(doors, text="Hola 👋")
    say(doors, type="image", media={"url": "https://cdn.example.net/i.jpg"})
    say(doors, text="mira", type="file", media={"url": "https://cdn.example.net/f.pdf"})
    say(doors, raw=postback(doors))
    heard = world.chat(chat, until_heard=5, timeout=PATIENCE)["heard"]
    assert heard[1:] == [
        "Hola 👋",
        "[imagen]\nhttps://cdn.example.net/i.jpg",
        "mira\n[archivo]\nhttps://cdn.example.net/f.pdf",
        "Ayuda",
    ]
    world.act(chat, "say", text="¿En qué te ayudo? 😊")
    world.act(chat, "say", text="ñ" * 3000)
    received = world.user(doors.user, until_received=4, timeout=PATIENCE)["received"]
    assert [each["text"] for each in received] == [
        "Esperando un agente",
        "¿En qué te ayudo? 😊",
        "ñ" * 2000,
        "ñ" * 1000,
    ]
    assert {(each["channel"], each["bot"], each["type"]) for each in received} == {
        ("passthrough", "tienda-fb", "text")
    }
    assert all(each["id"].startswith("out-") for each in received)  # the platform's: ours sent none

    world.act(chat, "end")
    user = world.user(doors.user, until_states=1, timeout=PATIENCE)
    assert [(state["state"], state["via"]) for state in user["states"]] == [("from-sf-success", "studio_ng")]
    assert user["refusals"] == []
    assert doors.finish("demo-fb").status_code == 404


def test_the_bots_own_words_are_the_agents_context_and_not_the_users(doors: Doors) -> None:
    world = doors.street.world
    item = {"sender": {"id": PAGE}, "recipient": {"id": doors.user}, "timestamp": 1772000011000,
            "message": {"mid": f"m_b.{doors.user}", "text": "Te paso con un asesor"}}  # fmt: skip
    body = {"authorRole": "bot", "botId": "tienda-fb", "message": {"entry": [{"id": PAGE, "messaging": [item]}]}}
    doors.tells(body, "demo-fb")
    doors.connect("demo-fb")
    chat = world.ask("GET", "/chats")["chats"][-1]["id"]
    world.act(chat, "accept")
    heard = world.chat(chat, until_heard=2, timeout=PATIENCE)["heard"]
    assert heard[0].startswith("Contexto:\nBot [")
    assert "Te paso con un asesor" in heard[0]
    doors.finish("demo-fb")
