"""Users' files on their way: to the case, to the chat, or as a link; in their place among what was said."""

import asyncio
import hashlib
from dataclasses import dataclass, replace
from typing import Any

import pytest

from interconnections.bridge.conversation import Conversation
from interconnections.bridge.deliver import deliver
from interconnections.bridge.rendering import as_items
from interconnections.bridge.transitions import changes_for
from interconnections.desks.live_agent.chat import LiveAgentChat, fields_of
from interconnections.desks.live_agent.reader import read_poll
from interconnections.desks.live_agent.upload import upload
from interconnections.items import Change, Item, Kind, Lane, Origin
from interconnections.platforms.messages import Message
from interconnections.secret import Secret
from interconnections.store import hearing, lanes, leases, polls
from interconnections.store.lanes import Pause, Settled, Taken
from tests.desks import in_hand
from tests.records.conftest import Acme
from tests.simulator.conftest import Visitor
from tests.store.conftest import Desk, text

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 30
IMAGE_ON_CASE = "**El usuario adjunto una imagen al caso**"


@dataclass
class Talk:
    """A chat with an agent, a case of its own, and the lane between them in our hands."""

    acme: Acme
    desk: Desk
    visitor: Visitor
    conversation: Conversation
    case_id: str

    async def shelve(self, content: bytes = PNG, mime: str = "image/png", name: str = "foto.png") -> str:
        """Where the platform put what a user sent."""
        headers = {"Content-Type": mime}
        answer = await self.acme.sim.ask(
            "POST", f"/sim/media?name={name}&kind=document", data=content, headers=headers
        )
        return answer.json["url"]

    async def user_sends(self, kind: str, url: str, **more: str) -> None:
        message = Message(self.conversation.user_id, "", False, kind, None, url=url, **more)
        await self._hear(*as_items(message, "es-MX"))

    async def user_says(self, words: str) -> None:
        await self._hear(text(words))

    async def _hear(self, *items: Item) -> None:
        await hearing.hear(
            self.acme.redis, self.acme.bot.slug, self.conversation.user_id, message="", dedupe=60, items=items,
            entry="", context=(60, 10), origin="user",
        )  # fmt: skip

    async def take(self, settled: Settled | None = None) -> lanes.Next:
        return await lanes.take(self.acme.redis, self.conversation.hold, Lane.SALESFORCE, settled)

    async def carry(self, taken: Taken) -> Settled:
        return await deliver(self.acme.bridge(), self.conversation, Lane.SALESFORCE, taken)

    async def empty(self) -> list[str]:
        """As a worker empties the lane, but for its pauses; what became of each item."""
        outcomes: list[str] = []
        taken = await self.take()
        while True:
            while isinstance(taken, Taken):
                settled = await self.carry(taken)
                outcomes.append(settled.outcome)
                if settled.outcome == "retry":
                    settled = replace(settled, argument="0")
                taken = await self.take(settled)
            if taken == Pause(None):
                return outcomes
            await asyncio.sleep(0.01)
            taken = await self.take()

    async def poll(self) -> None:
        answer = await self.visitor.poll()
        events = read_poll(answer.status, answer.text.encode()).events
        fields = Change(fields=fields_of(None, events, started=True))
        known = self.conversation.known(())
        for change in (fields, *changes_for(events, self.conversation.status, self.acme.bot, known)):
            stored = await polls.store_change(self.acme.redis, self.conversation.hold, change)
            self.conversation.learn(stored.fields)

    async def agent_asks(self) -> None:
        await self.visitor.agent("request_file")
        await self.poll()

    async def another_worker(self) -> None:
        """What it knows is what was stored."""
        fields, _ = await leases.load(self.acme.redis, self.conversation.id)
        self.conversation = in_hand(self.conversation.hold, fields, tokens_of(self.visitor), self.acme.bridge())

    @property
    def chat(self) -> LiveAgentChat:
        assert isinstance(self.conversation.chat, LiveAgentChat)
        return self.conversation.chat

    async def agent_reads(self) -> list[str]:
        return list((await self.visitor.chat())["heard"])

    async def user_reads(self) -> list[str]:
        return await self.desk.drain(self.conversation.hold, Lane.INTEGRATION)

    async def on_the_case(self) -> list[Any]:
        return list((await self.acme.sim.do("GET", f"/org/files?record={self.case_id}"))["files"])

    async def in_the_chat(self) -> list[Any]:
        return list((await self.visitor.chat())["files"])


async def opened(acme: Acme, **fields: str) -> Talk:
    acme.bot = replace(acme.bot, media_hosts=("127.0.0.1",))
    visitor = await acme.sim.active()
    desk, case_id = Desk(acme.redis), await acme.seed("Case", Subject="Ayuda")
    known = {"caseId": case_id, "chatUrl": acme.sim.url, "wireId": visitor.id} | fields
    hold = await desk.active(bot=acme.bot.slug, **known)
    row, _ = await leases.load(acme.redis, hold.id)
    return Talk(acme, desk, visitor, in_hand(hold, row, tokens_of(visitor), acme.bridge()), case_id)


def tokens_of(visitor: Visitor) -> dict[str, Secret]:
    return {"sessionKey": Secret(visitor.key), "affinityToken": Secret(visitor.affinity)}


@pytest.fixture
async def talk(acme: Acme) -> Talk:
    return await opened(acme)


async def test_a_file_is_attached_in_its_place_among_the_words(talk: Talk) -> None:
    await talk.user_says("mira")
    await talk.user_sends("image", await talk.shelve(), mime_type="image/png", caption="la caja rota")
    await talk.user_says("¿ves?")
    assert await talk.empty() == ["delivered"] * 5
    assert await talk.agent_reads() == ["mira", IMAGE_ON_CASE, "la caja rota", "¿ves?"]
    [file] = await talk.on_the_case()
    assert (file["title"], file["name"]) == ("la caja rota", "la caja rota.png")
    assert file["sha256"] == hashlib.sha256(PNG).hexdigest()
    assert await talk.user_reads() == []
    assert (await talk.visitor.chat())["refusals"] == []  # no number was spent on the file itself


async def test_a_kind_without_words_of_the_bots_is_only_attached(talk: Talk) -> None:
    """W23: the empty notice was refused, tried again, and dropped."""
    await talk.user_sends("voice", await talk.shelve(b"OggS" + bytes(99), "audio/ogg"), mime_type="audio/ogg")
    await talk.user_says("¿oyes?")
    await talk.empty()
    assert await talk.agent_reads() == ["¿oyes?"]
    [file] = await talk.on_the_case()
    assert file["name"].endswith(".ogg")


FAILURES = {
    "not a picture": (b"<html>", "image", {"mime_type": "image/png"}),
    "no sound": (b"<html>", "voice", {"mime_type": "audio/ogg"}),
    "a program": (b"MZ\x90\0" * 9, "document", {"mime_type": "application/pdf"}),
}


@pytest.mark.parametrize("what", FAILURES)
async def test_what_is_refused_is_told_to_both_and_the_link_passed_on(talk: Talk, what: str) -> None:
    content, kind, more = FAILURES[what]
    url = await talk.shelve(content)
    await talk.user_says("mira")
    await talk.user_sends(kind, url, caption="esto", **more)
    await talk.user_says("¿ves?")
    await talk.empty()
    error = "Imagen no enviada" if kind == "image" else "Archivo no enviado"
    label = {"image": "imagen", "voice": "nota de voz"}.get(kind, "documento")
    assert await talk.agent_reads() == ["mira", error, f"[{label}] esto\n{url}", "¿ves?"]
    assert await talk.user_reads() == [error]
    assert await talk.on_the_case() == []


async def test_a_private_address_is_not_fetched(talk: Talk) -> None:
    talk.acme.bot = replace(talk.acme.bot, media_hosts=())
    url = await talk.shelve()
    await talk.user_sends("image", url)
    await talk.empty()
    assert await talk.agent_reads() == ["Imagen no enviada", f"[imagen]\n{url}"]


async def test_a_full_org_is_like_any_refusal(talk: Talk) -> None:
    await talk.acme.sim.rules(file_storage_bytes=1)
    url = await talk.shelve()
    await talk.user_sends("image", url)
    await talk.empty()
    assert await talk.agent_reads() == ["Imagen no enviada", f"[imagen]\n{url}"]


async def test_trouble_that_passes_is_waited_for_and_other_trouble_only_so_long(talk: Talk) -> None:
    await talk.acme.sim.fault("create", "status", status=503, times=2)
    await talk.user_sends("image", await talk.shelve())
    assert await talk.empty() == ["retry", "retry", "delivered", "delivered"]
    await talk.acme.sim.fault("create", "status", status=503)
    url = await talk.shelve()
    await talk.user_sends("image", url)
    assert await talk.empty() == ["retry", "retry", "retry", "replaced", "delivered", "delivered"]
    assert await talk.agent_reads() == [IMAGE_ON_CASE, "Imagen no enviada", f"[imagen]\n{url}"]


@pytest.mark.parametrize("fault", ["drop_after", "status_after", "truncated"])
async def test_an_upload_whose_answer_is_lost_is_not_made_again(talk: Talk, fault: str) -> None:
    await talk.acme.sim.fault("create", fault, times=1, status=500)
    await talk.user_sends("image", await talk.shelve())
    assert await talk.empty() == ["retry", "delivered", "delivered"]
    assert len(await talk.on_the_case()) == 1
    assert await talk.agent_reads() == [IMAGE_ON_CASE]


async def test_a_worker_that_dies_after_the_upload_leaves_one_file(talk: Talk) -> None:
    await talk.user_sends("image", await talk.shelve())
    taken = await talk.take()
    assert isinstance(taken, Taken)
    await talk.carry(taken)  # and its settlement is never stored
    await talk.another_worker()
    assert await talk.empty() == ["delivered", "delivered"]
    assert len(await talk.on_the_case()) == 1


async def test_two_files_of_one_name_are_two(talk: Talk) -> None:
    for _ in range(2):
        await talk.user_sends("image", await talk.shelve(), caption="la caja")
    await talk.empty()
    assert [file["title"] for file in await talk.on_the_case()] == ["la caja"] * 2


async def test_the_agents_request_is_served_in_the_chat_once(talk: Talk) -> None:
    await talk.agent_asks()
    await talk.another_worker()
    for caption in ("uno", ""):
        await talk.user_sends("image", await talk.shelve(), caption=caption)
    await talk.empty()
    assert [file["name"] for file in await talk.in_the_chat()] == ["uno.png"]
    assert len(await talk.on_the_case()) == 1
    assert await talk.agent_reads() == ["uno", IMAGE_ON_CASE]


async def test_a_request_made_while_another_is_served_is_not_forgotten(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slowly(*what: Any, **more: Any) -> None:
        await upload(*what, **more)
        await talk.agent_asks()

    monkeypatch.setattr("interconnections.desks.live_agent.chat.upload", slowly)
    await talk.agent_asks()
    await talk.user_sends("image", await talk.shelve(), caption="uno")
    await talk.empty()
    await talk.another_worker()
    assert talk.chat.file_request


async def test_a_request_that_was_withdrawn_is_forgotten(talk: Talk) -> None:
    await talk.agent_asks()
    await talk.visitor.agent("cancel_file")
    await talk.poll()
    await talk.user_sends("image", await talk.shelve())
    await talk.empty()
    assert (await talk.in_the_chat(), len(await talk.on_the_case())) == ([], 1)


async def test_a_request_that_cannot_be_served_leaves_the_case(talk: Talk) -> None:
    await talk.acme.sim.rules(file_max_bytes=10)
    await talk.agent_asks()
    await talk.user_sends("image", await talk.shelve())
    await talk.empty()
    assert (await talk.in_the_chat(), len(await talk.on_the_case())) == ([], 1)
    assert await talk.agent_reads() == [IMAGE_ON_CASE]


async def test_without_a_login_a_file_is_a_link_as_it_always_was(acme: Acme) -> None:
    assert acme.bot.org
    acme.bot = replace(acme.bot, org=replace(acme.bot.org, records=None))
    talk = await opened(acme, caseId="")
    url = await talk.shelve()
    await talk.user_sends("image", url, caption="la caja")
    assert await talk.empty() == ["replaced", "delivered"]
    assert (await talk.agent_reads(), await talk.user_reads()) == ([f"[imagen] la caja\n{url}"], [])


async def test_without_a_login_the_agents_request_is_served_all_the_same(acme: Acme) -> None:
    assert acme.bot.org
    acme.bot = replace(acme.bot, org=replace(acme.bot.org, records=None))
    talk = await opened(acme, caseId="")
    await talk.agent_asks()
    await talk.user_sends("image", await talk.shelve(), caption="la caja")
    await talk.empty()
    assert [file["name"] for file in await talk.in_the_chat()] == ["la caja.png"]
    assert await talk.agent_reads() == ["la caja"]


async def test_a_previous_releases_items_are_read() -> None:
    assert Item.decoded('["text", "user", "hola", ""]') == text("hola")
    assert text("hola").encoded() == '["text", "user", "hola", ""]'
    [item] = as_items(Message("u", "", False, "image", None, url="https://c.test/a", caption="x"), "es")
    assert Item.decoded(item.encoded()) == item
    assert (item.kind, item.origin) == (Kind.FILE, Origin.USER)
