"""Whatever becomes of the stream, a user is told each of the agent's texts once, and in order."""

import asyncio
import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interconnections.desks import news
from interconnections.desks.enhanced_chat import gap
from interconnections.desks.enhanced_chat.chat import EnhancedChatChat
from interconnections.desks.enhanced_chat.entries import read_entries
from interconnections.one_by_one import OneByOne
from interconnections.secret import Secret
from interconnections.wire import Unreachable

CONVERSATION = "3f2b8c1a-77c1-4f0e-9a55-0d6c2b1e4a10"


class Server:
    """Keeps all entries; its streams repeat what their log still has, and break when they are told to."""

    by_start = by_end = True  # does it go by the moments of which it is asked?
    end_included = True
    pages_from_end = 0

    def __init__(self) -> None:
        self.entries_: list[dict[str, Any]] = []
        self.log: list[tuple[int, dict[str, Any]]] = []  # of which a stream repeats
        self.streams: list[Stream] = []
        self.twice = False

    def say(self, words: str) -> None:
        number = len(self.entries_) + 1
        payload = {
            "entryType": "Message",
            "id": f"e{number}",
            "abstractMessage": {
                "messageType": "StaticContentMessage",
                "id": f"e{number}",
                "staticContent": {"formatType": "Text", "text": words},
            },
        }
        entry = {
            "identifier": f"e{number}",
            "entryType": "Message",
            "entryPayload": json.dumps(payload),
            "sender": {"role": "Agent"},
            "transcriptedTimestamp": 1_780_000_000_000 + number // 3,  # some share a moment
        }
        self.entries_.append(entry)
        self.log.append((number, entry))
        for stream in self.streams:
            stream.tell(number, entry)
            if self.twice:
                stream.tell(number, entry)

    def drop(self) -> None:
        self.streams = []

    # As the client

    async def open_stream(self, access: Any, last: str, now: float) -> "Stream":
        stream = Stream(self)
        for number, entry in self.log:
            if number > int(last or 0):
                stream.tell(number, entry)
        self.streams.append(stream)
        return stream

    async def entries(
        self, access: Any, conversation: str, *, since: int = 0, until: int = 0, from_end: bool = False, **more: Any
    ) -> Any:
        self.pages_from_end += from_end
        since, ends = since * self.by_start, until + self.end_included if until and self.by_end else 10**14
        found = [row for row in self.entries_ if since <= row["transcriptedTimestamp"] < ends]
        rows = [self.told(row) for row in (found[::-1] if from_end else found)[:50]]
        return read_entries(json.dumps({"conversationEntries": rows}).encode(), from_end=from_end)

    def told(self, row: dict[str, Any]) -> dict[str, Any]:
        return row


class Stream:
    status, retry_after = 200, None

    def __init__(self, server: Server) -> None:
        self.server, self.waiting = server, b""

    def tell(self, number: int, entry: dict[str, Any]) -> None:
        data = json.dumps({"conversationId": CONVERSATION, "conversationEntry": entry})
        self.waiting += f"id: {number}\nevent: CONVERSATION_MESSAGE\ndata: {data}\n\n".encode()

    async def read(self, timeout: float) -> bytes:
        if self not in self.server.streams:
            return b""  # what was on its way is lost with it
        if not self.waiting:
            raise Unreachable("silence", silent=True)
        told, self.waiting = self.waiting, b""
        return told

    def close(self) -> None: ...


class Reader:
    """Stores what it hears as the worker does: whole, with its mark, and by the names of events."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.fields: dict[str, str] = {"sessionId": CONVERSATION, "ack": "0"}
        self.known: set[str] = set()
        self.told: list[str] = []
        self.take_over()

    def take_over(self) -> None:
        host: Any = SimpleNamespace(count=lambda *what: None)
        tokens, opening = {"sessionKey": Secret("t")}, OneByOne(50, 0.01)
        self.chat = EnhancedChatChat(self.server, host, opening, self.fields, tokens, None)  # type: ignore[arg-type]

    async def listen(self, *, stored: bool = True) -> bool:
        self.chat.stream._broken = 0  # no pause in a test
        batch = await self.chat.listen(0.01)
        if batch is None or not stored:
            return batch is not None
        for event in batch.events:
            if event.id not in self.known:
                self.known.add(event.id)
                assert isinstance(event.news, news.AgentSaid)
                self.told.append(event.news.text)
        self.fields |= dict(batch.fields) | ({} if batch.mark is None else {"ack": batch.mark})
        self.chat.learn(self.fields)
        self.chat.kept()
        return True


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(1, 60)),
        st.tuples(
            st.sampled_from(["drop", "forget", "take over", "listen", "not stored", "twice", "one moment"]),
            st.just(0),
        ),
    ),
    max_size=25,
)


class Deaf(Server):
    """It gives the oldest page, from whatever moment it is asked."""

    by_start = False


class DeafAndShort(Deaf):
    """The moment to which it is asked is not told any more."""

    end_included = False


@pytest.mark.parametrize("kind", [Server, Deaf])
@settings(deadline=None)
@given(STEPS)
def test_a_text_is_told_once_and_in_order_whatever_becomes_of_the_stream(
    kind: type[Server], steps: list[tuple[str, int]]
) -> None:
    asyncio.run(played(steps, kind))


@pytest.mark.parametrize("kind", [Deaf, DeafAndShort])
@pytest.mark.parametrize("missed", [1, 49, 50, 51, 260])
def test_what_lies_behind_the_only_page_that_a_server_gives_is_found_from_the_end(
    missed: int, kind: type[Server]
) -> None:
    steps = [("say", 120), ("listen", 0), ("listen", 0), ("forget", 0), ("say", missed), ("forget", 0)]
    server = asyncio.run(played(steps, kind))
    assert server.pages_from_end <= missed // 47 + 2  # those of a moment may be told by two pages


@pytest.mark.parametrize("moment", [1_780_000_000, 1_780_000_000_000_000, 0])
def test_a_moment_of_another_unit_ends_no_way_back(moment: int) -> None:
    class Odd(Deaf):
        def told(self, row: dict[str, Any]) -> dict[str, Any]:
            return row | {"transcriptedTimestamp": moment} if row["identifier"] == "e240" else row

    asyncio.run(played([("say", 120), ("listen", 0), ("listen", 0), ("forget", 0), ("say", 130), ("forget", 0)], Odd))


def test_of_a_server_that_goes_by_no_moment_the_latest_page_is_told_and_the_hole_is_counted() -> None:
    class Deafest(Deaf):
        by_end = False

    async def told() -> tuple[list[str], list[str]]:
        server, counted = Deafest(), list[str]()
        reader = Reader(server)
        for number in range(120):
            server.say(f"texto {number}")
        while len(reader.told) < 120:
            await reader.listen()
        server.drop()
        for number in range(120, 200):
            server.say(f"texto {number}")
        server.log = []
        reader.chat.host = SimpleNamespace(count=lambda name, n=1: counted.append(name))  # type: ignore[assignment]
        while "texto 199" not in reader.told:
            await reader.listen()
        return reader.told[120:], counted

    said, counted = asyncio.run(asyncio.wait_for(told(), 20))
    assert said == [f"texto {number}" for number in range(150, 200)]
    assert "tolerated:entries that cannot be asked for" in counted


async def played(steps: list[tuple[str, int]], kind: type[Server] = Server) -> Server:
    server = kind()
    reader, said = Reader(server), []
    for what, count in steps:
        match what:
            case "say":
                for _ in range(count):
                    said.append(f"texto {len(said)}")
                    server.say(said[-1])
            case "drop":
                server.drop()
            case "forget":
                server.drop()
                server.log, server.pages_from_end = [], 0
            case "take over":
                reader.take_over()
            case "twice":
                server.twice = not server.twice
            case "listen" | "not stored":
                await reader.listen(stored=what == "listen")
    ends = time.monotonic() + 5
    while reader.told != said and time.monotonic() < ends:
        await reader.listen()
    assert reader.told == said
    return server


def test_what_came_before_the_stream_called_its_token_expired_is_told() -> None:
    async def told() -> list[str]:
        server = Server()
        reader = Reader(server)
        await reader.listen()  # opened; an anonymous user's token cannot be renewed
        server.say("uno")
        server.streams[0].waiting += b"Jwt is expired"
        await reader.listen()
        return reader.told

    assert asyncio.run(told()) == ["uno"]


class Stubborn(Server):
    """The same page, whatever is asked for."""

    pages = 0

    def __init__(self, since: dict[str, int]) -> None:
        super().__init__()
        for number in range(60):
            self.say(f"texto {number}")
        self.page = [
            {name: row[name] for name in row if name != "transcriptedTimestamp"} | since for row in self.entries_
        ]

    async def entries(self, access: Any, conversation: str, **more: Any) -> Any:
        self.pages += 1
        return read_entries(json.dumps({"conversationEntries": self.page[:50]}).encode())


@pytest.mark.parametrize("since", [{}, {"transcriptedTimestamp": 1_780_000_000_000}], ids=["no moment", "one moment"])
def test_a_server_that_gives_the_same_page_again_and_again_is_left_at_that(since: dict[str, int]) -> None:
    async def told() -> list[str]:
        reader = Reader(server)
        while len(reader.told) < 60:
            await reader.listen()
        return reader.told

    server = Stubborn(since)
    assert asyncio.run(asyncio.wait_for(told(), 20)) == [f"texto {number}" for number in range(60)]
    assert server.pages <= 6


def test_a_gap_of_more_pages_than_are_held_at_once_is_told_in_order() -> None:
    steps = [("say", 260), ("forget", 0), ("listen", 0), ("say", 5)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gap, "PAGES_AT_ONCE", 2)
        asyncio.run(played(steps))


@pytest.mark.parametrize("moment", [1_780_000_000_000_000, 10**17, -1, "soon"])
def test_a_moment_that_cannot_be_one_hides_nothing_of_a_gap(moment: object) -> None:
    """As one entry of many is told in microseconds: what is asked for next would lie behind all that there is."""

    class Odd(Server):
        def told(self, row: dict[str, Any]) -> dict[str, Any]:
            return row | {"transcriptedTimestamp": moment} if row["identifier"] == "e21" else row

    async def told() -> list[str]:
        server = Odd()
        for number in range(130):
            server.say(f"texto {number}")
        server.log = []
        reader = Reader(server)
        while await reader.listen():
            pass
        return reader.told

    assert asyncio.run(asyncio.wait_for(told(), 20)) == [f"texto {number}" for number in range(130)]


def test_what_is_kept_of_the_stream_is_enough_for_another_worker() -> None:
    steps = [("say", 3), ("listen", 0), ("listen", 0), ("say", 60), ("forget", 0), ("take over", 0), ("say", 2)]
    asyncio.run(played(steps))


def test_what_is_no_entry_is_counted_and_hides_nothing() -> None:
    class Odd(Server):
        async def entries(self, access: Any, conversation: str, **more: Any) -> Any:
            return read_entries(json.dumps({"conversationEntries": ["x", None, *self.entries_]}).encode())

    async def told() -> tuple[list[str], list[tuple[Any, ...]]]:
        server, counted = Odd(), list[tuple[Any, ...]]()
        server.say("uno")
        reader = Reader(server)
        reader.chat.host = SimpleNamespace(count=lambda *what: counted.append(what))  # type: ignore[assignment]
        await reader.listen()
        return reader.told, counted

    assert asyncio.run(told()) == (["uno"], [("tolerated:entries that are none", 2)])
