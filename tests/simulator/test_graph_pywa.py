"""A client of WhatsApp Cloud API that others wrote (pywa) speaks to the simulator as it speaks to Meta.

Only the way there is another: its HTTP client is told to connect to us for `graph.facebook.com`, as a proxy would.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac

import httpx
import pytest_asyncio
from pywa import WhatsApp
from pywa.errors import WhatsAppError

from simulator import sample_media
from simulator.graph import accounts

from .meta import ANA, PNG, Business, business


class ToTheSimulator(httpx.HTTPTransport):
    """Requests for Meta's host go to the simulator's; all else is left alone."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.there = httpx.URL(url)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "graph.facebook.com":
            there = {"scheme": self.there.scheme, "host": self.there.host, "port": self.there.port}
            request.url = request.url.copy_with(**there)
        return super().handle_request(request)


@pytest_asyncio.fixture
async def cloud(sim):
    async with business(sim, accounts.NUMBER, accounts.CLOUD_TOKEN) as one:
        await one.say("hola", id="wamid.IN1")
        yield one


@pytest_asyncio.fixture
async def client(sim):
    with httpx.Client(transport=ToTheSimulator(sim.url)) as http:
        yield WhatsApp(
            accounts.NUMBER, accounts.CLOUD_TOKEN, session=http, server=None, app_secret=accounts.APP_SECRET
        )


async def test_it_sends_text_and_a_file(cloud: Business, client: WhatsApp):
    def speak():
        sent = client.send_message(
            to=f"+{ANA}", text="Hola de pywa 👋", reply_to_message_id="wamid.IN1", tracker="t-1"
        )
        client.send_image(to=f"+{ANA}", image=sample_media.photo(), caption="La caja", mime_type="image/png")
        return sent.id

    id = await asyncio.to_thread(speak)
    text, image = (await cloud.lines())[1:]
    assert (text["text"], text["platform_id"], text["quotes"]["text"]) == ("Hola de pywa 👋", id, "hola")
    assert text["handle"] == "t-1"
    assert (image["text"], image["media"]["sha256"]) == ("La caja", hashlib.sha256(sample_media.photo()).hexdigest())


async def test_it_knows_our_errors(cloud: Business, client: WhatsApp):
    def speak():
        try:
            client.send_message(to=f"+{ANA}", text="x" * 4097)
        except WhatsAppError as error:
            return error.code
        return None

    assert await asyncio.to_thread(speak) == 100


async def test_it_reads_what_we_tell(sim, cloud: Business, client: WhatsApp):
    messages, statuses = [], []

    @client.on_message
    def heard(_: WhatsApp, message):
        messages.append(message)

    @client.on_message_status
    def told(_: WhatsApp, status):
        statuses.append(status)

    headers = {"Content-Type": "image/png"}
    media = (await sim.ask("POST", "/sim/media?name=caja.png&kind=image", data=PNG, headers=headers)).json["id"]
    await cloud.say("¿Y mi pedido? 👩‍🔬", quotes="wamid.IN1")
    await cloud.say("la caja", media=media)
    await cloud.send("Hola", biz_opaque_callback_data="msg-1")
    await cloud.until(lambda: len(cloud.statuses) == 3)
    for raw, sent in zip(cloud.raw, cloud.headers, strict=True):
        ours = hmac.new(accounts.APP_SECRET.encode(), raw, hashlib.sha256).hexdigest()
        assert sent["X-Hub-Signature-256"] == f"sha256={ours}"
        assert client.webhook_update_validator(raw, sent["X-Hub-Signature-256"]) is None
        await asyncio.to_thread(client.webhook_update_handler, raw)
    assert [one.text or one.caption for one in messages] == ["hola", "¿Y mi pedido? 👩‍🔬", "la caja"]
    assert messages[1].reply_to_message.id == "wamid.IN1"
    assert messages[2].image.mime_type == "image/png"
    assert await asyncio.to_thread(messages[2].image.get_bytes) == PNG
    assert [one.status.value for one in statuses] == ["sent", "delivered", "read"]
    assert {one.tracker for one in statuses} == {"msg-1"}
