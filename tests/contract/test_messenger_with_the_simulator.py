"""The Messenger Platform against the simulator's Graph server, over HTTP: neither shares a line with the other."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from interconnections.errors import PlatformRefused, PlatformStopped, PlatformUnwell, WindowClosed
from interconnections.items import File, Item, Kind, Origin
from interconnections.platforms.messages import Control, Message, Status, Told
from interconnections.platforms.messenger.platform import Messenger
from interconnections.platforms.platform import Recipient, Upload
from interconnections.secret import Secret
from interconnections.transport import new_wire
from interconnections.webhook_request import WebhookRequest
from simulator.graph import accounts
from simulator.graph.messenger import inbound
from tests.simulator.conftest import Sim, sim  # noqa: F401
from tests.simulator.meta import PNG, SOFIA, VERIFY, Business, business
from tests.unit.bots import row

PATIENCE = 20  # seconds


@dataclass
class Shop:
    """A bot on the simulator's page, and what was told of it."""

    sim: Sim
    meta: Business
    platform: Messenger
    settings: Any
    seen: int = 0
    told: list[Told] = field(default_factory=list)

    @property
    def to(self) -> Recipient:
        return Recipient(SOFIA)

    def hear(self) -> list[Told]:
        """Everything that came since, each webhook proved by its signature."""
        while self.seen < len(self.meta.raw):
            body, headers = self.meta.raw[self.seen], self.meta.headers[self.seen]
            self.platform.authenticate(WebhookRequest(dict(headers), {}, body), self.settings)
            self.told += self.platform.read(json.loads(body), self.settings)
            self.seen += 1
        return self.told

    async def until(self, kind: type[Any], **fields: Any) -> Any:
        def found() -> list[Told]:
            return [
                each
                for each in self.hear()
                if isinstance(each, kind) and all(getattr(each, name) == value for name, value in fields.items())
            ]

        assert await self.meta.bell.until(lambda: bool(found()), PATIENCE), (kind, fields, self.told)
        return found()[-1]

    async def send(self, item: Item, id: str = "chat/1", quotes: str = "", **differently: Any) -> str:
        return await self.platform.send(self.settings, Recipient(SOFIA, **differently), item, id, quotes)


def text(words: str = "Hola, soy Leo 👋") -> Item:
    return Item(Kind.TEXT, Origin.AGENT, words, name="Leo")


@pytest_asyncio.fixture
async def shop(sim: Sim) -> AsyncIterator[Shop]:  # noqa: F811
    wire = new_wire()
    settings = Messenger.settings(
        row(
            provider="messenger", platform="messenger", bot_id=accounts.PAGE, app_id=accounts.APP, api_url=sim.url,
            api_token=Secret(accounts.PAGE_TOKEN), webhook_auth="signature",
            webhook_secret=Secret(accounts.APP_SECRET), thread_control="release", human_agent=True,
        )
    )  # fmt: skip
    async with business(sim, accounts.PAGE, accounts.PAGE_TOKEN) as meta:
        await sim.do("PUT", f"/graph/people/{SOFIA}", {"name": "Sofía Luna"})
        await meta.say("hola", id="m_in1")
        yield Shop(sim, meta, Messenger(wire), settings)
    await wire.close()


async def test_what_a_user_says_is_read(shop: Shop) -> None:
    said = await shop.until(Message)
    assert (said.user, said.text, said.id, said.opens) == (SOFIA, "hola", "m_in1", 86_400)


async def test_a_text_is_taken_shown_and_told_of(shop: Shop) -> None:
    mid = await shop.send(text(), "chat/7", "m_in1")
    line = (await shop.meta.lines())[-1]
    assert (line["text"], line["platform_id"], line["handle"]) == ("Hola, soy Leo 👋", mid, "chat/7")
    assert (await shop.until(Status, state="sent", id=mid)).handle == "chat/7"
    await shop.until(Status, state="delivered")
    assert (await shop.until(Status, state="read")).until >= line["at"]


SWITCHES = [
    {"page_echo_before_answer": True},
    {"page_app_ids_as": "string"},
    {"page_success_as": "string"},
    {"page_delivery_mids": False},
    {"meta_batch_shape": "merged"},
    {"meta_error_status": "400"},
]


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: next(iter(switch)))
async def test_what_metas_pages_disagree_about_is_tolerated(shop: Shop, switch: dict[str, object]) -> None:
    await shop.sim.rules(**switch)
    await shop.platform.register(shop.settings, "")
    mid = await shop.send(text(), "chat/7")
    assert (await shop.until(Status, state="sent")).handle == "chat/7"
    assert (await shop.until(Status, state="delivered")).id in (mid, "")
    await shop.sim.fault("page_send", "status", code="551/1545041", times=1, key=SOFIA)
    with pytest.raises(PlatformRefused):
        await shop.send(text())


async def test_an_echo_without_our_id_is_context_and_no_agents_news(shop: Shop) -> None:
    await shop.sim.rules(page_echo_metadata=False)
    mid = await shop.send(text())
    told = await shop.until(Message, by_bot=True)
    assert (told.id, told.elsewhere) == (mid, False)


async def test_a_message_whose_answer_was_lost_is_shown_by_its_echo(shop: Shop) -> None:
    await shop.sim.fault("page_send", "drop_after", times=1, key=SOFIA)
    with pytest.raises(PlatformUnwell) as caught:
        await shop.send(text(), "chat/9")
    assert caught.value.silent
    assert (await shop.until(Status, state="sent")).handle == "chat/9"


async def test_a_quote_that_is_gone_goes_as_words(shop: Shop) -> None:
    await shop.sim.rules(page_reply_to="message")
    assert await shop.send(text(), quotes="m_in1")
    assert (await shop.meta.lines())[-1]["text"] == "Hola, soy Leo 👋"


async def test_the_longest_text_is_taken(shop: Shop) -> None:
    await shop.send(text("ñ" * Messenger.text_limit("messenger")))
    assert (await shop.meta.lines())[-1]["text"] == "ñ" * 2000


@pytest.mark.parametrize(
    ("mime", "served", "shown"),
    [
        ("image/png", "image/png", "image"),
        ("image/png", "application/pdf", "file"),
        ("application/pdf",) * 2 + ("file",),
    ],
    ids=["an image", "no image", "a document"],
)
async def test_a_file_goes_as_what_meta_takes_it_for(shop: Shop, mime: str, served: str, shown: str) -> None:
    async def give(request: web.Request) -> web.Response:
        return web.Response(body=PNG if served == "image/png" else b"%PDF-1.7", content_type=served)

    await shop.sim.rules(cloud_links="all")
    server = web.Application()
    server.router.add_get("/f/a", give)
    async with TestServer(server) as host:
        url = str(host.make_url("/f/a"))
        await shop.send(Item(Kind.FILE, Origin.AGENT, f"plano\n{url}", file=File(url, "image", mime, "plano")))
    assert (await shop.meta.lines())[-1]["type"] == shown


@pytest.mark.parametrize(("mime", "shown"), [("image/png", "image"), ("image/gif", "image"), ("audio/x", "audio")])
async def test_what_meta_cannot_fetch_is_uploaded(shop: Shop, mime: str, shown: str) -> None:
    file = File("https://nowhere.invalid/a", "image", mime)
    item = Item(Kind.FILE, Origin.AGENT, "plano\nhttps://nowhere.invalid/a", file=file)
    with pytest.raises(PlatformRefused) as caught:
        await shop.send(item)
    assert caught.value.code in Messenger.unfetched
    upload = Upload("plano", mime, BytesIO(PNG), len(PNG))
    await shop.send(replace(item, file=await shop.platform.upload(shop.settings, file, upload)))
    assert [line["type"] for line in await shop.meta.lines()][-1] == shown


async def test_typing_and_read_marks_are_taken(shop: Shop) -> None:
    await shop.platform.typing(shop.settings, shop.to, True)
    await shop.platform.typing(shop.settings, shop.to, False)
    await shop.platform.seen(shop.settings, shop.to)
    assert (await shop.meta.lines())[0]["tick"] == "read"


async def test_it_is_subscribed_asked_and_unsubscribed(shop: Shop) -> None:
    alone = replace(shop.settings, control="none")

    async def troubles() -> list[str]:
        return [each.what for each in await shop.platform.check(alone) if each.level != "ok"]

    await shop.platform.register(alone, "")
    [elsewhere] = await troubles()  # the test's own callback is no bot's
    assert "not to …/v1/bots/" in elsewhere
    await shop.platform.remove(alone, "")
    assert "not subscribed" in (await troubles())[0]


async def test_an_apps_webhook_is_set_where_it_has_none_and_never_taken(shop: Shop) -> None:
    agreed = replace(shop.settings, verify_token=Secret(VERIFY))
    with pytest.raises(PlatformRefused, match="webhooks to 127"):
        await shop.platform.register(agreed, "https://bridge.example.org/v1/bots/tienda-bot/webhook")
    shop.sim.world.graph.subscriptions.callbacks.clear()
    await shop.platform.register(agreed, shop.meta.url)
    assert shop.meta.handshakes[-1]["hub.mode"] == "subscribe"
    await shop.meta.say("¿hola?")
    await shop.until(Message, text="¿hola?")
    await shop.platform.register(agreed, shop.meta.url)  # and once more


async def test_whose_the_token_is_meta_tells_the_app_itself(shop: Shop) -> None:
    told = [each.what for each in await shop.platform.check(shop.settings)]
    assert any("has the permissions that it needs" in what for what in told)
    access = replace(shop.settings.access, token=Secret(accounts.OTHER_PAGE_TOKEN))
    told = [each.what for each in await shop.platform.check(replace(shop.settings, access=access))]
    assert any("of another app" in what for what in told)


async def test_a_token_that_meta_does_not_take_is_told(shop: Shop) -> None:
    access = replace(shop.settings.access, token=Secret("guessed"))
    wrong = replace(shop.settings, access=access)
    [told] = await shop.platform.check(wrong)
    assert (told.level, "token" in told.what) == ("error", True)
    with pytest.raises(PlatformStopped):
        await shop.platform.send(wrong, shop.to, text(), "chat/1")


# Windows


async def test_outside_the_window_only_a_human_may_write(shop: Shop) -> None:
    await shop.sim.rules(page_window_seconds=0)
    with pytest.raises(WindowClosed):
        await shop.send(text())
    apps = [
        {"id": accounts.APP, "secret": accounts.APP_SECRET, "human_agent": True},
        {"id": accounts.OTHER_APP, "secret": "x"},
    ]
    await shop.sim.do("PUT", "/graph", {"apps": apps})
    with pytest.raises(WindowClosed):
        await shop.send(Item(Kind.TEXT, Origin.BRIDGE, "Un agente vendrá"))
    assert await shop.send(text("Ya revisé su caso"))
    assert [line["text"] for line in await shop.meta.lines()] == ["hola", "Ya revisé su caso"]


@pytest.mark.parametrize("words", ["10/2018278", "10/2018065"])
async def test_each_way_to_say_that_it_is_closed_is_understood(shop: Shop, words: str) -> None:
    await shop.sim.rules(page_window_seconds=0, page_window_refusal=words)
    with pytest.raises(WindowClosed):
        await shop.platform.send(replace(shop.settings, human_agent=False), shop.to, text(), "chat/1")


# Everything that a user does

UNASKED = ("optin", "account_linking", "response_feedback")  # of fields that section 1 does not subscribe to
DOES: dict[str, dict[str, Any]] = {
    "quick_reply": {"text": "Sí"}, "postback": {"text": "Ventas"}, "reaction": {"text": "🥲", "quotes": "m_in1"},
    "edit": {"text": "adiós", "quotes": "m_in1"}, "deleted": {"quotes": "m_in1"}, "ad": {"text": "Me interesa"},
    "location": {"more": {"coordinates":
        {"lat": 19.43, "long": -99.13}}}, "template": {"more": {"product": {"elements": [{"title": "Tenis"}]}}},
}  # fmt: skip


@pytest.mark.parametrize("kind", [*sorted({*inbound.KINDS} - {*inbound.FILES, "text", *UNASKED}), "hologram"])
async def test_whatever_a_user_does_is_read(shop: Shop, kind: str) -> None:
    before = len(shop.hear())
    await shop.meta.say(**{"text": None, "type": kind, **DOES.get(kind, {})})
    await shop.until(Message)
    for each in shop.hear()[before:]:
        assert isinstance(each, Message) and each.user == SOFIA
        assert each.opens == (604_800 if kind == "ad" else 86_400 if kind in (*inbound.OPENS, "hologram") else 0)


# Who has the talk


async def test_the_inbox_takes_the_talk_and_what_it_says_is_told(shop: Shop) -> None:
    await shop.send(text())
    await shop.meta.thread("inbox", text="Le respondo desde la página")
    said = await shop.until(Message, elsewhere=True)
    assert (said.text, said.by_bot, said.user) == ("Le respondo desde la página", True, SOFIA)
    await shop.meta.thread("inbox_takes")
    lost = await shop.until(Control)
    assert (lost.ours, lost.by, lost.user) == (False, accounts.INBOX, SOFIA)
    with pytest.raises(PlatformRefused) as caught:
        await shop.send(text())
    assert caught.value.code in Messenger.failures
    with pytest.raises(PlatformRefused):  # and not for every user of the bot
        await shop.platform.control(shop.settings, shop.to, "release")
    await shop.meta.say("¿hay alguien?")
    assert (await shop.until(Message, text="¿hay alguien?")).standby


async def test_what_is_passed_to_us_is_released(sim: Sim, shop: Shop) -> None:  # noqa: F811
    await sim.do("PUT", "/graph", {"pages": [{"id": accounts.PAGE, "default_app": accounts.OTHER_APP}]})
    async with business(sim, accounts.PAGE, accounts.OTHER_PAGE_TOKEN, accounts.OTHER_APP) as bot:
        to = {"recipient": {"id": SOFIA}, "target_app_id": int(accounts.APP)}
        assert (await bot.call("POST", f"{accounts.PAGE}/pass_thread_control", json=to)).status == 200
        passed = await shop.until(Control)
        assert (passed.ours, passed.user) == (True, SOFIA)
        await shop.send(text())
        await shop.platform.control(shop.settings, shop.to, "release")
        await bot.say("¿sigues?")
        heard = [event["message"]["text"] for event in bot.events if "message" in event]
        assert "¿sigues?" in heard  # and maybe an echo after it


# What goes wrong


@pytest.mark.parametrize(
    ("words", "kind"),
    [("2", PlatformUnwell), ("4", PlatformUnwell), ("190/463", PlatformStopped), ("368", PlatformStopped),
     ("551/1545041", PlatformRefused), ("1/1357046", PlatformUnwell)],
)  # fmt: skip
async def test_what_meta_refuses_is_understood(shop: Shop, words: str, kind: type[Exception]) -> None:
    await shop.sim.fault("page_send", "status", code=words, times=1, key=SOFIA)
    with pytest.raises(kind) as caught:
        await shop.send(text())
    assert type(caught.value) is kind
    assert await shop.send(text())
