"""Salesforce moves a chat while both its halves are at work, and never answers ReconnectSession twice."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from interconnections.desks import news
from interconnections.errors import DeskRefused, DeskUnwell, HandedOver
from interconnections.items import Lane
from interconnections.secret import Secret
from interconnections.store import polls
from interconnections.store.keys import key
from tests.store.conftest import Desk
from tests.store.hands import in_hands, until

OLD, NEW = "old", "new"


class Server:
    """Strict: one ReconnectSession a hand-over, 503 to the old affinity, nothing before ChasitorSessionData."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.said: list[str] = []
        self.pending = True
        self.posted, self.may_answer, self.answered = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.told = False

    def _at_home(self, access: Any) -> None:
        if access.affinity.reveal() != NEW:
            self.pending = self.pending or self.told  # a 503 says: call ReconnectSession
            raise HandedOver("503")

    async def say(self, access: Any, words: str, sequence: int) -> None:
        self.calls.append("say")
        if access.affinity.reveal() != NEW:
            self.posted.set()
            await self.may_answer.wait()
            self.answered.set()
        self._at_home(access)
        assert self.calls.count("resync"), "a text before ChasitorResyncState"
        self.said.append(words)

    async def poll(self, access: Any, ack: int, patience: float | None = None) -> news.Poll | None:
        self.calls.append("poll")
        if access.affinity.reveal() != NEW:
            await self.posted.wait()
        self._at_home(access)
        if ack == -1:
            unseen = news.SessionData(by_agent=(("¿sigue ahí?", "Luz"),))
            return news.Poll(1, 7, (news.Event("ChasitorSessionData", "{}", unseen),))
        await asyncio.sleep(3600)
        return None

    async def reconnect(self, access: Any, offset: int) -> tuple[Secret, bool]:
        self.calls.append("reconnect")
        if not self.pending:
            raise DeskRefused("answered 405")
        self.pending, self.told = False, True
        return Secret(NEW), True

    async def resync(self, access: Any, organization: str) -> None:
        self.calls.append("resync")


class Forgetful(Server):
    """Its first answer to ReconnectSession is lost."""

    async def reconnect(self, access: Any, offset: int) -> tuple[Secret, bool]:
        first = "reconnect" not in self.calls
        answer = await super().reconnect(access, offset)
        if first:
            raise DeskUnwell("no answer")
        return answer


async def test_a_503_that_lane_and_poll_hear_is_one_hand_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = await desk.active()
    await desk.hear(hold, "hola")
    server, really = Server(), polls.store_change

    async def store_change(redis: Any, hold: Any, change: Any, *more: Any) -> polls.Stored:
        if change.fields.get("handover") == "reconnect":  # the POST's 503 comes while this is on its way
            server.may_answer.set()
            await server.answered.wait()
        return await really(redis, hold, change, *more)

    monkeypatch.setattr(polls, "store_change", store_change)
    runner = await in_hands(desk, hold, server)
    await until(lambda: bool(server.said))
    runner.drop()
    assert server.calls.count("reconnect") == 1
    assert server.said == ["hola"]
    assert await desk.drain(hold, Lane.INTEGRATION) == ["¿sigue ahí?"]


@pytest.mark.parametrize("make", [Server, Forgetful])
async def test_an_answer_to_reconnectsession_that_got_lost_is_asked_for_again(
    desk: Desk, make: Callable[[], Server]
) -> None:
    hold = await desk.active()
    await desk.hear(hold, "hola")
    server = make()
    server.may_answer.set()
    runner = await in_hands(desk, hold, server)
    await until(lambda: bool(server.said))
    runner.drop()
    assert server.said == ["hola"]
    assert await desk.drain(hold, Lane.INTEGRATION) == ["¿sigue ahí?"]


@pytest.mark.parametrize("note_first", [True, False])
async def test_a_note_stands_behind_what_is_still_to_be_compared(desk: Desk, note_first: bool) -> None:
    """In front of it nobody would know which message the new server is asked about, and the user's would go again."""

    class Noting(Server):
        async def poll(self, access: Any, ack: int, patience: float | None = None) -> news.Poll | None:
            found = await super().poll(access, ack, patience)
            told = (
                news.Event("ChatMessage", "{}", news.NotShown("ChatMessage")),
                news.Event("ChasitorSessionData", "{}", news.SessionData(by_user=(("hola",),))),
            )
            return found and replace(found, events=told if note_first else told[::-1])

    hold = await desk.active()
    await desk.hear(hold, "hola")
    server = Noting()
    server.may_answer.set()
    runner = await in_hands(desk, hold, server)

    async def all_said() -> bool:
        return bool(server.said) and not await desk.redis.exists(key("lane", hold.id, "salesforce"))

    await until(all_said)
    runner.drop()
    assert server.said == ["**El usuario no puede ver lo último que se envió**"]


async def test_a_503_without_a_hand_over_keeps_numbers_and_ack(desk: Desk) -> None:
    class Hiccup(Server):
        async def poll(self, access: Any, ack: int, patience: float | None = None) -> news.Poll | None:
            self.calls.append(f"poll {ack}")
            if len(self.calls) == 1:
                raise HandedOver("503")
            await asyncio.sleep(3600)
            return None

    hold = await desk.active()
    await desk.news(hold, -1, 5)
    server = Hiccup()
    server.pending = False
    runner = await in_hands(desk, hold, server)
    await until(lambda: server.calls[-1:] == ["poll 5"] and len(server.calls) == 3)
    runner.drop()
    assert server.calls == ["poll 5", "reconnect", "poll 5"]
    assert (await desk.fields(hold.id)).get("handover", "") == ""


async def test_an_order_to_stop_waits_for_the_answer_to_reconnectsession(desk: Desk) -> None:
    class Slow(Server):
        async def reconnect(self, access: Any, offset: int) -> tuple[Secret, bool]:
            answer = await super().reconnect(access, offset)
            await self.may_answer.wait()
            return answer

    hold = await desk.active()
    server = Slow()
    server.posted.set()
    runner = await in_hands(desk, hold, server)
    await until(lambda: "reconnect" in server.calls)
    poll = runner.stop_polling()
    assert poll
    await asyncio.sleep(0)
    server.may_answer.set()
    await asyncio.wait([poll])
    assert (await desk.fields(hold.id))["handover"] == "data"
    runner.drop()
