"""The Integrations API (Yalo §3.1)."""

from __future__ import annotations

import asyncio

import pytest

BEARER = {"Authorization": "Bearer a.bot.jwt"}
WHATSAPP, FACEBOOK = "/api/outgoing_webhook/bots/b1", "/api/passthrough/bots/b2"
TEXT = {"id": "k3v9", "type": "text", "userId": "5215", "text": {"body": "Hola, soy Leo de soporte"}}
MESSENGER = {
    "messaging_type": "RESPONSE",
    "recipient": {"id": "7766"},
    "message": {"text": "Hola, soy Leo"},
    "metadata": "YALOSOURCE:FIREHOSE",
}


async def send(sim, path, body, headers=BEARER):
    return await sim.ask("POST", f"{path}/messages", json=body, headers=headers)


async def test_a_text_reaches_its_user(sim):
    answer = await send(sim, WHATSAPP, TEXT)
    assert (answer.status, list(answer.json), list(answer.json["messages"][0])) == (200, ["messages"], ["id"])
    user = await sim.do("GET", "/users/5215?until_received=1")
    assert user["texts"] == ["Hola, soy Leo de soporte"]
    (message,) = user["received"]
    assert (message["id"], message["channel"], message["bot"]) == ("k3v9", "outgoing_webhook", "b1")


async def test_success_may_be_201(sim):
    await sim.rules(platform_status=201)
    assert (await send(sim, WHATSAPP, TEXT)).status == 201


async def test_a_messenger_text_reaches_its_user(sim):
    answer = await send(sim, FACEBOOK, MESSENGER)
    assert answer.status == 200
    user = await sim.do("GET", "/users/7766")
    assert user["texts"] == ["Hola, soy Leo"]
    assert user["received"][0]["id"] == answer.json["messages"][0]["id"]


@pytest.mark.parametrize("kind", ["image", "audio", "video", "document"])
async def test_media_are_named_like_their_type(sim, kind):
    media = {"url": "https://media.example.net/1", "caption": "la caja"}
    right = {"id": "m", "type": kind, "userId": "5215", kind: media}
    assert (await send(sim, WHATSAPP, right)).status == 200
    assert (await send(sim, WHATSAPP, {**right, kind: {"caption": "no url"}})).status == 400
    (message,) = (await sim.do("GET", "/users/5215"))["received"]
    assert (message["type"], message["media"], message["text"]) == (kind, media, None)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic x"}, {"Authorization": "Bearer "}])
async def test_a_bearer_token_is_required(sim, headers):
    assert (await send(sim, WHATSAPP, TEXT, headers)).status == 401


async def test_a_bot_may_have_a_token_of_its_own(sim):
    await sim.do("PUT", "/platform", {"bots": {"b1": "secret"}})
    assert (await send(sim, WHATSAPP, TEXT)).status == 401
    assert (await send(sim, WHATSAPP, TEXT, {"Authorization": "Bearer secret"})).status == 200


@pytest.mark.parametrize(
    "body",
    [
        {key: value for key, value in TEXT.items() if key != "id"},
        TEXT | {"id": ""},
        TEXT | {"userId": 5215},
        TEXT | {"type": "sticker"},
        TEXT | {"text": {}},
        TEXT | {"text": "x"},
        TEXT | {"text": {"body": ""}},
        TEXT | {"text": {"body": "x" * 4097}},
        MESSENGER,
    ],
)
async def test_whatsapp_bodies_are_checked(sim, body):
    assert (await send(sim, WHATSAPP, body)).status == 400


@pytest.mark.parametrize(
    "body",
    [
        {key: value for key, value in MESSENGER.items() if key != "messaging_type"},
        MESSENGER | {"recipient": {}},
        MESSENGER | {"message": {}},
        MESSENGER | {"message": {"text": ""}},
        MESSENGER | {"message": {"text": "x" * 2001}},
        MESSENGER | {"metadata": {}},
        TEXT,
    ],
)
async def test_messenger_bodies_are_checked(sim, body):
    assert (await send(sim, FACEBOOK, body)).status == 400


async def test_bad_json_no_json_and_unknown_channels_are_refused_with_an_object(sim):
    answer = await sim.ask("POST", f"{WHATSAPP}/messages", data="{", headers=BEARER)
    assert (answer.status, list(answer.json)) == (400, ["error"])
    headers = BEARER | {"Content-Type": "application/json"}
    assert (await sim.ask("POST", f"{WHATSAPP}/messages", data="[1]", headers=headers)).status == 400
    assert (await send(sim, "/api/pigeon/bots/b1", TEXT)).status == 404
    assert (await sim.ask("GET", f"{WHATSAPP}/messages", headers=BEARER)).status == 405


async def test_a_refusal_is_written_down_with_its_user(sim):
    await send(sim, WHATSAPP, TEXT | {"text": {}})
    (refusal,) = (await sim.do("GET", "/users/5215"))["refusals"]
    assert (refusal["status"], refusal["why"]) == (400, "text.body is required")


@pytest.mark.parametrize(("dedupe", "shown"), [(False, 2), (True, 1)])
async def test_a_repeated_id_is_counted_answered_the_same_and_by_switch_shown_once(sim, dedupe, shown):
    await sim.do("PUT", "/platform", {"dedupe": dedupe})
    first, second = await send(sim, WHATSAPP, TEXT), await send(sim, WHATSAPP, TEXT)
    assert first.json == second.json
    user = await sim.do("GET", "/users/5215")
    assert (len(user["texts"]), user["repeated_ids"]) == (shown, 1)


async def test_messenger_bodies_have_no_id_so_every_one_is_shown(sim):
    await sim.do("PUT", "/platform", {"dedupe": True})
    await send(sim, FACEBOOK, MESSENGER)
    await send(sim, FACEBOOK, MESSENGER)
    assert len((await sim.do("GET", "/users/7766"))["texts"]) == 2


async def test_a_question_waits_until_the_message_is_there(sim):
    waiting = asyncio.create_task(sim.do("GET", "/users/5215?until_received=1"))
    await send(sim, WHATSAPP, TEXT)
    assert (await waiting)["texts"] == ["Hola, soy Leo de soporte"]
    late = await sim.do("GET", "/users/5215?until_received=2&timeout=0.01")
    assert late["timed_out"] is True


async def test_a_webhook_is_registered_and_removed(sim):
    url = "https://bridge.example.org/v1/integrations/whatsapp/webhook"
    body = {"phone": "+525500009999", "webhook": url, "provider": "whatsapp", "version": 0}
    answer = await sim.ask("POST", f"{WHATSAPP}/healthcheck", json=body, headers=BEARER)
    assert answer.status == 201
    assert answer.json == {"bot_id": "b1", "channel": "outgoing_webhook", "webhook": url}
    assert (await sim.do("GET", "/platform"))["registered"] == {"whatsapp": body}
    removal = {"phone": "+525500009999", "provider": "whatsapp"}
    answer = await sim.ask("POST", f"{WHATSAPP}/remove", json=removal, headers=BEARER)
    assert (answer.status, answer.text) == (204, "")
    assert (await sim.do("GET", "/platform"))["registered"] == {}


@pytest.mark.parametrize("missing", ["phone", "webhook", "provider", "version"])
async def test_a_registration_has_four_fields(sim, missing):
    body = {"phone": "1", "webhook": "http://x", "provider": "facebook", "version": 3}
    del body[missing]
    assert (await sim.ask("POST", f"{FACEBOOK}/healthcheck", json=body, headers=BEARER)).status == 400


@pytest.mark.parametrize("path", ["healthcheck", "remove"])
async def test_registration_and_removal_need_a_token_and_a_known_provider(sim, path):
    body = {"phone": "1", "webhook": "http://x", "provider": "pigeon", "version": 3}
    assert (await sim.ask("POST", f"{FACEBOOK}/{path}", json=body)).status == 401
    assert (await sim.ask("POST", f"{FACEBOOK}/{path}", json=body, headers=BEARER)).status == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": "525500009999"},
        {"phone": "the page"},
        {"provider": "facebook"},
        {"webhook": "bridge.example.org"},
    ],
)
async def test_a_registration_speaks_of_its_own_channel(sim, wrong):
    """§3.1: E.164 with + for WhatsApp, the channel's provider, an address."""
    right = {"phone": "+525500009999", "webhook": "https://x", "provider": "whatsapp", "version": 0}
    assert (await sim.ask("POST", f"{WHATSAPP}/healthcheck", json=right | wrong, headers=BEARER)).status == 400
    assert (await sim.ask("POST", f"{WHATSAPP}/healthcheck", json=right, headers=BEARER)).status == 201


async def test_a_platform_that_has_bots_knows_no_others(sim):
    await sim.do("PUT", "/platform", {"bots": {"b1": "one"}})
    assert (await send(sim, WHATSAPP, TEXT, {"Authorization": "Bearer one"})).status == 200
    assert (await send(sim, WHATSAPP, TEXT, {"Authorization": "Bearer two"})).status == 401
    assert (await send(sim, "/api/outgoing_webhook/bots/b9", TEXT)).status == 404


async def test_media_has_an_address_and_messenger_takes_a_text_or_an_attachment(sim):
    image = {"id": "1", "type": "image", "userId": "5215", "image": {"url": "foto.jpg"}}
    assert (await send(sim, WHATSAPP, image)).status == 400
    both = {"text": "Hola", "attachment": {"type": "image", "payload": {"url": "https://x/1.jpg"}}}
    assert (await send(sim, FACEBOOK, MESSENGER | {"message": both})).status == 400
