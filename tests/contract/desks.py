"""What every desk has to keep, whoever it is: a test class that each of them inherits, driven over HTTP.

A subclass brings its server and its agent (`at`); nothing here knows a desk by name.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from interconnections.desks import DESKS
from interconnections.desks.desk import Chat, Desk, Org, Rebase, Ref, Route, Sent, Visitor
from interconnections.desks.news import AgentJoined, AgentSaid, Ended, Event, Other
from interconnections.errors import DeskError, DeskRefused, DeskUnwell
from interconnections.models import SalesforceOrg
from interconnections.secret import Secret
from interconnections.transport import Transport, new_wire
from interconnections.wire import OpenReply, Reply, Stream, Unreachable

VISITOR = Visitor("5215512345678", "whatsapp", "Ana", "es-MX")
LEVELS = {"ok", "warning", "error"}
MOODS = {"plain", "good", "bad"}
ODD = ("", "{", "null", "[]", "0", '"x"', "{}", '{"message": 1}', '{"entryPayload": []}', "\ud83d", "x" * 9000)


@dataclass
class FaultyWire:
    """A real wire; `faults`: what becomes of the next requests: a status instead of them, or their answer is lost."""

    wire: Transport
    faults: list[Reply | None] = field(default_factory=list)

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | Stream | None = None,
        timeout: float = 30.0,
        once: bool = False,
    ) -> Reply:
        fault = self.faults.pop(0) if self.faults else NO_FAULT
        if fault is not None and fault is not NO_FAULT:
            return fault
        reply = await self.wire.send(method, url, headers=headers, body=body, timeout=timeout, once=once)
        if fault is None:
            raise Unreachable("ServerDisconnectedError")
        return reply

    async def open(self, method: str, url: str, *, headers: dict[str, str]) -> OpenReply:
        return await self.wire.open(method, url, headers=headers)


NO_FAULT = Reply(0, b"")


@dataclass
class OurHost:
    """Nobody else is at the limits, and every session is one of ours."""

    counts: Counter[str] = field(default_factory=Counter)

    async def turn(self, name: str, burst: int, seconds: float) -> None: ...

    async def is_ours(self, session_id: str) -> bool:
        return True

    def count(self, name: str, n: int = 1) -> None:
        self.counts[name] += n


@dataclass
class OurKeeper:
    """What is stored of a chat, in the test's hands."""

    configured: Org
    fields: dict[str, str]
    secrets: dict[str, Secret]
    counts: Counter[str] = field(default_factory=Counter)

    async def org(self) -> Org | None:
        return self.configured

    async def put(self, fields: Mapping[str, str], secrets: Mapping[str, Secret] | None = None) -> None:
        self.fields |= fields
        self.secrets |= secrets or {}

    async def quiet(self) -> None: ...

    async def rebase(self, epoch: str, rebase: Rebase) -> None:
        await self.put(rebase.fields, rebase.secrets)

    async def sent(self) -> Sent:
        return Sent([], None, [])

    def count(self, name: str, n: int = 1) -> None:
        self.counts[name] += n


@dataclass
class At:
    """A desk's server and its agent, as a subclass brings them."""

    org: Org
    route: Route
    stranger: Org  # one that the server does not know
    accept: Callable[[str], Awaitable[object]]
    say: Callable[[str, str], Awaitable[object]]
    end: Callable[[str], Awaitable[object]]
    tell: Callable[[str, str], Awaitable[object]]  # an event of this type, which nobody knows
    heard: Callable[[str], Awaitable[list[str]]]
    count: Callable[[], Awaitable[int]]  # of chats that agents were asked to serve


@dataclass
class Owned:
    """A chat in its owner's hands; `stored` is what listening gave, as the store would keep it."""

    desk: Desk
    wire: FaultyWire
    keeper: OurKeeper
    id: str
    chat: Chat
    stored: list[Event] = field(default_factory=list)
    before: list[str] = field(default_factory=list)  # what the agent read of the opening

    async def store(self, patience: float | None = 5) -> list[Event]:
        """One step: listened to and stored; what was stored before by its name is left out."""
        batch = await self.chat.listen(patience)
        if batch is None:
            return []
        known = {event.id for event in self.stored if event.id}
        fresh = [event for event in batch.events if event.id not in known]
        self.stored += fresh
        self.keeper.fields |= batch.fields
        if batch.mark is not None:
            self.keeper.fields["ack"] = batch.mark
        self.chat.learn(self.keeper.fields)
        self.chat.kept()
        return fresh

    async def until(self, kind: type[Any], count: int = 1) -> list[Any]:
        async with asyncio.timeout(60):
            while len(found := [event.news for event in self.stored if isinstance(event.news, kind)]) < count:
                await self.store()
        return found

    def taken_over(self) -> "Owned":
        """Another owner, who knows what is stored and nothing else."""
        chat = self.desk.chat(self.keeper.fields, self.keeper.secrets, self.keeper.configured, self.keeper)
        return replace(self, chat=chat, stored=list(self.stored))


class DeskContract:
    """Subclasses set these."""

    name: str  # its line in DESKS
    refused: type[DeskError] = DeskRefused  # what credentials that are not taken are
    statuses: Mapping[int, type[DeskError]]  # of an answer to a message
    types: tuple[str, ...]  # of events that it tells
    telling: frozenset[str]  # those of them that a supervisor reads a line of

    @asynccontextmanager
    async def at(self) -> AsyncIterator[At]:
        raise NotImplementedError
        yield

    @pytest.fixture
    async def shore(self) -> AsyncIterator[At]:
        async with self.at() as at:
            yield at

    @pytest.fixture
    async def wire(self) -> AsyncIterator[FaultyWire]:
        wire = new_wire()
        yield FaultyWire(wire)
        await wire.close()

    @pytest.fixture
    async def desk(self, wire: FaultyWire) -> Desk:
        return DESKS[self.name](wire, OurHost())

    @pytest.fixture
    async def owned(self, shore: At, desk: Desk, wire: FaultyWire) -> AsyncIterator[Owned]:
        """A chat that was asked for."""
        opened = await desk.open(shore.org, shore.route, VISITOR, "")
        fields = {"sessionId": opened.session_id, "name": "Ana", "userId": VISITOR.user_id, "provider": "whatsapp"}
        keeper = OurKeeper(shore.org, fields | dict(opened.fields), dict(opened.secrets))
        chat = desk.chat(keeper.fields, keeper.secrets, shore.org, keeper)
        await keeper.put({**await chat.start(), "started": "1"})
        chat.learn(keeper.fields)
        yield Owned(desk, wire, keeper, opened.session_id, chat)
        await chat.close()

    @pytest.fixture
    async def served(self, shore: At, owned: Owned) -> Owned:
        """An agent is there; where nothing waits for one, the first message came before them."""
        if not owned.desk.waits:
            await owned.chat.send("lo de antes", Ref("1", 1, first=True))
        await shore.accept(owned.id)
        await owned.until(AgentJoined)
        return replace(owned, before=await shore.heard(owned.id))

    # What it is

    def test_it_says_what_it_is(self):
        desk = DESKS[self.name]
        assert desk.label
        assert desk.text_limit > 0
        assert desk.pace is None or (desk.pace.burst > 0 and desk.pace.seconds > 0)

    def test_what_it_knows_is_told_in_words_or_not_at_all(self):
        for type in self.types:
            line = DESKS[self.name].describe(type, "{}", lambda rule: True)
            assert bool(line) is (type in self.telling), type
            assert line is None or (line.words and line.mood in MOODS)

    @pytest.mark.parametrize("kept", ODD)
    def test_whatever_was_kept_is_described_without_a_fall(self, kept):
        for type in (*self.types, "", "Nobody's", "x" * 500):
            line = DESKS[self.name].describe(type, kept, lambda rule: False)
            assert line is None or line.words

    # Opening

    async def test_receipts_of_what_the_agent_said_are_taken(self, shore: At, served: Owned) -> None:
        await shore.say(served.id, "uno")
        await served.until(AgentSaid)
        names = [event.id for event in served.stored if isinstance(event.news, AgentSaid) and event.id]
        await served.chat.receipts(dict.fromkeys(names, "delivered"))
        await served.chat.receipts(dict.fromkeys(names, "read"))

    async def test_a_good_org_has_no_mistakes(self, shore: At, desk: Desk) -> None:
        assert desk.mistakes(shore.org) == {}
        assert desk.doubts(shore.org) == {}

    async def test_an_empty_org_is_told_what_it_misses(self, desk: Desk) -> None:
        empty = SalesforceOrg(organization_id="")
        named = desk.mistakes(empty)
        assert named
        columns = {field.name for field in SalesforceOrg._meta.get_fields()}
        assert set(named) <= columns
        assert all(str(sentence).strip() for sentence in named.values())

    async def test_its_form_shows_columns_that_are_there(self, desk: Desk) -> None:
        columns = {field.name for field in SalesforceOrg._meta.get_fields()}
        shown = {name for column in desk.columns for name in ([column] if isinstance(column, str) else column)}
        assert shown <= columns
        assert not desk.deployment or desk.deployment in shown
        assert not shown or str(desk.about).strip()

    async def test_who_it_does_not_know_is_refused(self, shore: At, desk: Desk):
        with pytest.raises(DeskError) as caught:
            opened = await desk.open(shore.stranger, shore.route, VISITOR, "")
            fields = {"sessionId": opened.session_id, "name": "Ana", **opened.fields}
            await desk.chat(fields, opened.secrets, shore.stranger, None).start()
        assert isinstance(caught.value, self.refused)

    async def test_asking_how_it_is_never_fails(self, shore: At, desk: Desk, wire: FaultyWire):
        told = await desk.check(shore.org, [(shore.route, "the shop's")], wire)
        assert {one.level for one in told} <= LEVELS
        assert any(one.level == "ok" for one in told)
        wrong = await desk.check(shore.stranger, [], FaultyWire(wire.wire, [Reply(503, b"")] * 20))
        assert any(one.level in ("warning", "error") and one.mend for one in wrong)

    async def test_asking_whether_somebody_is_there_never_fails(self, shore: At, desk: Desk, wire: FaultyWire):
        for fault in (Reply(503, b""), Reply(200, b"{"), None):
            wire.faults[:] = [fault]
            assert (await desk.available(shore.org, shore.route)).open in (None, True, False)
        wire.faults.clear()

    async def test_a_start_that_is_asked_twice_is_one_chat(self, shore: At, owned: Owned):
        await owned.taken_over().chat.start()
        assert await shore.count() == 1

    # From the agent

    async def test_what_the_agent_says_comes_in_order(self, shore: At, served: Owned):
        for n in range(5):
            await shore.say(served.id, f"a{n}")
        assert [each.text for each in await served.until(AgentSaid, 5)] == [f"a{n}" for n in range(5)]

    async def test_a_cancelled_listener_has_lost_nothing(self, shore: At, served: Owned):
        listening = asyncio.create_task(served.chat.listen(None))
        await asyncio.sleep(0)
        listening.cancel()
        await asyncio.wait([listening])
        await shore.say(served.id, "¿sigue ahí?")
        assert [each.text for each in await served.until(AgentSaid)] == ["¿sigue ahí?"]

    async def test_what_was_given_and_not_stored_is_given_to_the_next_owner(self, shore: At, served: Owned):
        await shore.say(served.id, "una vez")
        async with asyncio.timeout(60):
            while (batch := await served.chat.listen(5)) is None or not batch.events:
                pass
        await served.chat.close()
        after = served.taken_over()
        assert [each.text for each in await after.until(AgentSaid)] == ["una vez"]
        await after.chat.close()

    async def test_what_it_does_not_know_is_kept_and_counted_under_no_name_of_theirs(self, shore: At, served: Owned):
        await shore.tell(served.id, "SomethingNew")
        await shore.say(served.id, "¿sigue ahí?")
        await served.until(AgentSaid)
        [strange] = [event for event in served.stored if event.type == "SomethingNew"]
        assert (strange.news, strange.counted) == (Other(), "unknown")
        assert strange.kept

    async def test_the_agents_end_is_told(self, shore: At, served: Owned):
        await shore.end(served.id)
        assert await served.until(Ended)

    # To the agent

    async def test_the_longest_text_goes_whole(self, shore: At, served: Owned):
        longest = "ñ" * served.desk.text_limit
        await served.chat.send(longest, Ref("2", 2))
        assert await shore.heard(served.id) == [*served.before, longest]

    async def test_a_message_whose_answer_was_lost_is_heard_once(self, shore: At, served: Owned):
        served.wire.faults[:] = [None]
        with pytest.raises(DeskUnwell):
            await served.chat.send("una vez", Ref("2", 2))
        try:
            await served.chat.send("una vez", Ref("2", 2, again=True))
        except DeskError as known:
            assert getattr(known, "actual", None) == 2, known  # the number says that it was taken
        assert await shore.heard(served.id) == [*served.before, "una vez"]

    async def test_a_status_says_what_to_do(self, shore: At, served: Owned):
        for number, (status, error) in enumerate(self.statuses.items(), 2):
            served.wire.faults[:] = [Reply(status, b"their words", retry_after=7.0)]
            with pytest.raises(error) as caught:
                await served.taken_over().chat.send("hola", Ref(str(number), 2))
            assert type(caught.value) is error, status
            assert "their words" not in str(caught.value)
            served.wire.faults.clear()
        assert await shore.heard(served.id) == served.before

    async def test_a_pause_that_it_asks_for_is_told(self, shore: At, served: Owned):
        served.wire.faults[:] = [Reply(429, b"", retry_after=7.0)]
        with pytest.raises(DeskUnwell) as caught:
            await served.chat.send("hola", Ref("2", 2))
        assert caught.value.wait == 7.0
        assert await shore.heard(served.id) == served.before

    async def test_an_end_that_is_over_already_is_none_to_complain_of(self, shore: At, served: Owned):
        await served.chat.end(Ref("2", 2), waiting=False)
        try:
            await served.taken_over().chat.end(Ref("3", 3), waiting=False)
        except DeskError as gone:
            assert not isinstance(gone, DeskUnwell | DeskRefused), gone
