"""The wire of the hot roads reads what aiohttp reads, however it comes, and keeps its connections as it should."""

import asyncio
import contextlib
import socket
import ssl
from contextlib import asynccontextmanager

import pytest
import uvloop
from yarl import URL

from interconnections.errors import LostOwnership
from interconnections.http11 import connection as connections
from interconnections.http11.answer import Answer
from interconnections.http11.connection import Connection
from interconnections.http11.request import Origin, head_of, target_of
from interconnections.http11.wire import FastWire
from interconnections.wire import HttpWire, Unreachable
from simulator.certificates import made
from tests.unit.awkward_answers import BODY, CUT, SOUND, UNSOUND, Saying, mutilated, sized

ALL = SOUND | UNSOUND


# What is read


async def outcome(wire, url):
    try:
        reply = await wire.send("GET", url, headers={}, timeout=30)
    except Unreachable as trouble:
        return trouble.silent, trouble.unmet
    return reply.status, reply.content, reply.retry_after


@asynccontextmanager
async def served(handler):
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@asynccontextmanager
async def both():
    usual, fast = HttpWire(), FastWire()
    yield usual, fast
    await usual.close()
    await fast.close()


async def test_every_awkward_answer_is_read_alike():
    async with served(Saying(list(ALL.values()))) as url, both() as (usual, fast):
        for number, name in enumerate(ALL):
            asked = f"{url}/?n={number}"
            read = await outcome(fast, asked)
            assert read == await outcome(usual, asked), name
            assert (len(read) == 3) == (name in SOUND), name


@pytest.mark.parametrize("name", CUT)
async def test_an_answer_that_is_cut_anywhere_is_read_alike(name):
    async with served(Saying([ALL[name]])) as url, both() as (usual, fast):
        for cut in range(len(ALL[name])):
            asked = f"{url}/?n=0&cut={cut}"
            assert await outcome(fast, asked) == await outcome(usual, asked), cut


async def test_mutilated_answers_are_read_alike():
    said = mutilated(400, seed=1)
    async with served(Saying(said)) as url, both() as (usual, fast):
        for number, answer in enumerate(said):
            asked = f"{url}/?n={number}"
            assert await outcome(fast, asked) == await outcome(usual, asked), answer


class CountingConnections:
    """Says the same to whatever is asked; `met`: how often somebody connected."""

    def __init__(self, answer):
        self.answer, self.met = answer, 0

    async def __call__(self, reader, writer):
        self.met += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(self.answer)
        writer.close()


@pytest.mark.parametrize("head", [b"204 No Content", b"304 Not Modified", b"200 OK\r\nContent-Length: 0"])
@pytest.mark.parametrize("made", [FastWire, HttpWire])
async def test_an_answer_that_has_no_body_leaves_the_connection_to_the_next(made, head):
    """Salesforce says no length of an empty poll: a connection for each would cost ten times a poll."""
    counted, wire = CountingConnections(b"HTTP/1.1 %b\r\n\r\n" % head), made()
    async with served(counted) as url:
        for _ in range(3):
            assert (await wire.send("GET", url, headers={})).content == b""
        await wire.close()
    assert counted.met == 1


WITH_A_BODY = {
    "a length": b"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nnull",
    "chunks": b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnull\r\n0\r\n\r\n",
    "nothing said": b"HTTP/1.1 204 No Content\r\n\r\nnull",
}


@pytest.mark.parametrize("name", WITH_A_BODY)
async def test_a_body_where_there_can_be_none_makes_an_answer_none_the_less_one(name):
    """Taken for no answer, what was taken over there would be sent again.  aiohttp has no patience with it."""
    counted, wire = CountingConnections(WITH_A_BODY[name]), FastWire()
    async with served(counted) as url:
        for _ in range(2):
            assert (await wire.send("POST", url, headers={}, body=b"")).status == 204
        await wire.close()
    assert counted.met == 2
    for place in range(len(WITH_A_BODY[name])):
        assert heard(WITH_A_BODY[name][:place], WITH_A_BODY[name][place:]) == (204, b"", None)


async def test_a_connection_on_which_such_a_body_may_still_come_is_not_used_again():
    counted, wire = CountingConnections(b"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n"), FastWire()
    async with served(counted) as url:
        for _ in range(2):
            assert (await wire.send("POST", url, headers={}, body=b"")).status == 204
        await wire.close()
    assert counted.met == 2


class Nowhere(asyncio.Transport):
    """A transport whose other side is the test."""

    def __init__(self):
        super().__init__()
        self.written = b""

    def is_closing(self):
        return False

    def write(self, data):
        self.written += data

    def abort(self):
        pass


def heard(*pieces):
    """What a connection makes of an answer that comes in these pieces, and then the end."""
    made = Connection(Origin("http", "there", 80), lambda _: None)
    made.connection_made(Nowhere())
    answer = Answer(bounded=True)
    made.ask(b"", answer, lambda: None, quiet=30, until=float("inf"))
    for piece in pieces:
        made.data_received(piece)
    made.connection_lost(None)
    return (answer.status, b"".join(answer.pieces), answer.retry_after) if not answer.wrong else None


@pytest.mark.parametrize("name", [name for name in ALL if not name.endswith("behind")])
async def test_an_answer_that_is_split_anywhere_is_the_same(name):
    said = ALL[name]
    whole = heard(said)
    assert (whole is not None) == (name in SOUND)
    assert heard(*(said[i : i + 1] for i in range(len(said)))) == whole
    for place in range(len(said)):
        assert heard(said[:place], said[place:]) == whole, place


# What is written


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/a/b?c=d&e=f",
        "https://org.my.salesforce-scrt.com/iamessage/api/v2/conversation/1-2-3/message",
        "https://d.la1-c1.salesforceliveagent.com/chat/rest/System/Messages?ack=1&pc=2",
        "https://graph.facebook.com/v25.0/1234:5@6/messages",
        "http://Host.Example:80/%7Ea/%2f?x=%2B&y= z",
        "https://host.example:443/a/./b/../c",
        "http://host.example",
        "http://host.example?",
        "http://host.example/?a=b#c",
        "http://[::1]:81/x",
        "http://bücher.example/ñ?ü=é",
        "http://1.2.3.999/",
        "http://host.example./a,b;c",
    ],
)
def test_an_address_is_read_as_aiohttp_reads_it(url):
    target, expected = target_of(url), URL(url)
    assert target.path == expected.raw_path_qs
    assert target.host == expected.host_port_subcomponent
    assert target.origin == (expected.scheme, expected.raw_host, expected.port)


@pytest.mark.parametrize(
    "url", ["", "here", "/a", "ftp://a/b", "ws://a/", "http:///a", "http://[", "http://a:99999/", "http://a:0/"]
)
def test_what_is_no_address_is_not_asked_and_not_shown(url):
    with pytest.raises(ValueError, match="^not an address$"):
        target_of(url)


@pytest.mark.parametrize(
    "asked",
    [
        ("GET", {}, None),
        ("GET", {"accept": "text/event-stream", "USER-AGENT": "other"}, None),
        ("DELETE", {"X-LIVEAGENT-AFFINITY": "ñ"}, None),
        ("POST", {"Content-Type": "application/json"}, b"{}"),
        ("POST", {"Content-Type": "application/json"}, None),
        ("POST", {}, b"{}"),
        ("PUT", {}, b""),
        ("PATCH", {"content-type": "a/b"}, b"x" * 100_000),
    ],
    ids=lambda asked: f"{asked[0]} {len(asked[1])}",
)
@pytest.mark.parametrize("place", ["", "name:word@"])
async def test_a_request_reads_as_that_of_aiohttp(asked, place):
    method, headers, body = asked
    came = []

    async def keep(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        told = {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in lines}
        came.append((first, told, await reader.readexactly(int(told.get("content-length", "0")))))
        writer.write(sized(b"", b"Connection: close"))
        writer.close()

    async with served(keep) as url, both() as (usual, fast):
        for wire in (usual, fast):
            asked = url.replace("//", f"//{place}") + "/a?b=c"
            await wire.send(method, asked, headers=headers, body=body)
    packings = [told.pop("accept-encoding") for _, told, _ in came]
    assert packings[1] == "identity"
    assert came[0] == came[1]


@pytest.mark.parametrize(
    "headers", [{"A": "b\nc"}, {"A": "b\rc"}, {"A\r\nB": "c"}, {"A": "b\0"}, {"A": "x\r\n\r\nGET"}]
)
def test_no_header_can_begin_another(headers):
    with pytest.raises(ValueError, match="cannot be written"):
        head_of("GET", target_of("http://a/"), headers, None)


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_what_is_written_has_left_the_process_when_the_call_returns(loop):
    """Whoever is frozen right after it was asked whether it may write has nothing left in its hands."""
    ours, theirs = socket.socketpair()

    async def ask():
        line = Connection(Origin("http", "there", 80), lambda _: None)
        await asyncio.get_running_loop().create_connection(lambda: line, sock=ours)
        line.ask(b"GET / HTTP/1.1\r\n\r\n", Answer(bounded=True), lambda: None, quiet=30, until=float("inf"))
        theirs.setblocking(False)
        assert theirs.recv(100) == b"GET / HTTP/1.1\r\n\r\n"
        line.close()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(ask())
    theirs.close()


# The connections


class Shop:
    """Answers every request alike; keeps which connection brought which."""

    def __init__(self, *lines, answers=10_000):
        self.lines, self.answers = lines, answers
        self.came, self.writers = [], []
        self.closed = asyncio.Event()

    async def __call__(self, reader, writer):
        number = len(self.writers)
        self.writers.append(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.came.append((number, head.split(b" ")[0].decode()))
                if sum(1 for n, _ in self.came if n == number) > self.answers:
                    break
                writer.write(sized(BODY, *self.lines))
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()
            self.closed.set()


@pytest.fixture
async def wire():
    wire = FastWire()
    yield wire
    await wire.close()


async def test_one_connection_serves_one_exchange_after_the_other(wire):
    shop = Shop()
    async with served(shop) as url:
        for method in ("GET", "POST", "DELETE"):
            await wire.send(method, url, headers={})
        await asyncio.gather(*(wire.send("GET", url, headers={}) for _ in range(3)))
        assert shop.came[:3] == [(0, "GET"), (0, "POST"), (0, "DELETE")]
        assert len(shop.writers) == 3
        await wire.close()


async def test_what_is_to_be_closed_is_not_used_again(wire):
    shop = Shop(b"Connection: close")
    async with served(shop) as url:
        for _ in range(2):
            await wire.send("GET", url, headers={})
        assert [number for number, _ in shop.came] == [0, 1]


async def test_a_question_on_a_connection_that_was_closed_meanwhile_is_asked_anew(wire):
    shop = Shop(answers=1)
    async with served(shop) as url:
        for _ in range(3):
            assert (await wire.send("GET", url, headers={})).content == BODY


async def test_what_may_have_been_taken_is_not_sent_again(wire):
    shop = Shop(answers=1)
    async with served(shop) as url:
        await wire.send("POST", url, headers={})
        with pytest.raises(Unreachable) as caught:
            await wire.send("POST", url, headers={})
        assert not caught.value.unmet
        assert shop.came == [(0, "POST"), (0, "POST")]


async def test_a_server_says_how_long_it_keeps_a_connection(wire):
    shop = Shop(b"Keep-Alive: timeout=1, max=100")
    async with served(shop) as url:
        await wire.send("GET", url, headers={})
        async with asyncio.timeout(30):
            await shop.closed.wait()  # we close it at once: a second before it would be
        await wire.send("GET", url, headers={})
        assert [number for number, _ in shop.came] == [0, 1]


async def test_an_idle_connection_is_closed(wire, monkeypatch):
    monkeypatch.setattr(connections, "IDLE", 0.05)
    shop = Shop()
    async with served(shop) as url:
        await wire.send("GET", url, headers={})
        async with asyncio.timeout(30):
            await shop.closed.wait()


async def test_who_says_something_unasked_is_not_asked_again(wire):
    shop = Shop()
    async with served(shop) as url:
        await wire.send("GET", url, headers={})
        shop.writers[0].write(sized(b"", status=b"HTTP/1.1 408 Request Timeout"))
        async with asyncio.timeout(30):
            await shop.closed.wait()
        assert (await wire.send("POST", url, headers={})).status == 200


async def test_whoever_gives_up_hangs_up(wire):
    asked, left = asyncio.Event(), asyncio.Event()

    async def silent(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        assert await reader.read() == b""
        left.set()
        writer.close()

    async with served(silent) as url, asyncio.timeout(30):
        sending = asyncio.create_task(wire.send("GET", url, headers={}))
        await asked.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        await left.wait()


async def test_a_body_in_pieces_is_brought_whole(wire):
    async def take(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        await reader.readexactly(size)
        writer.write(sized(b"%d" % size))

    async with served(take) as url:
        reply = await wire.send("POST", url, headers={}, body=Pieces(200, 65_536))
        assert reply.content == b"13107200"
        await wire.close()


class Pieces:
    def __init__(self, count, length, broken=None):
        self.size, self.count, self.length, self.broken = count * length, count, length, broken

    async def __aiter__(self):
        for number in range(self.count):
            if number == 1 and self.broken:
                raise self.broken
            yield b"x" * self.length


async def test_a_body_that_was_refused_is_brought_no_further(wire):
    async def refuse(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sized(b"too much", status=b"HTTP/1.1 413 Too Large"))
        assert await reader.read(1000)  # and no more, until they hang up

    async with served(refuse) as url:
        assert (await wire.send("POST", url, headers={}, body=Pieces(2000, 65_536))).status == 413
        await wire.close()


async def test_a_body_that_cannot_be_read_is_no_answer(wire):
    async with served(Shop()) as url:
        for broken in (OSError("disk"), RuntimeError("closed")):
            with pytest.raises(Unreachable):
                await wire.send("POST", url, headers={}, body=Pieces(3, 10, broken))
        await wire.close()


async def test_whoever_wakes_too_late_within_a_body_brings_no_more():
    answers = [False, False, True]
    wire = FastWire(lambda: answers.pop(0))
    async with served(Shop()) as url:
        with pytest.raises(LostOwnership):
            await wire.send("POST", url, headers={}, body=Pieces(3, 10))
        assert not answers
        await wire.close()


async def test_a_reader_who_is_slow_holds_up_the_sender(wire):
    held = asyncio.Event()

    async def pour(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        writer.transport.set_write_buffer_limits(high=0)
        drained = asyncio.create_task(writer.drain())
        writer.write(b"x" * 20_000_000)
        done, _ = await asyncio.wait([asyncio.create_task(writer.drain())], timeout=0.2)
        if not done:
            held.set()
        await drained
        writer.close()

    async with served(pour) as url, asyncio.timeout(60):
        reply = await wire.open("GET", url, headers={})
        await held.wait()
        size = 0
        while piece := await reply.read(30):
            size += len(piece)
        assert size == 20_000_000
        reply.close()


# TLS


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return made(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def trusting(certificates):
    wire = FastWire(tls=ssl.create_default_context(cafile=certificates.authority))
    yield wire
    await wire.close()


@asynccontextmanager
async def served_over_tls(certificates, host="127.0.0.1"):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.certificate, certificates.key)
    server = await asyncio.start_server(Shop(), host, 0, ssl=context)
    yield f"https://{host}:{server.sockets[0].getsockname()[1]}/"
    server.close()


async def test_whom_the_authority_vouches_for_is_spoken_with(certificates, trusting):
    async with served_over_tls(certificates) as url:
        for _ in range(2):
            assert (await trusting.send("GET", url, headers={})).content == BODY
        await trusting.close()


async def test_a_certificate_of_somebody_else_is_not_taken(certificates, trusting):
    async with served_over_tls(certificates, "127.0.0.2") as url:
        with pytest.raises(Unreachable, match="certificate") as caught:
            await trusting.send("POST", url, headers={}, body=b"secret")
        assert caught.value.unmet


async def test_a_certificate_of_an_unknown_authority_is_not_taken(certificates, wire):
    async with served_over_tls(certificates) as url:
        with pytest.raises(Unreachable, match="certificate") as caught:
            await wire.send("POST", url, headers={}, body=b"secret")
        assert caught.value.unmet
