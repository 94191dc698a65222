"""People who talk and bots that ask: what each of them does on the wires, noted with its time.

Everybody behaves as the sheets say: a platform sends again what was not answered 200, a bot asks again when it
got no answer.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.chaos.arena import ACCOUNT_OF, BOT_OF, LIVE_AGENT, META, WIRE_WORD

GREETING = "quiero hablar con alguien"  # said to the bot, before there is a chat
PERSISTS = 90.0  # seconds that a platform goes on sending a webhook, and a bot asking
GIVEN_BACK = "from-sf-success"
LOCKED_OUT = 100.0  # seconds after which nobody waits for a start that died any longer


def now() -> float:
    """Milliseconds since 1970, as the simulator's ledger writes them."""
    return time.time() * 1000


class Amiss(AssertionError):
    """Something did not come that was promised."""


@dataclass
class Word:
    """A text: when it was begun to be said, and when that was answered; None: it never was."""

    text: str
    began: float
    taken: float | None = None


@dataclass
class Talk:
    """One conversation as those who had it tell it."""

    number: int
    provider: str
    user: str
    desk: str = LIVE_AGENT
    chat: str = ""
    asked: float = 0  # ms; the first connect
    opened: float = 0
    failed: int = 0  # connects that were answered 500: no chat, and the bot is told at its timeout state
    unanswered: int = 0  # connects that may have been so answered
    by_user: list[Word] = field(default_factory=list)
    by_agent: list[Word] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)  # what webhooks were answered before they were taken; 0: nothing
    ended: str = ""  # by whom: agent | bot
    whole: bool = False  # it came to its end, and everything with it
    trouble: str = ""

    @property
    def name(self) -> str:
        return f"Ana {self.number}"

    @property
    def at_meta(self) -> bool:
        return self.provider in META

    @property
    def where(self) -> tuple[str, str]:
        return self.desk, self.provider

    def word_of_user(self) -> Word:
        self.by_user.append(word := Word(f"{self.number} u{len(self.by_user)}", now()))
        return word

    def word_of_agent(self) -> Word:
        self.by_agent.append(word := Word(f"{self.number} a{len(self.by_agent)}", now()))
        return word


@dataclass(frozen=True)
class Wires:
    """The ways of everybody: to the simulated worlds, to the bridge's API and to its webhooks.

    `bridge`: where the API is; `webhooks`: desk and provider -> address; `headers`: of a bot that is logged in;
    `arrives`: s within which everything must have arrived; `persists`: s that a platform repeats a webhook, and a bot
    asks again.
    """

    http: aiohttp.ClientSession
    world: str
    bridge: str
    webhooks: dict[tuple[str, str], str]
    headers: dict[str, str]
    arrives: float = 90.0
    persists: float = PERSISTS

    # Bots

    async def connect(self, talk: Talk) -> None:
        """The bot asks until it knows: 200, or 409 with the state of what its lost answer spoke of."""
        wish = {
            "userID": talk.user, "name": talk.name, "provider": WIRE_WORD[talk.provider], "email": "ana@example.org",
            "botSlug": BOT_OF[talk.where], "botId": "525500009999",
        }  # fmt: skip
        talk.asked = now()
        deadline = time.monotonic() + LOCKED_OUT + self.persists - PERSISTS
        while True:
            status, text = await self._bot("POST", "/v1/chats/connect", wish)
            if status == 200 or (status == 409 and ("(OnHold" in text or "(Active" in text)):
                break
            talk.failed += status == 500
            talk.unanswered += status == 0
            if time.monotonic() > deadline:
                raise Amiss(f"not opened: {status} {text[:200]}")
            await asyncio.sleep(0.3)
        talk.opened = now()
        path = f"/chats?visitor_name={talk.name}&status=waiting&until=1&timeout={self.arrives}"
        chats = (await self.sim("GET", path))["chats"]
        if not chats:
            raise Amiss("a chat was opened, and Salesforce knows of none that waits")
        talk.chat = chats[-1]["id"]

    async def finish(self, talk: Talk) -> None:
        deadline = time.monotonic() + self.persists
        while time.monotonic() < deadline:
            status, _ = await self._bot("DELETE", f"/v1/chat/finish/{talk.user}?bot={BOT_OF[talk.where]}", None)
            if status in (200, 404):  # 404: an earlier order, whose answer was lost, has been carried out
                return
            await asyncio.sleep(0.3)
        raise Amiss("the bot could not finish the chat")

    async def _bot(self, method: str, path: str, body: object) -> tuple[int, str]:
        """(0, "") when there was no answer."""
        try:
            async with self.http.request(method, self.bridge + path, json=body, headers=self.headers) as answer:
                return answer.status, await answer.text()
        except aiohttp.ClientError:
            return 0, ""

    # Users and agents

    async def greet(self, talk: Talk) -> None:
        """Meta lets nobody write to a user who has not written first; of the talk this is the past."""
        if talk.at_meta:
            await self.post(talk, Word(GREETING, now()), id=f"{talk.user}.greeting")

    async def user_says(self, talk: Talk) -> None:
        await self.post(talk, talk.word_of_user())

    async def user_chooses(self, talk: Talk) -> None:
        """The second of the options that were offered last, by its number; the agent reads its title."""
        word = Word(_second_option(talk), now())
        talk.by_user.append(word)
        await self.post(talk, word, text="2")

    async def user_sends_photo(self, talk: Talk, content: bytes) -> None:
        """With a caption, of which its name is made; the agent has the file, then the caption."""
        address = f"{self.world}/sim/media?name=photo.png&kind=image"
        async with self.http.post(address, data=content, headers={"Content-Type": "image/png"}) as answer:
            url = (await answer.json())["url"]
        caption = f"{talk.number} u{len(talk.by_user)}"
        file, words = Word(f"[{caption}.png]", now()), Word(caption, now())
        talk.by_user += [file, words]
        await self.post(talk, words, type="image", media={"url": url})
        file.taken = words.taken

    async def post(self, talk: Talk, word: Word, repeat: int = 1, **more: object) -> None:
        """The platform's webhook, sent until it is taken.  `more`: of what is said, where that is not its text."""
        wish: dict[str, object] = {
            "text": word.text, "id": f"{talk.user}.{word.text}", "persist": self.persists, "repeat": repeat,
            "together": True,
        }  # fmt: skip
        if talk.at_meta:
            wish["account"] = ACCOUNT_OF[talk.provider]
        else:
            wish |= {"provider": WIRE_WORD[talk.provider], "url": self.webhooks[talk.where]}
        wish |= more
        answer = await self.sim("POST", f"/users/{talk.user}/say", wish)
        talk.refused += [status or 0 for one in answer["answers"] for status in one["before"]]
        if not any(one["status"] == 200 for one in answer["answers"]):
            raise Amiss(f"a webhook was answered {answer['answers']}")
        word.taken = word.taken or now()

    async def accept(self, talk: Talk) -> None:
        await self.sim("POST", f"/chats/{talk.chat}/accept", {})

    async def agent_says(self, talk: Talk) -> None:
        word = talk.word_of_agent()
        await self.sim("POST", f"/chats/{talk.chat}/say", {"text": word.text})
        word.taken = now()

    async def agent_offers(self, talk: Talk) -> None:
        """Two options, which the user reads with their numbers."""
        word = talk.word_of_agent()
        wish = {"text": word.text, "options": _options(talk)}
        word.text = "\n".join([word.text, *(f"{place}. {title}" for place, title in enumerate(_options(talk), 1))])
        await self.sim("POST", f"/chats/{talk.chat}/choices", wish)
        word.taken = now()

    async def agent_ends(self, talk: Talk) -> None:
        await self.sim("POST", f"/chats/{talk.chat}/end", {})

    async def heard(self, talk: Talk) -> None:
        """Until the agent has heard every word that was taken."""
        await self._all_of(talk.by_user, f"/chats/{talk.chat}?until_heard=", "heard")

    async def received(self, talk: Talk) -> None:
        """Until the user has received every word."""
        if not talk.at_meta:
            return await self._all_of(talk.by_agent, f"/users/{talk.user}?until_received=", "texts")
        wanted, deadline, count = (
            {word.text for word in talk.by_agent if word.taken},
            time.monotonic() + self.arrives,
            0,
        )
        while (left := deadline - time.monotonic()) > 0:
            query = f"account={ACCOUNT_OF[talk.provider]}&user={talk.user}&until_lines={count}&timeout={left:.1f}"
            lines = (await self.sim("GET", f"/graph/threads?{query}"))["threads"][0]["lines"]
            if wanted <= {line["text"] for line in lines if line["by"] != "user"}:
                return None
            count = len(lines) + 1
        raise Amiss("not everything arrived")

    async def given_back(self, talk: Talk, count: int = 1) -> None:
        """Until the bot was told so often that it has its user back; that a start failed is another matter."""
        deadline, told = time.monotonic() + self.arrives, 0
        while (left := deadline - time.monotonic()) > 0:
            path = f"/users/{talk.user}?until_states={told}&timeout={left:.1f}"
            states = [one["state"] for one in (await self.sim("GET", path))["states"]]
            if states.count(GIVEN_BACK) >= count:
                talk.whole = True
                return
            told = len(states) + 1

    async def _all_of(self, words: Iterable[Word], path: str, what: str) -> None:
        wanted = {word.text for word in words if word.taken}
        deadline, count = time.monotonic() + self.arrives, 0
        while (left := deadline - time.monotonic()) > 0:
            found = (await self.sim("GET", f"{path}{count}&timeout={left:.1f}"))[what]
            if wanted <= set(found):
                return
            count = len(found) + 1
        raise Amiss("not everything arrived")

    async def sim(self, method: str, path: str, body: object = None) -> Any:
        async with self.http.request(method, f"{self.world}/sim{path}", json=body) as answer:
            if answer.status >= 400:
                raise Amiss(f"{method} {path} answered {answer.status}: {await answer.text()}")
            return await answer.json()


def _options(talk: Talk) -> list[str]:
    return [f"{talk.number} no", _second_option(talk)]


def _second_option(talk: Talk) -> str:
    return f"{talk.number} yes"


def http(persists: float = PERSISTS) -> aiohttp.ClientSession:
    """As many sockets as there are people."""
    timeout = aiohttp.ClientTimeout(total=persists + 30)
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout)
