"""What agents and users do: say something at random moments, open chats through the bots' door."""

import asyncio
import json
import random
import time
from collections.abc import Callable, Coroutine

from benchmarks.fake_servers import Shores
from benchmarks.http11 import Lines
from benchmarks.user_ids import bridge_users, floor_users
from benchmarks.ways import Way

AT_ONCE = 16  # connects under way
SIDES = ("bridge", "floor")


class People:
    """`webhooks`: the lines to the webhook of each side, at one `address` of this `way`; `flows`: that bots name in
    turn.
    """

    def __init__(
        self,
        shores: Shores,
        sessions: int,
        webhooks: dict[str, Lines],
        way: Way,
        address: bytes,
        flows: tuple[str, ...] = (),
    ) -> None:
        self.shores, self.webhooks, self.way, self.address, self.flows = shores, webhooks, way, address, flows
        self.users = {"bridge": bridge_users(sessions), "floor": floor_users(sessions)}

    def all_listen(self, who: str, sessions: int) -> bool:
        """Somebody waits for news for the first `sessions` of this side."""
        return self.shores.listening(self.users[who][:sessions]) == sessions

    async def connect(self, lines: Lines, first: int, last: int) -> None:
        """Through the real door, several at once."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def connect(place: int, user: str) -> None:
            wish: dict[str, object] = {
                "userID": user,
                "name": user,
                **self.way.connects(),
            }
            if self.flows:
                wish["extraData"] = {"source_flow_bot": self.flows[place % len(self.flows)]}
            raw = json.dumps(wish | {"email": "ana@example.org"}).encode()
            async with gate:
                answer = await lines.post(b"/v1/chats/connect", raw)
            if answer.status != 200:
                raise RuntimeError(f"connect answered {answer.status}: {answer.body[:200]!r}")

        async with asyncio.TaskGroup() as under_way:
            for place in range(first, last):
                under_way.create_task(connect(place, self.users["bridge"][place]))

    async def agents_say(self, who: str, rate: float, count: int, sessions: int) -> None:
        async def say(turn: int) -> None:
            self.shores.say(self.users[who][turn % sessions])

        await _paced(rate, count, say)

    async def users_say(self, who: str, rate: float, count: int, sessions: int) -> list[float]:
        """Each through the webhook, one at a time for each user; ms that each was answered in."""
        answers: list[float] = []
        turns = [asyncio.Lock() for _ in range(sessions)]

        async def say(turn: int) -> None:
            async with turns[turn % sessions]:
                await post(turn)

        async def post(turn: int) -> None:
            number, road, began = self.shores.number(), self.shores.to_agent, time.perf_counter()
            headers, raw = self.way.says(self.users[who][turn % sessions], number)
            answer = await self.webhooks[who].post(self.address, raw, headers)
            if answer.status != 200:
                raise RuntimeError(f"the webhook answered {answer.status}: {answer.body[:200]!r}")
            road.leaves(number)
            answers.append((time.perf_counter() - began) * 1000)

        await _paced(rate, count, say)
        return answers

    def flood(self, who: str, ends: float) -> None:
        """Until `ends` each user's agent says the next thing as soon as the last one arrived."""

        def again(user: str) -> None:
            if time.perf_counter() < ends:
                self.shores.say(user)

        self.shores.to_user.then = again
        for user in self.users[who]:
            self.shores.say(user)


async def _paced(rate: float, count: int, act: Callable[[int], Coroutine[None, None, None]]) -> None:
    """At random moments, as people do; the same ones each time."""
    chance, at = random.Random(count), time.perf_counter()
    async with asyncio.TaskGroup() as under_way:
        for turn in range(count):
            at += chance.expovariate(rate)
            if (pause := at - time.perf_counter()) > 0:
                await asyncio.sleep(pause)
            under_way.create_task(act(turn))
