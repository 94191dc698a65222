"""People who talk with agents while things break: bots that open chats, users and agents who speak, and what
each of them did, with its time.

A slot lives one conversation after the other: connect, a word while waiting, an agent, words both ways, the end
right behind the last word, and the bot has its user back.  Everybody behaves as the sheets say: a platform sends
again what was not answered 200, a bot asks again when it got no answer.
"""

import asyncio
import itertools
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from simulator.callers import BotCaller
from tests.chaos.arena import BOT_OF, WIRE_WORD, Arena

PERSISTS = 90.0  # seconds that a platform goes on sending a webhook, and a bot asking
ARRIVES = 90.0  # seconds after the last fault within which everything must have arrived
LOCKED_OUT = 100.0  # seconds after which nobody waits for a start that died any longer
numbers = itertools.count(1)


def now() -> float:
    """Milliseconds since 1970, as the simulator's ledger writes them."""
    return time.time() * 1000


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
    chat: str = ""
    asked: float = 0  # ms; the first connect
    opened: float = 0
    failed: int = 0  # connects that were answered 500: no chat, and the bot is told at its timeout state
    unanswered: int = 0  # connects that may have been so answered
    by_user: list[Word] = field(default_factory=list)
    by_agent: list[Word] = field(default_factory=list)
    ended: str = ""  # by whom: agent | bot
    whole: bool = False  # it came to its end, and everything with it
    trouble: str = ""

    @property
    def name(self) -> str:
        return f"Ana {self.number}"


@dataclass(frozen=True)
class Manner:
    """How people talk.  `turns`: words of each side a conversation; `pace`: words a second of each side."""

    slots: int = 8
    turns: int = 12
    pace: float = 4.0
    shuffled: bool = False  # the platform repeats and reorders its webhooks
    messenger_every: int = 4  # each n-th slot is on Messenger


class Crowd:
    """`with Crowd(…) as crowd:` they talk, in a thread of their own; then until every chat came to its end."""

    def __init__(self, arena: Arena, manner: Manner, seed: int) -> None:
        self.arena, self.manner, self.random = arena, manner, random.Random(seed)
        self.talks: list[Talk] = []
        self.enough = False
        self._hurry_until = 0.0
        self._headers = BotCaller(arena.url).headers
        self._thread = threading.Thread(target=lambda: asyncio.run(self._everybody()), daemon=True)

    def __enter__(self) -> "Crowd":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.enough = True
        self._thread.join(LOCKED_OUT + PERSISTS + ARRIVES)
        assert not self._thread.is_alive(), "the crowd does not come to its end"

    # What the director may ask

    def said(self) -> int:
        return sum(len(talk.by_user) + len(talk.by_agent) for talk in list(self.talks))

    def until_said(self, count: int, patience: float = 600) -> None:
        deadline = time.monotonic() + patience
        while self.said() < count:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise AssertionError(f"only {self.said()} of {count} words were said in {patience:.0f} s")
            time.sleep(0.02)

    def hurry(self, seconds: float) -> None:
        """Everybody speaks without a pause: something is in flight, always."""
        self._hurry_until = time.monotonic() + seconds

    # The people

    async def _everybody(self) -> None:
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=PERSISTS + 30)
        ) as self._http:
            await asyncio.gather(*(self._slot(slot) for slot in range(self.manner.slots)))

    async def _slot(self, slot: int) -> None:
        await asyncio.sleep(slot * 0.05)
        provider = (
            "messenger" if slot % self.manner.messenger_every == self.manner.messenger_every - 1 else "whatsapp"
        )
        while not self.enough:
            number = next(numbers)
            talk = Talk(number, provider, f"52155{self.random.randrange(10**4):04}{number:05}")
            self.talks.append(talk)
            try:
                await self._talk(talk)
            except Exception as trouble:
                talk.trouble = talk.trouble or f"{type(trouble).__name__}: {trouble}"
            if talk.trouble:
                return

    async def _talk(self, talk: Talk) -> None:
        await self._connect(talk)
        await self._user_says(talk)
        await self._sim("POST", f"/chats/{talk.chat}/accept", {})
        await asyncio.gather(self._user(talk), self._agent(talk))
        await self._heard(talk)  # a bot that finishes a chat which still waits takes the waiting words along
        if talk.number % 2:
            await self._agent_says(talk)
            await self._sim("POST", f"/chats/{talk.chat}/end", {})
            talk.ended = "agent"
        else:
            await self._received(talk)
            await self._user_says(talk)
            await self._finish(talk)
            talk.ended = "bot"
        await self._heard(talk)
        await self._received(talk)
        found = await self._sim("GET", f"/users/{talk.user}?until_states=1&timeout={ARRIVES}")
        talk.whole = bool(found["states"])

    async def _user(self, talk: Talk) -> None:
        while len(talk.by_user) < self.manner.turns and not self.enough:
            await (self._user_says_shuffled(talk) if self.manner.shuffled else self._user_says(talk))
            await self._breath()

    async def _agent(self, talk: Talk) -> None:
        while len(talk.by_agent) < self.manner.turns and not self.enough:
            await self._agent_says(talk)
            await self._breath()

    async def _breath(self) -> None:
        pause = self.random.expovariate(self.manner.pace)
        if time.monotonic() > self._hurry_until:
            await asyncio.sleep(min(pause, 4 / self.manner.pace))

    # What they do

    async def _connect(self, talk: Talk) -> None:
        """The bot asks until it knows: 200, or 409 with the state of what its lost answer spoke of."""
        wish = {
            "userID": talk.user, "name": talk.name, "provider": WIRE_WORD[talk.provider], "email": "ana@example.org",
            "botSlug": BOT_OF[talk.provider], "botId": "525500009999",
        }  # fmt: skip
        talk.asked = now()
        deadline = time.monotonic() + LOCKED_OUT
        while True:
            status, text = await self._bot("POST", "/v1/chats/connect", wish)
            if status == 200 or (status == 409 and ("(OnHold" in text or "(Active" in text)):
                break
            talk.failed += status == 500
            talk.unanswered += status == 0
            if time.monotonic() > deadline:
                talk.trouble = f"not opened: {status} {text[:200]}"
                raise AssertionError(talk.trouble)
            await asyncio.sleep(0.3)
        talk.opened = now()
        found = await self._sim("GET", f"/chats?visitor_name={talk.name}&status=waiting&until=1&timeout={ARRIVES}")
        talk.chat = found["chats"][-1]["id"]

    async def _finish(self, talk: Talk) -> None:
        deadline = time.monotonic() + PERSISTS
        while time.monotonic() < deadline:
            status, _ = await self._bot("DELETE", f"/v1/chat/finish/{talk.user}?bot={BOT_OF[talk.provider]}", None)
            if status in (200, 404):  # 404: an earlier order, whose answer was lost, has been carried out
                return
            await asyncio.sleep(0.3)
        raise AssertionError("the bot could not finish the chat")

    async def _user_says(self, talk: Talk) -> None:
        await self._post(talk, self._new_word(talk))

    def _new_word(self, talk: Talk) -> Word:
        word = Word(f"{talk.number} u{len(talk.by_user)}", now())
        talk.by_user.append(word)
        return word

    async def _post(self, talk: Talk, word: Word, repeat: int = 1) -> None:
        """The platform's webhook, sent until it is taken."""
        wish: dict[str, object] = {
            "text": word.text, "id": f"{talk.user}.{word.text}", "provider": WIRE_WORD[talk.provider],
            "persist": PERSISTS, "repeat": repeat, "together": True,
        }  # fmt: skip
        answer = await self._sim("POST", f"/users/{talk.user}/say", wish)
        if any(one["status"] == 200 for one in answer["answers"]):
            word.taken = word.taken or now()
        else:
            raise AssertionError(f"a webhook was answered {answer['answers']}")

    async def _user_says_shuffled(self, talk: Talk) -> None:
        """Two words in the wrong order, one of them several times at once, and one from before once more."""
        first, second = self._new_word(talk), self._new_word(talk)
        late = self.random.choice(talk.by_user[:-2])
        second.began = now()
        await self._post(talk, second, repeat=self.random.choice((1, 3)))
        first.began = now()
        await self._post(talk, first)
        await self._post(talk, late)

    async def _agent_says(self, talk: Talk) -> None:
        word = Word(f"{talk.number} a{len(talk.by_agent)}", now())
        talk.by_agent.append(word)
        await self._sim("POST", f"/chats/{talk.chat}/say", {"text": word.text})
        word.taken = now()

    async def _heard(self, talk: Talk) -> None:
        await self._all_of(talk.by_user, f"/chats/{talk.chat}?until_heard=", "heard")

    async def _received(self, talk: Talk) -> None:
        await self._all_of(talk.by_agent, f"/users/{talk.user}?until_received=", "texts")

    async def _all_of(self, words: list[Word], path: str, what: str) -> None:
        """Wait until every word is there; who waits in vain leaves it to the ledger to say so."""
        wanted = {word.text for word in words if word.taken}
        deadline, count = time.monotonic() + ARRIVES, 0
        while (left := deadline - time.monotonic()) > 0:
            found = (await self._sim("GET", f"{path}{count}&timeout={left:.1f}"))[what]
            if wanted <= set(found):
                return
            count = len(found) + 1
        raise AssertionError("not everything arrived")

    # The wires

    async def _sim(self, method: str, path: str, body: object = None) -> Any:
        async with self._http.request(method, f"{self.arena.world.url}/sim{path}", json=body) as answer:
            if answer.status >= 400:
                raise AssertionError(f"{method} {path} answered {answer.status}: {await answer.text()}")
            return await answer.json()

    async def _bot(self, method: str, path: str, body: object) -> tuple[int, str]:
        """(0, "") when there was no answer."""
        try:
            async with self._http.request(method, self.arena.url + path, json=body, headers=self._headers) as answer:
                return answer.status, await answer.text()
        except aiohttp.ClientError:
            return 0, ""
