"""What the platform posts to the bridge (Yalo §2.7, §2.8, §9)."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

USER, PSID = "5215587650001", "7766554433221100"


@dataclass
class Bridge:
    """A bridge that takes what it is sent and answers as it is told."""

    url: str = ""
    raw: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def bodies(self):
        return [json.loads(raw) for raw in self.raw]

    async def take(self, request: web.Request) -> web.Response:
        self.raw.append(await request.read())
        self.headers.append(dict(request.headers))
        return web.json_response({"Message": "insert success"}, status=self.answers.pop(0) if self.answers else 200)


@pytest_asyncio.fixture
async def bridge(sim):
    bridge, app = Bridge(), web.Application()
    app.router.add_post("/webhook", bridge.take)
    async with TestServer(app) as server:
        bridge.url = str(server.make_url("/webhook"))
        await sim.do("PUT", "/platform", {"webhook": bridge.url})
        yield bridge


async def say(sim, user=USER, verb="say", **body):
    return await sim.do("POST", f"/users/{user}/{verb}", body)


async def test_a_whatsapp_text_is_the_example(sim, bridge):
    text = "¿Siguen ahí? 👩‍🔬\n\nGracias"
    told = await say(sim, text=text, id="WA.0001", timestamp=1772000000123)
    assert bridge.bodies == [
        {"id": "WA.0001", "timestamp": "1772000000123", "type": "text", "from": USER, "text": {"body": text}}
    ]
    assert told["id"] == "WA.0001"
    assert told["answers"] == [{"status": 200, "body": {"Message": "insert success"}, "attempts": 1, "before": []}]


async def test_a_bots_whatsapp_text_has_to(sim, bridge):
    await say(sim, verb="hear", text="Te paso con un asesor", id="BOT.1", timestamp=1772000003000)
    (body,) = bridge.bodies
    assert (body["from"], body["to"]) == ("525500009999", USER)


async def test_whatsapp_media_are_named_like_their_type(sim, bridge):
    media = {"url": "https://media.example.net/wa/9001", "mimeType": "audio/ogg; codecs=opus"}
    await say(sim, type="voice", media=media)
    await say(sim, type="image", media={"url": "https://x"}, text="la caja")
    assert bridge.bodies[0]["voice"] == media
    assert bridge.bodies[1]["image"] == {"url": "https://x", "caption": "la caja"}


async def test_a_messenger_text_is_shaped_like_the_example(sim, bridge):
    more = {"provider": "facebook", "id": "m_a1", "timestamp": 1772000010000}
    await say(sim, PSID, text="Hola 👋", **more)
    item = {
        "sender": {"id": PSID},
        "recipient": {"id": "100200300"},
        "timestamp": 1772000010000,
        "message": {"mid": "m_a1", "text": "Hola 👋"},
    }
    entry = {"id": "100200300", "time": 1772000010000, "messaging": [item]}
    assert bridge.bodies == [
        {
            "authorRole": "user",
            "botId": "tienda-fb",
            "provider": "facebook",
            "timestamp": 1772000010000,
            "msgTracking": {},
            "message": {"object": "page", "entry": [entry]},
        }
    ]


async def test_a_bots_messenger_text_goes_the_other_way(sim, bridge):
    await say(sim, PSID, verb="hear", provider="facebook", text="¿En qué te ayudo?")
    (body,) = bridge.bodies
    item = body["message"]["entry"][0]["messaging"][0]
    assert (body["authorRole"], item["sender"]["id"], item["recipient"]["id"]) == ("bot", "100200300", PSID)


async def test_a_messenger_attachment(sim, bridge):
    await say(sim, PSID, provider="facebook", type="image", media={"url": "https://cdn/i.jpg"})
    message = bridge.bodies[0]["message"]["entry"][0]["messaging"][0]["message"]
    assert message["attachments"] == [{"type": "image", "payload": {"url": "https://cdn/i.jpg"}}]
    assert "text" not in message


async def test_anything_raw_is_posted_as_it_is(sim, bridge):
    raw = {"id": "WA.0007", "timestamp": "1772000007000", "type": "status", "status": "read"}
    await say(sim, raw=raw)
    assert bridge.bodies == [raw]


@pytest.mark.parametrize("together", [False, True])
async def test_the_same_message_may_come_several_times(sim, bridge, together):
    told = await say(sim, text="hola", repeat=5, together=together)
    assert len(bridge.bodies) == len(told["answers"]) == 5
    assert {body["id"] for body in bridge.bodies} == {told["id"]}


async def test_ids_differ_from_message_to_message(sim, bridge):
    for _ in range(3):
        await say(sim, text="hola")
    assert len({body["id"] for body in bridge.bodies}) == 3


async def test_a_platform_that_does_not_persist_posts_once(sim, bridge):
    bridge.answers = [500]
    (answer,) = (await say(sim, text="hola"))["answers"]
    assert (answer["status"], answer["attempts"]) == (500, 1)


async def test_a_platform_that_persists_repeats_after_5xx_and_429(sim, bridge):
    bridge.answers = [503, 429]
    (answer,) = (await say(sim, text="hola", persist=5))["answers"]
    assert (answer["status"], answer["attempts"]) == (200, 3)
    assert len({body["id"] for body in bridge.bodies}) == 1


async def test_a_refusal_is_final_even_for_a_platform_that_persists(sim, bridge):
    bridge.answers = [400]
    (answer,) = (await say(sim, text="hola", persist=5))["answers"]
    assert (answer["status"], answer["attempts"]) == (400, 1)


async def test_no_answer_has_no_status(sim):
    await sim.do("PUT", "/platform", {"webhook": "http://127.0.0.1:1/nobody"})
    (answer,) = (await say(sim, text="hola"))["answers"]
    assert answer["status"] is None


async def test_headers_and_a_signature_go_along(sim, bridge):
    await sim.do("PUT", "/platform", {"headers": {"Authorization": "Bearer x"}, "signature_secret": "s"})
    await say(sim, text="ñ")
    expected = hmac.new(b"s", bridge.raw[0], hashlib.sha256).hexdigest()
    (headers,) = bridge.headers
    assert (headers["Authorization"], headers["x-yalochat-signature"]) == ("Bearer x", expected)


async def test_without_an_address_the_registered_one_is_used_and_without_any_it_is_409(sim, bridge):
    await sim.do("PUT", "/platform", {"webhook": None})
    await sim.do("POST", f"/users/{USER}/say", {"text": "x"}, expect=409)
    body = {"phone": "+1", "webhook": bridge.url, "provider": "whatsapp", "version": 0}
    path = "/api/outgoing_webhook/bots/b1/healthcheck"
    await sim.ask("POST", path, json=body, headers={"Authorization": "Bearer x"})
    await say(sim, text="hola")
    assert len(bridge.bodies) == 1


async def test_each_provider_may_have_its_own_address(sim, bridge):
    await sim.do("PUT", "/platform", {"webhook": {"facebook": bridge.url}})
    await say(sim, PSID, provider="facebook", text="hola")
    await sim.do("POST", f"/users/{USER}/say", {"text": "x"}, expect=409)


async def test_what_a_user_said_is_remembered_with_its_answers(sim, bridge):
    bridge.answers = [500]
    await say(sim, text="hola")
    (said,) = (await sim.do("GET", f"/users/{USER}"))["said"]
    assert (said["text"], said["by"], said["answers"]) == ("hola", "user", [500])
