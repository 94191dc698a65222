"""A crowd: slots that live one conversation after the other while things break.

Connect, a word while waiting, an agent, words both ways, the end right behind the last word, and the bot has its
user back.
"""

import asyncio
import itertools
import random
import threading
import time
from dataclasses import dataclass

from simulator.clients import BotCaller
from tests.chaos.arena import CLOUD, DESK_OF, DESKS, ENHANCED_CHAT, META, PAGE, Arena
from tests.chaos.people import LOCKED_OUT, PERSISTS, Talk, Wires, http

FEW = 6  # words of a user whose desk takes ten at once, the welcome and two around the talk among them
META_EVERY, AT_META = 8, {4: CLOUD, 6: PAGE}  # of eight slots these two
numbers = itertools.count(1)


@dataclass(frozen=True)
class Manner:
    """How people talk.  `turns`: words of each side a conversation; `pace`: words a second of each side."""

    slots: int = 8
    turns: int = 12
    pace: float = 4.0
    shuffled: bool = False  # the platform repeats and reorders its webhooks
    messenger_every: int = 4  # each n-th slot is on Messenger
    desks: tuple[str, ...] = DESKS  # one slot after the other, on WhatsApp and on Messenger alike
    meta: bool = False  # everybody speaks to Meta itself, on its two platforms by turns
    persists: float = PERSISTS  # s that a platform goes on sending a webhook, and a bot asking


class Crowd:
    """`with Crowd(…) as crowd:` they talk, in a thread of their own; then until every chat came to its end."""

    def __init__(self, arena: Arena, manner: Manner, seed: int) -> None:
        self.arena, self.manner, self.random = arena, manner, random.Random(seed)
        self.talks: list[Talk] = []
        self.enough = False
        self._hurry_until = self._hush_until = 0.0
        self._headers = BotCaller(arena.url).headers
        self._thread = threading.Thread(target=lambda: asyncio.run(self._everybody()), daemon=True)

    def __enter__(self) -> "Crowd":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.enough = True
        self._thread.join(LOCKED_OUT + 2 * self.manner.persists)
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

    def hush(self, seconds: float) -> None:
        """Nobody speaks: every poll stays open."""
        self._hurry_until, self._hush_until = 0.0, time.monotonic() + seconds

    # The people

    async def _everybody(self) -> None:
        arena = self.arena
        persists = self.manner.persists
        async with http(persists) as client:
            self._wires = Wires(client, arena.world.url, arena.url, arena.webhooks, self._headers, persists=persists)
            await asyncio.gather(*(self._slot(slot) for slot in range(self.manner.slots)))

    async def _slot(self, slot: int) -> None:
        await asyncio.sleep(slot * 0.05)
        provider = "whatsapp" if (slot + 1) % self.manner.messenger_every else "messenger"
        desk = self.manner.desks[(slot + slot // self.manner.messenger_every) % len(self.manner.desks)]
        way = META[slot % 2] if self.manner.meta else AT_META.get(slot % META_EVERY)
        if way and DESK_OF[way] in self.manner.desks:
            provider, desk = way, DESK_OF[way]
        while not self.enough:
            number = next(numbers)
            talk = Talk(number, provider, f"52155{self.random.randrange(10**4):04}{number:05}", desk)
            self.talks.append(talk)
            try:
                await self._talk(talk)
            except Exception as trouble:
                talk.trouble = f"{type(trouble).__name__}: {trouble}"
                return  # the ledger says what is amiss

    async def _talk(self, talk: Talk) -> None:
        wires = self._wires
        await wires.greet(talk)
        await wires.connect(talk)
        await wires.user_says(talk)
        await wires.accept(talk)
        await asyncio.gather(self._user(talk), self._agent(talk))
        await wires.heard(talk)  # a bot that finishes a chat which still waits takes the waiting words along
        if talk.number % 2:
            await wires.agent_says(talk)
            await wires.agent_ends(talk)
            talk.ended = "agent"
        else:
            await wires.received(talk)  # what an agent says into the end is Salesforce's
            await wires.user_says(talk)
            await wires.finish(talk)
            talk.ended = "bot"
        await wires.heard(talk)
        await wires.received(talk)
        await wires.given_back(talk)

    async def _user(self, talk: Talk) -> None:
        turns = min(self.manner.turns, FEW) if talk.desk == ENHANCED_CHAT else self.manner.turns
        while len(talk.by_user) < turns and not self.enough:
            await (self._shuffled(talk) if self.manner.shuffled else self._wires.user_says(talk))
            await self._breath()

    async def _agent(self, talk: Talk) -> None:
        while len(talk.by_agent) < self.manner.turns and not self.enough:
            await self._wires.agent_says(talk)
            await self._breath()

    async def _breath(self) -> None:
        pause = self.random.expovariate(self.manner.pace)
        if time.monotonic() > self._hurry_until:
            await asyncio.sleep(min(pause, 4 / self.manner.pace))
        while (left := self._hush_until - time.monotonic()) > 0:
            await asyncio.sleep(left)

    async def _shuffled(self, talk: Talk) -> None:
        """Two words in the wrong order, one of them several times at once, and one from before once more."""
        late = self.random.choice(talk.by_user)
        first, second = talk.word_of_user(), talk.word_of_user()
        await self._wires.post(talk, second, repeat=self.random.choice((1, 3)))
        first.began = second.taken or first.began
        await self._wires.post(talk, first)
        await self._wires.post(talk, late)
