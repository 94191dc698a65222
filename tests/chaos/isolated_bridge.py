"""A bridge of its own beside others: a Redis server, a web process and a worker, to one of which something happens.

It plays the same conversation again and again; most of that time is waiting, so several lanes share a machine.
"""

import asyncio
import itertools
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
from redis.asyncio import Redis

from interconnections.store.keys import key
from simulator.configuration import VERIFY_TOKEN
from simulator.leases import owned_in
from simulator.redis_server import RedisServer
from tests.chaos.arena import ACCOUNT_OF, BOT_OF, LIVE_AGENT, META, Arena
from tests.chaos.conversation import converse
from tests.chaos.fork_server import Forked, ForkServer
from tests.chaos.ledger import WAITING, Blow, Verdict, judge
from tests.chaos.people import GIVEN_BACK, Amiss, Talk, Wires, now
from tests.chaos.points import Outcome, Point

ARRIVES = 30.0  # s
COMES_UP = 30.0  # s
numbers = itertools.count(900_000)
FULL = 2.5  # s: longer than the short leases of crashing.py


class Lane:
    def __init__(self, arena: Arena, number: int, wires: Wires) -> None:
        self.arena, self.number = arena, number
        self._place = _reserved(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{self._place.getsockname()[1]}"
        webhooks = {name: hook.replace(arena.url, url) for name, hook in arena.webhooks.items()}
        self.wires = replace(wires, bridge=url, webhooks=webhooks, arrives=ARRIVES)
        self._redis = RedisServer()
        self._redis.start()
        self.env = arena.env | {"REDIS_URL": self._redis.url}
        self._reached = arena.directory / f"reached-{number}"
        self._count = itertools.count()
        self._forks = ForkServer(self.env, arena.directory / f"lane-{number}-forks.log")
        self._at_meta: set[str] = set()  # whose webhooks come here
        self._there: dict[str, Forked] = {}  # web and worker; they live on from talk to talk

    async def play(
        self, point: Point | None, desk: str = LIVE_AGENT, ending: str = "agent", provider: str = "whatsapp"
    ) -> Outcome:
        """One conversation; the process of `point` dies there, or both write down what they call: where nobody dies
        it is at this desk, with a user of this provider, and ends so.
        """
        if point:
            desk, ending, provider = point.desk, point.ending, point.provider
        with self._telling(point) as logs:
            await self._bring_up(point, logs)
            while point and self._reached.exists():  # a webhook of the talk before was repeated until now, and met it
                await self._give_room()
                await self._bring_up(point, logs)
            if provider in META and provider not in self._at_meta:
                await self._subscribe(provider, desk)
            blow = Blow("kill", 0)
            talks = _two_talks(provider, desk)
            after = asyncio.ensure_future(self._afterwards(point, blow, talks[0])) if point else None
            try:
                whole = converse(self.wires, talks, point, ending, self._stop_worker)
                await asyncio.wait_for(whole, 3 * ARRIVES)
            except (Amiss, TimeoutError) as trouble:
                talks[0].trouble = f"{type(trouble).__name__}: {trouble}"
            await asyncio.to_thread(self.arena.until_quiet, self.env["REDIS_URL"], ARRIVES)
            if after:
                if point and (point.when == "frozen" or not self._reached.exists()):
                    after.cancel()  # else it is let go on: half-way it would leave a dead process in its place
                with suppress(asyncio.CancelledError):
                    await asyncio.wait_for(after, ARRIVES)
            if point and not blow.at:
                await self._stop(point.who)  # it might die in the next talk, where nobody expects it
            if point and point.when == "full":
                await self._give_room()  # it may have been reached a moment ago, by a webhook that was sent again
            verdict = _judged(talks, await self.wires.sim("GET", "/ledger"), blow)
        return Outcome(
            point, self._reached.exists(), verdict, {who: _lines(env["CRASH_LOG"]) for who, env in logs.items()}
        )

    async def _subscribe(self, provider: str, desk: str) -> None:
        """Meta sends a number's and a page's webhooks to one address each: from here on to this lane's."""
        slug = BOT_OF[desk, provider]
        callback = f"{self.wires.bridge}/v1/bots/{slug}/webhook"
        wish = {"account": ACCOUNT_OF[provider], "callback": callback, "verify_token": VERIFY_TOKEN}
        await self.wires.sim("POST", "/graph/subscribe", wish)
        self._at_meta.add(provider)

    # Its processes

    async def _bring_up(self, point: Point | None, logs: dict[str, dict[str, str]]) -> None:
        """Both ready, the one of `point` new and doomed; or that point reached before anybody has spoken."""
        for who in ("web", "worker"):
            dying = point is not None and who == point.who
            if dying or point is None:
                await self._stop(who)
            if who not in self._there:
                await self._start(who, self._doom(point) if dying and point else logs.get(who, {}))
        await self._until_ready(point)

    async def _start(self, who: str, more: dict[str, str]) -> None:
        log = self.arena.directory / f"lane-{self.number}-{next(self._count):03}-{who}.log"
        if who == "worker":
            self._there[who] = await asyncio.to_thread(self._forks.fork, who, more, log)
            return
        with _reserved(self._place.getsockname()) as listener:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._there[who] = await asyncio.to_thread(self._forks.fork, who, more, log, listener)

    def _doom(self, point: Point) -> dict[str, str]:
        self._reached.unlink(missing_ok=True)
        return {"CRASH_AT": f"{point.call} {point.when}", "CRASH_REACHED": str(self._reached)}

    async def _afterwards(self, point: Point, blow: Blow, talk: Talk) -> None:
        """What follows when it has happened, and is over when the conversation is."""
        ends = [self._succeed(point.who, blow if point.dies else None)] if point.dies or point.stopped else []
        frees = [self._free()] if point.when == "full" else []
        thaws = [self._thaw(point.who, talk)] if point.when == "frozen" else []
        await asyncio.gather(*ends, *frees, *thaws)

    async def _free(self) -> None:
        """Redis has room again after a while."""
        try:
            while not self._reached.exists():
                await asyncio.sleep(0.01)
            await asyncio.sleep(FULL)
        finally:
            await self._give_room()

    async def _give_room(self) -> None:
        async with Redis.from_url(self.env["REDIS_URL"]) as client:
            await client.config_set("maxmemory", 0)

    async def _thaw(self, who: str, talk: Talk) -> None:
        """Another does its work meanwhile; then it wakes beside the other."""
        while not self._reached.exists():
            await asyncio.sleep(0.01)
        frozen = self._there[who]
        try:
            await self._start(who, {})
            while not await self._done_by_another(talk, frozen):
                await asyncio.sleep(0.01)
        finally:
            self._there[f"{who} that was frozen"] = frozen
            frozen.signal(signal.SIGCONT)

    async def _done_by_another(self, talk: Talk, frozen: Forked) -> bool:
        """It has another owner, and nothing is on its way to the user any more."""
        async with Redis.from_url(self.env["REDIS_URL"], decode_responses=True) as client:
            id = await client.hget(key("ids"), talk.chat) if talk.chat else None
            owner = await client.hget(key("hash", id), "owner") if id else None
            theirs = owner and f"-{frozen.pid}-" not in owner
            return bool(theirs and not await client.llen(key("lane", id, "integration")))

    async def _succeed(self, who: str, blow: Blow | None) -> None:
        """When the one that dies or was told to stop is gone, another takes its place."""
        going = self._there[who]
        while going.alive():
            await asyncio.sleep(0.01)
        if blow:
            blow.at = now()
        await self._start(who, {})

    async def _until_ready(self, point: Point | None) -> None:
        deadline = asyncio.get_running_loop().time() + COMES_UP
        while asyncio.get_running_loop().time() < deadline:
            if point and self._reached.exists():
                return
            with suppress(aiohttp.ClientError, OSError, ValueError):
                if (await self._tells("/readyz")).status == 200 and await self._holds_a_lease():
                    return
            await asyncio.sleep(0.05)
        found = (
            f"{who} (pid {process.pid}, {'alive' if process.alive() else 'gone'}):\n{process.tail()}"
            for who, process in self._there.items()
        )
        raise Amiss(f"lane {self.number} does not come up:\n" + "\n".join(found))

    async def _tells(self, path: str) -> aiohttp.ClientResponse:
        async with self.wires.http.get(self.wires.bridge + path) as answer:
            await answer.read()
            return answer

    async def _holds_a_lease(self) -> bool:
        """The worker that is there now, not one that died in the talk before."""
        return self._there["worker"].pid in owned_in(await (await self._tells("/metrics")).text())

    def _stop_worker(self) -> None:
        self._there["worker"].signal(signal.SIGTERM)

    async def _stop(self, who: str) -> None:
        if process := self._there.pop(who, None):
            await asyncio.get_running_loop().run_in_executor(None, process.stop, 10.0)

    @contextmanager
    def _telling(self, point: Point | None) -> Iterator[dict[str, dict[str, str]]]:
        """Where each process writes what it calls, while nobody is to die."""
        files = (
            {} if point else {who: self.arena.directory / f"calls-{self.number}-{who}" for who in ("web", "worker")}
        )
        for file in files.values():
            file.write_text("")
        yield {who: {"CRASH_LOG": str(file)} for who, file in files.items()}

    async def close(self) -> None:
        for who in list(self._there):
            await self._stop(who)
        self._forks.close()
        self._redis.stop()
        self._place.close()


def _reserved(address: tuple[str, int]) -> socket.socket:
    """A socket at this address, which other processes of ours may share."""
    place = socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    place.bind(address)
    return place


def _lines(file: str) -> list[str]:
    return Path(file).read_text().splitlines()


def _two_talks(provider: str, desk: str) -> tuple[Talk, Talk]:
    """Of the same user."""
    first, second = next(numbers), next(numbers)
    user = f"5215500{first}"
    return Talk(first, provider, user, desk), Talk(second, provider, user, desk)


def _judged(talks: tuple[Talk, Talk], ledger: Any, blow: Blow) -> Verdict:
    """By all rules, but for what belongs to the second talk: its notice, its state, its one chat."""
    talk, again = talks
    blows = [blow] if blow.at else []
    user = ledger["users"].get(talk.user)
    if user is None or not again.asked:
        return judge([talk], ledger, blows)
    rows = list(zip(user["texts"], user["received_at"], strict=True))
    notice = next((row for row in rows if row[0] == WAITING and row[1] >= again.asked), None)
    rows = [row for row in rows if row is not notice]
    for thread in ledger["threads"] if talk.at_meta else ():
        if thread["user"] == talk.user:
            thread["lines"] = [
                line for line in thread["lines"] if line["text"] != WAITING or line["at"] < again.asked
            ]
    told = [at for state, at in zip(user["states"], user["states_at"], strict=True) if state == GIVEN_BACK]
    ledger["users"][talk.user] = user | {
        "texts": [text for text, _ in rows],
        "received_at": [at for _, at in rows],
        "states": [GIVEN_BACK] * min(len(told), 1),
        "states_at": told[:1],
    }
    verdict = judge([talk], ledger, blows)
    verdict.again += ["state"] * (
        len(told) - 2
    )  # which of the two talks' nobody can tell; the point says where it may
    verdict.not_told += [again.name] * (len(told) < 2)
    begun = [chat for chat in ledger["chats"] if chat["visitor_name"] == again.name]
    verdict.second_chats += [f"{again.name}: {len(begun)} chats"] if len(begun) > 1 else []
    return verdict
