"""A phone with a bot in it: writing, the bot's answers, the wish for a human and its end."""

from __future__ import annotations

import asyncio

import pytest

from tests.pages.conftest import NUMBER

WRITE, ASK, FINISH = (f"/users/{NUMBER}/{verb}" for verb in ("write", "ask", "finish"))


async def screen(sim, number=NUMBER):
    return (await sim.do("GET", f"/phones/{number}"))["screen"]


def texts(lines, side="note"):
    return [line["text"] for line in lines if line["side"] == side]


async def test_the_bot_answers_only_when_the_request_says_so(sim, bridge):
    await sim.do("POST", WRITE, {"text": "hola"})
    assert bridge.said() == [("user", "hola")]
    await sim.do("POST", WRITE, {"text": "hola", "bot": True})
    assert [who for who, _ in bridge.said()] == ["user", "user", "bot"]
    assert "soy el bot" in bridge.said()[-1][1]


@pytest.mark.parametrize("text", ["agente", "¡Quiero un AGENTE, ya!", "pásame con una persona"])
async def test_writing_the_word_asks_too(sim, bridge, text):
    await sim.do("POST", WRITE, {"text": text, "bot": True})
    assert [name for name, _ in bridge.calls][-1] == "POST /v1/chats/connect"
    await sim.do("POST", WRITE, {"text": "¿hola?", "bot": True})
    assert bridge.said()[-1] == ("user", "¿hola?"), "the bot is silent once a human was asked for"


async def test_asking_does_what_a_bot_would_do(sim, bridge):
    assert await sim.do("POST", ASK, {}) == {"status": 200, "body": {}}
    name, wish = bridge.calls[-1]
    assert name == "POST /v1/chats/connect"
    assert wish["userID"] == NUMBER
    assert (wish["name"], wish["email"]) == ("Ana Torres", "ana.torres@example.org")
    assert (wish["provider"], wish["botSlug"], wish["botId"]) == ("whatsapp", "tienda", "525500009999")
    assert "The bridge opened a chat at Salesforce" in texts(await screen(sim))


async def test_a_wish_may_say_more(sim, bridge):
    more = {"name": "Eva", "email": "eva@example.org", "extraData": {"motivo": "pedido"}}
    await sim.do("POST", ASK, more)
    wish = bridge.calls[-1][1]
    assert {name: wish[name] for name in more} == more


async def test_the_state_gives_the_bot_its_user_back(sim, bridge):
    await sim.do("POST", ASK)
    assert (await sim.do("GET", f"/phones/{NUMBER}"))["with_bot"] is False
    state = {"userId": NUMBER, "state": "from-sf-success", "message": ""}
    await sim.ask("POST", "/tienda/send-to", json=state)
    phone = await sim.do("GET", f"/phones/{NUMBER}")
    assert phone["with_bot"] is True
    assert "The bot has its user back: from-sf-success" in texts(phone["screen"])


async def test_a_chat_that_another_asked_for_is_known_by_what_the_bridge_says(sim, bridge):
    body = {"id": "1", "type": "text", "userId": NUMBER, "text": {"body": "Esperando un agente"}}
    await sim.ask("POST", "/api/outgoing_webhook/bots/b/messages", json=body, headers={"Authorization": "Bearer x"})
    assert (await sim.do("GET", f"/phones/{NUMBER}"))["with_bot"] is False
    await sim.do("POST", WRITE, {"text": "¿hola?", "bot": True})
    assert bridge.said() == [("user", "¿hola?")], "the bot is silent"
    await sim.ask("POST", "/tienda/send-to", json={"userId": NUMBER, "state": "from-sf-success", "message": ""})
    assert (await sim.do("GET", f"/phones/{NUMBER}"))["with_bot"] is True


async def test_a_phone_may_talk_to_a_bot_of_its_own(sim, bridge):
    bots = [{"slug": "tienda", "provider": "whatsapp", "bot_id": "1"}]
    await sim.do("PUT", "/stage", {"bots": [*bots, {"slug": "banco", "provider": "facebook", "bot_id": "2"}]})
    await sim.do("PUT", "/platform", {"webhook": {"banco": f"{bridge.url}/webhook"}})
    await sim.do("PUT", "/phones/5599", {"name": "Sofía", "provider": "facebook", "bot": "banco"})
    await sim.do("POST", "/users/5599/write", {"text": "hola"})
    assert bridge.calls[-1][1]["provider"] == "facebook"
    await sim.do("POST", "/users/5599/ask")
    wish = bridge.calls[-1][1]
    assert (wish["botSlug"], wish["botId"], wish["provider"]) == ("banco", "2", "facebook")
    await sim.do("POST", "/users/5599/finish")
    assert bridge.calls[-1][0] == "DELETE /v1/chat/finish/5599?bot=banco"
    await sim.do("POST", WRITE, {"text": "hola"}, expect=409)  # the other bot has no webhook


@pytest.mark.parametrize(("status", "with_bot"), [(500, True), (400, True), (409, False)])
async def test_a_bridge_that_says_no_is_quoted(sim, bridge, status, with_bot):
    bridge.connect = status
    answer = await sim.do("POST", ASK)
    assert answer == {"status": status, "body": {"ErrorDescription": "so it is"}}
    assert f"The bridge said no: {status}: so it is" in texts(await screen(sim))
    assert (await sim.do("GET", f"/phones/{NUMBER}"))["with_bot"] is with_bot


async def test_a_wrong_login_is_the_answer(sim, bridge):
    bridge.password = "changed"
    assert (await sim.do("POST", ASK))["status"] == 401


async def test_a_bridge_that_is_not_there_is_no_answer(sim, bridge):
    await sim.do("PUT", "/stage", {"api": "http://127.0.0.1:9"})
    assert (await sim.do("POST", ASK))["status"] is None


@pytest.mark.parametrize("path", [ASK, FINISH])
async def test_without_the_stage_there_is_nobody_to_ask(sim, path):
    answer = await sim.do("POST", path, expect=409)
    assert "PUT /sim/stage" in answer["error"]


async def test_finish_names_user_and_bot(sim, bridge):
    await sim.do("POST", "/users/a%2Fb/finish")
    assert bridge.calls[-1] == ("DELETE /v1/chat/finish/a%2Fb?bot=tienda", None)


async def test_a_failed_message_is_sent_again_under_its_id(sim, bridge):
    bridge.webhook = 503
    first = await sim.do("POST", WRITE, {"text": "hola", "bot": True})
    (line,) = [line for line in await screen(sim) if line["side"] == "user"]
    assert (line["status"], line["answers"]) == ("failed", [503])
    bridge.webhook = 200
    again = await sim.do("POST", WRITE, {"again": first["id"]})
    assert (again["id"], again["status"]) == (first["id"], 200)
    (line,) = [line for line in await screen(sim) if line["side"] == "user"]
    assert line["status"] == "taken"
    await sim.do("POST", WRITE, {"again": "WA.none"}, expect=404)


async def test_a_picture_goes_as_the_platform_sends_it(sim, bridge):
    headers = {"Content-Type": "image/png"}
    taken = (await sim.ask("POST", "/sim/media?name=f.png", data=b"x", headers=headers)).json
    await sim.do("POST", WRITE, {"media": taken["id"], "text": "mira"})
    webhook = bridge.calls[-1][1]
    assert webhook["type"] == "image"
    assert webhook["image"] == {"url": taken["url"], "mimeType": "image/png", "caption": "mira"}
    assert (await screen(sim))[-1]["media"]["id"] == taken["id"]


async def test_whoever_goes_away_does_not_stop_what_he_began(sim, bridge):
    asking = asyncio.create_task(sim.do("POST", ASK))
    bridge.meanwhile = asking.cancel
    with pytest.raises(asyncio.CancelledError):
        await asking
    async with sim.http.ws_connect(f"{sim.url}/sim/live") as socket:
        while "The bridge opened a chat at Salesforce" not in texts(await screen(sim)):
            await socket.receive_json(timeout=10)


async def test_the_phone_book(sim):
    await sim.do("PUT", "/phones/5215599", {"name": "  Íñigo  "})
    phones = {phone["id"]: phone["name"] for phone in (await sim.do("GET", "/phones"))["phones"]}
    assert phones["5215599"] == "Íñigo"
    assert NUMBER in phones
    assert (await sim.do("GET", "/ledger"))["users"].keys() == {"5215599"}, "looking makes no users"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/phones/5215599", {}),
        ("PUT", "/phones/5215599", {"name": " "}),
        ("PUT", "/phones/a b", {"name": "x"}),
        ("PUT", "/phones/5215599", {"name": "x", "provider": "pigeon"}),
        ("POST", WRITE, {}),
        ("POST", WRITE, {"text": " "}),
        ("POST", WRITE, {"text": "x" * 20_001}),
        ("POST", WRITE, {"text": "x", "bot": "yes"}),
        ("POST", ASK, {"name": 5}),
        ("POST", ASK, {"extraData": []}),
        ("PUT", "/stage", {"login": ["one"]}),
        ("PUT", "/stage", {"api": "javascript:1"}),
        ("PUT", "/stage", {"bot": 5}),
        ("PUT", "/stage", {"bots": "x"}),
        ("PUT", "/stage", {"bots": [{"slug": "x", "bot_id": "1"}]}),
        ("PUT", "/stage", {"bots": [{"slug": "x", "bot_id": "1", "provider": "pigeon"}]}),
    ],
)
async def test_nonsense_is_answered_with_a_sentence(sim, method, path, body):
    assert (await sim.do(method, path, body, expect=400))["error"].endswith(".")


async def test_a_reset_empties_the_screens_and_keeps_names_and_stage(sim, bridge):
    await sim.do("PUT", "/phones/5215599", {"name": "Íñigo"})
    await sim.do("POST", ASK)
    await sim.do("POST", "/reset")
    assert await screen(sim) == []
    assert (await sim.do("GET", f"/phones/{NUMBER}"))["with_bot"] is True
    assert (await sim.do("GET", "/phones/5215599"))["name"] == "Íñigo"
    assert (await sim.do("GET", "/stage"))["bot"] == "tienda"


async def test_an_agents_text_carries_the_agents_name(sim, bridge):
    visitor = await sim.active(visitorName="Ana Torres")
    await visitor.agent("say", text="Soy Luz")
    body = {"id": "1", "type": "text", "userId": NUMBER, "text": {"body": "Soy Luz"}}
    await sim.ask("POST", "/api/outgoing_webhook/bots/b/messages", json=body, headers={"Authorization": "Bearer x"})
    assert (await screen(sim))[-1]["name"] == "Luz R."
