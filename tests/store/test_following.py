"""A conversation in a worker's hands while Salesforce moves or forgets it, or answers get lost."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from interconnections.desks import news
from interconnections.desks.live_agent.events import chat_ended, chat_refused, read_event
from interconnections.errors import ChatGone, DeskUnwell, HandedOver, LostOwnership, OutOfSequence
from interconnections.items import Change, Lane, Origin
from interconnections.lifecycle import Reason, Status
from interconnections.secret import Secret
from interconnections.store import by_hand, lanes, polls
from interconnections.store.connection import for_pages
from interconnections.store.keys import key
from interconnections.store.leases import Hold
from interconnections.worker.conversation_runner import ConversationRunner
from interconnections.worker.limits import seconds_left
from tests.store.conftest import Desk, text
from tests.store.hands import LOST, in_hands, until


class Quiet:
    """Nothing happens."""

    async def say(self, *what: Any) -> None:
        pass

    async def poll(self, *where: Any) -> news.Poll | None:
        await asyncio.sleep(3600)
        return None

    async def end(self, *what: Any) -> None:
        pass


class Moved(Quiet):
    """The server that had the chat answers 503, and no other has it."""

    async def say(self, *what: Any) -> None:
        raise HandedOver("503")

    async def reconnect(self, *where: Any) -> None:
        self.end = self.gone  # type: ignore[method-assign]
        raise ChatGone("403")

    async def gone(self, *what: Any) -> None:
        raise ChatGone("403")

    end = say


def over(desk: Desk, hold: Hold) -> Callable[[], Awaitable[bool]]:
    async def is_over() -> bool:
        return await desk.status(hold) == Status.CLOSED

    return is_over


async def test_what_met_the_503_of_a_chat_that_is_gone_is_told_to_be_lost(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "¿sigue ahí?")
    runner = await in_hands(desk, hold, Moved())
    await until(over(desk, hold))
    runner.drop()
    assert LOST in await desk.drain(hold, Lane.INTEGRATION)


@pytest.mark.parametrize("ends", ["the agent", "a refusal"])
async def test_what_meets_the_503_of_a_chat_that_ended_meanwhile_is_told_to_be_lost(desk: Desk, ends: str) -> None:
    hold = await desk.active()
    await desk.hear(hold, "¿sigue ahí?")

    class Ends(Quiet):
        """The message is on the wire all the while."""

        def __init__(self) -> None:
            self.met = asyncio.Event()

        async def say(self, *what: Any) -> None:
            self.met.set()
            await until(over(desk, hold))
            raise HandedOver("503")

        async def poll(self, *where: Any) -> news.Poll:
            await self.met.wait()
            if ends == "a refusal":
                raise ChatGone("403")
            return news.Poll(1, 7, (news.Event("ChatEnded", "{}", chat_ended("agent")),))

    runner = await in_hands(desk, hold, Ends())

    async def settled() -> bool:
        return await desk.status(hold) == Status.CLOSED and not (await desk.fields(hold.id)).get("uncertain")

    await until(settled)
    runner.drop()
    assert "¿sigue ahí?" in str(await desk.redis.lrange(key("lane", hold.id, Lane.INTEGRATION), 0, -1))


async def test_who_leaves_a_chat_that_was_moved_and_is_gone_is_given_back(desk: Desk) -> None:
    hold = await desk.active()
    await lanes.hang_up(desk.redis, hold.id, Reason.BOT_FINISHED)
    runner = await in_hands(desk, hold, Moved())
    await until(over(desk, hold))
    runner.drop()
    assert (await desk.fields(hold.id))["reason"] == Reason.BOT_FINISHED


@pytest.mark.parametrize("last", [chat_ended("agent"), chat_ended("agentsUnavailable"), chat_refused("Unavailable")])
async def test_who_is_returned_at_a_state_gets_there_though_the_desk_was_first(desk: Desk, last: news.News) -> None:
    hold = await desk.active()

    class Ends(Quiet):
        """As a supervisor orders the end behind our back."""

        async def poll(self, *where: Any) -> news.Poll:
            by_hand.end(for_pages(), hold.id, Reason.RETURNED, state="menu")
            return news.Poll(1, 7, (news.Event("ChatEnded", "{}", last),))

    runner = await in_hands(desk, hold, Ends(), rests=(Lane.SALESFORCE, Lane.INTEGRATION))
    await until(over(desk, hold))
    runner.drop()
    assert (await desk.fields(hold.id))["reason"] == Reason.RETURNED
    assert (await desk.drain(hold, Lane.INTEGRATION))[-1] == "menu"


async def test_what_an_agent_sent_and_nobody_can_read_is_told_to_both_and_counted(desk: Desk) -> None:
    class Odd(Quiet):
        """What the agent hears is ours."""

        def __init__(self) -> None:
            self.told, self.heard = False, list[str]()

        async def poll(self, *where: Any) -> news.Poll | None:
            if self.told:
                return await super().poll()
            self.told = True
            return news.Poll(1, 7, (read_event({"type": "ChatMessage", "message": {"text": ["hola"]}}),))

        async def say(self, access: Any, words: str, *more: Any) -> None:
            self.heard.append(words)

    hold, server = await desk.active(), Odd()
    runner = await in_hands(desk, hold, server)
    await until(lambda: len(server.heard) == 1)
    runner.drop()
    assert server.heard == ["**El usuario no puede ver lo último que se envió**"]
    assert await desk.drain(hold, Lane.INTEGRATION) == ["El agente envió algo que aquí no se puede mostrar."]
    counted = runner.lanes[Lane.SALESFORCE].bridge.tally.totals
    assert counted["tolerated:agent's message that cannot be shown"] == 1


async def test_what_the_end_changed_is_known_as_the_store_has_it(desk: Desk) -> None:
    """Also what was ordered behind our back, and learnt from no answer before."""
    hold = await desk.active()
    runner = await in_hands(desk, hold, Quiet())
    await lanes.hang_up(desk.redis, hold.id, Reason.BOT_FINISHED)
    runner.ring(Lane.SALESFORCE)
    await until(over(desk, hold))
    conversation = runner.conversation
    await until(lambda: conversation.status is Status.CLOSED)
    runner.drop()
    assert conversation.leaving


async def out_of_time(desk: Desk, **change: Any) -> ConversationRunner:
    """Whose waiting is over by its limit, and who was ended a moment ago, which nobody here knows."""
    hold = await desk.held(queuePosition="1")
    runner = await in_hands(desk, hold, Quiet(), rests=tuple(Lane), follows=False, waiting_limit=1)
    runner.conversation.waits_since = 1
    await polls.store_change(desk.redis, hold, Change(to=Status.FAILED, reason=Reason.NO_AGENT, **change))
    return runner


async def test_a_limit_orders_no_end_where_there_was_one(desk: Desk) -> None:
    runner = await out_of_time(desk, to_user=(text("adiós", Origin.BRIDGE),))
    assert await seconds_left(runner._follower.keeper) is None
    assert (runner.conversation.status, runner.conversation.leaving) == (Status.FAILED, False)


async def test_a_limit_orders_no_end_of_what_is_ours_no_more(desk: Desk) -> None:
    runner = await out_of_time(desk)
    with pytest.raises(LostOwnership):
        await seconds_left(runner._follower.keeper)


async def test_a_limit_whose_order_was_not_answered_is_known_to_be_ordered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = lanes.hang_up

    async def twice(*what: Any) -> tuple[str, str, str]:
        await really(*what)
        return await really(*what)

    monkeypatch.setattr(lanes, "hang_up", twice)
    hold = await desk.held(queuePosition="1")
    runner = await in_hands(desk, hold, Quiet(), rests=tuple(Lane), follows=False, waiting_limit=1)
    runner.conversation.waits_since = 1
    assert await seconds_left(runner._follower.keeper) is None
    assert runner.conversation.leaving
    assert (await desk.fields(hold.id))["leavingReason"] == Reason.NO_AGENT


# Answers of Redis that get lost


async def test_news_whose_answer_was_lost_are_known_all_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Luz(Quiet):
        told = 0

        async def poll(self, *where: Any) -> news.Poll | None:
            self.told += 1
            if self.told > 2:
                return await super().poll()
            what = news.AgentJoined("005", "Luz") if self.told == 1 else news.AgentSaid("hola", "Luz")
            return news.Poll(self.told, 7, (news.Event(type(what).__name__, "{}", what),))

    really = polls.store_news

    async def twice(*what: Any, **more: Any) -> polls.Stored:
        await really(*what, **more)
        return await really(*what, **more)

    monkeypatch.setattr(polls, "store_news", twice)
    hold = await desk.held()
    await desk.hear(hold, "¿hay alguien?")
    runner = await in_hands(desk, hold, Luz(), user_limit=300)

    async def heard() -> bool:
        return await desk.redis.hget("{bridge}:counters", "delivered:salesforce") == "2"  # welcome and question

    await until(heard)
    assert runner.conversation.status is Status.ACTIVE
    assert runner.conversation.accepted_at > 0  # else the user would count as silent since 1970
    runner.drop()
    fields = await desk.fields(hold.id)
    assert (fields["status"], fields.get("leaving")) == ("Active", None)
    assert "hola" in await desk.drain(hold, Lane.INTEGRATION)


async def test_what_the_user_answers_waits_until_it_is_known_to_what(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Options that are stored reach the user although Redis' answer to us got lost: "2" may come before we know."""

    class Asks(Quiet):
        def __init__(self) -> None:
            self.asked, self.heard = False, list[str]()

        async def poll(self, *where: Any) -> news.Poll | None:
            if self.asked:
                return await super().poll()
            self.asked = True
            what = news.AgentSaid("¿1 o 2?", "Luz")
            return news.Poll(1, 7, (news.Event("ChatMessage", "{}", what),))

        async def say(self, access: Any, words: str, *more: Any) -> None:
            self.heard.append(words)

    really, stored, answered = polls.store_news, asyncio.Event(), asyncio.Event()

    async def answers_late(*what: Any, **more: Any) -> polls.Stored:
        answer = await really(*what, **more)
        stored.set()
        await answered.wait()
        return answer

    monkeypatch.setattr(polls, "store_news", answers_late)
    hold, server = await desk.active(), Asks()
    runner = await in_hands(desk, hold, server)
    await stored.wait()
    await desk.hear(hold, "2")
    runner.ring(Lane.SALESFORCE)

    async def taken() -> bool:
        return bool((await desk.fields(hold.id)).get("boundNumber"))

    await until(taken)
    assert server.heard == []
    answered.set()
    await until(lambda: server.heard == ["2"])
    runner.drop()


# Numbers


class Numbered(Quiet):
    """Ill for a while, and its numbering is at `last`."""

    def __init__(self, ill: int, last: int | None) -> None:
        self.ill, self.last, self.taken = ill, last, []

    async def say(self, access: Any, words: str, sequence: int) -> None:
        if self.ill:
            self.ill -= 1
            raise DeskUnwell("answered 500")
        if self.last is None or sequence != self.last + 1:
            raise OutOfSequence(self.last)
        self.last = sequence
        self.taken.append(words)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("bridge.deliver", "bridge.desk_delivery", "worker.stumbles"):
        monkeypatch.setattr(f"interconnections.{module}.backoff", lambda tries, **more: 0.001)


@pytest.mark.usefixtures("at_once")
async def test_a_message_that_met_500s_is_rebound_all_the_same(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "hola")
    server = Numbered(ill=5, last=0)
    runner = await in_hands(desk, hold, server)
    await until(lambda: server.taken == ["hola"])
    runner.drop()


@pytest.mark.usefixtures("at_once")
async def test_a_session_that_takes_no_number_is_broken_and_both_are_told(desk: Desk) -> None:
    hold = await desk.active()
    await desk.hear(hold, "hola")
    runner = await in_hands(desk, hold, Numbered(ill=0, last=None))
    await until(over(desk, hold))
    runner.drop()
    fields = await desk.fields(hold.id)
    assert (fields["reason"], fields["endWord"]) == (Reason.LOST, "out of sequence")
    said = await desk.drain(hold, Lane.INTEGRATION)
    assert any("hola" in words for words in said)  # that it was not delivered


# Ours


@pytest.mark.usefixtures("at_once")
async def test_a_message_on_which_we_stumble_is_given_up_and_the_next_goes_on(desk: Desk) -> None:
    class Stumbling(Quiet):
        said: list[str] = []

        async def say(self, access: Any, words: str, sequence: int) -> None:
            self.said.append(words)
            if words == "uno":
                raise TypeError("nobody expected this")

    hold = await desk.active()
    await desk.hear(hold, "uno")
    await desk.hear(hold, "dos")
    server = Stumbling()
    runner = await in_hands(desk, hold, server)
    await until(lambda: "dos" in server.said)
    runner.drop()
    assert server.said == ["uno"] * 9 + ["dos"]
    [told] = await desk.drain(hold, Lane.INTEGRATION)
    assert "uno" in told


@pytest.mark.usefixtures("at_once")
async def test_news_on_which_we_stumble_are_carried_event_by_event(desk: Desk) -> None:
    class Tells(Quiet):
        """The same until it is acknowledged; half a character cannot be written."""

        def __init__(self) -> None:
            self.acks: list[int] = []

        async def poll(self, access: Any, ack: int, *more: Any) -> news.Poll | None:
            self.acks.append(ack)
            if ack == 1:
                return await super().poll()
            said = [news.AgentSaid(words, "Luz") for words in ("uno", "dos \ud83d", "tres")]
            return news.Poll(1, 7, tuple(news.Event("ChatMessage", f'"{n}"', each) for n, each in enumerate(said)))

    hold, server = await desk.active(), Tells()
    runner = await in_hands(desk, hold, server)
    await until(lambda: 1 in server.acks)
    runner.drop()
    assert server.acks == [-1] * 9 + [1]
    assert await desk.drain(hold, Lane.INTEGRATION) == ["uno", "tres"]
    assert [fields["data"] for _, fields in await desk.redis.xrange(key("events", hold.id))] == ['"0"', '"1"', '"2"']
    assert runner.lanes[Lane.SALESFORCE].bridge.tally.totals["polls stumbled"] == 8


@pytest.mark.usefixtures("at_once")
async def test_a_chat_whose_desk_we_cannot_hear_for_a_fault_of_ours_ends_as_lost(desk: Desk) -> None:
    class Stumbling(Quiet):
        async def poll(self, *where: Any) -> news.Poll:
            raise TypeError("nobody expected this")

    hold = await desk.active(window="300")
    runner = await in_hands(desk, hold, Stumbling())
    await until(over(desk, hold))
    runner.drop()
    assert (await desk.fields(hold.id))["reason"] == Reason.LOST


# Loops


async def counted(desk: Desk, server: Any, seconds: float = 2.0) -> int:
    """Polls in that time."""
    hold = await desk.active()
    runner = await in_hands(desk, hold, server)
    await asyncio.sleep(seconds)
    runner.drop()
    return int(server.polls)


class Moving(Quiet):
    """503 to every poll, and every ReconnectSession is answered."""

    polls = 0

    async def poll(self, *where: Any) -> news.Poll | None:
        self.polls += 1
        raise HandedOver("503")

    async def reconnect(self, *where: Any) -> tuple[Secret, bool]:
        return Secret(f"new{self.polls}"), True


class Hasty(Quiet):
    polls = 0

    def __init__(self, *answers: news.Poll | None) -> None:
        self.answers = answers

    async def poll(self, *where: Any) -> news.Poll | None:
        self.polls += 1
        return self.answers[min(self.polls, len(self.answers)) - 1]


EMPTY = [news.Poll(number, 7, ()) for number in range(10_000)]


@pytest.mark.parametrize(
    "server",
    [Moving(), Hasty(None), Hasty(*EMPTY), Hasty(news.Poll(1, 7, (news.Event("Other", "{}", news.Other()),)))],
    ids=["503 for ever", "204 at once", "empty 200s", "the same again"],
)
async def test_no_server_makes_us_ask_it_all_the_time(desk: Desk, server: Any) -> None:
    assert await counted(desk, server) < 20
